import { connect } from '@posthorn/db'
import { networkProxy } from '@posthorn/testkit/network-proxy'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { startApiProcess } from '../test/api-process.ts'
import { call } from '../test/call.ts'
import { openRaw, parseAnswers } from '../test/raw-http.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

const MAIL = { to: 'ada@example.com', subject: 'Hello', body: '<p>Hi</p>' }

async function testApi(): Promise<TestApi> {
  const api = await startTestApi()
  onTestFinished(() => api.stop())
  return api
}

const send = (url: string, key: string, headers: Record<string, string> = { 'Idempotency-Key': 'one' }) =>
  call(`POST ${url}/v1/send`, { key, body: MAIL, headers })

/** The ids of all emails, as somebody sees them who has a connection of their own. */
async function emailIds({ databaseUrl }: TestApi): Promise<string[]> {
  const { db, close } = connect(databaseUrl, { poolSize: 1 })
  const { rows } = await sql<{ id: string }>`select id from emails`.execute(db)
  await close()
  return rows.map(({ id }) => id)
}

test('two processes that get the same request at once accept one mail', async () => {
  const api = await testApi()
  const { secretKey } = await api.newProject()
  const second = await startApiProcess(api.databaseUrl)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => send(index % 2 === 0 ? api.url : second.url, secretKey)),
  )
  const accepted = answers.filter(({ status }) => status === 200)
  expect(new Set(accepted.map(({ text }) => text)).size).toBe(1)
  expect(accepted.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
  for (const { status, body } of answers.filter((answer) => !accepted.includes(answer))) {
    expect({ status, code: body.error.code }).toEqual({ status: 409, code: 'IDEMPOTENCY_IN_PROGRESS' })
  }
  expect(await emailIds(api)).toEqual([accepted[0]?.body.emails[0].email])
  await second.end('SIGTERM')
})

test('a process killed between commit and answer has accepted the mail: another one repeats the answer', async () => {
  const api = await testApi()
  const { secretKey } = await api.newProject()
  const proxy = await networkProxy(api.databaseUrl)
  onTestFinished(() => proxy.close())
  const first = await startApiProcess(proxy.url)

  const committing = proxy.withholdAnswersTo('commit')
  const unanswered = send(first.url, secretKey).then(
    () => 'answered',
    () => 'broken off',
  )
  await committing
  await expect.poll(() => emailIds(api)).toHaveLength(1)
  await first.end('SIGKILL')
  expect(await unanswered).toBe('broken off')

  const second = await startApiProcess(api.databaseUrl)
  const repeated = await send(second.url, secretKey)
  expect(repeated.status).toBe(200)
  expect(repeated.headers.get('idempotency-replayed')).toBe('true')
  expect([repeated.body.emails[0].email]).toEqual(await emailIds(api))
  await second.end('SIGTERM')
})

test('a process killed before its commit has accepted nothing: another one does', async () => {
  const api = await testApi()
  const { secretKey } = await api.newProject()
  const proxy = await networkProxy(api.databaseUrl)
  onTestFinished(() => proxy.close())
  const first = await startApiProcess(proxy.url)

  const storing = proxy.withholdAnswersTo('insert into emails')
  const unanswered = send(first.url, secretKey).catch(() => 'broken off')
  await storing
  await first.end('SIGKILL')
  expect(await unanswered).toBe('broken off')
  expect(await emailIds(api)).toEqual([])

  const repeated = await send(api.url, secretKey)
  expect(repeated.status).toBe(200)
  expect(repeated.headers.get('idempotency-replayed')).toBeNull()
  expect(await emailIds(api)).toEqual([repeated.body.emails[0].email])
})

test('a process that is asked to stop finishes what is under way, and takes nothing new', async () => {
  const api = await testApi()
  const { secretKey } = await api.newProject()
  const other = await startApiProcess(api.databaseUrl)
  const slow = await openRaw(Number(new URL(other.url).port))
  const body = JSON.stringify(MAIL)
  const lines = [
    'Host: localhost',
    `Authorization: Bearer ${secretKey}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ]
  // `100 Continue` shows that the request has arrived.
  slow.write(`POST /v1/send HTTP/1.1\r\n${lines.join('\r\n')}\r\nExpect: 100-continue\r\n\r\n`)
  await new Promise<void>((resolve) => void slow.socket.once('data', () => resolve()))

  const ended = other.end('SIGTERM')
  await expect
    .poll(() =>
      call(`GET ${other.url}/health`).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed')
  slow.write(body)
  const [interim, answer] = parseAnswers(await slow.readToEnd())
  expect(interim?.status).toBe(100)
  expect(answer?.status).toBe(200)
  expect(answer?.headers.get('connection')).toBe('close')
  expect(await ended).toBe(0)
  expect(await emailIds(api)).toHaveLength(1)
})

test('a process under another master key starts, and says once that it does not open the keys', async () => {
  const api = await testApi()
  await api.newProject()
  const POSTHORN_SECRET = 'another secret of at least thirty-two characters'
  const other = await startApiProcess(api.databaseUrl, undefined, { POSTHORN_SECRET })
  const warnings = other.lines.map((line) => JSON.parse(line)).filter(({ level }) => level > 30)
  expect(warnings).toMatchObject([
    { msg: expect.stringMatching(/^The master key does not open 1 of 1 .*POSTHORN_SECRET/) },
  ])
  const right = await startApiProcess(api.databaseUrl)
  expect(right.lines.map((line) => JSON.parse(line)).filter(({ level }) => level > 30)).toEqual([])
  await Promise.all([other.end('SIGTERM'), right.end('SIGTERM')])
})

test('a process that the database does not let in ends with one sentence that names the setting', async () => {
  const api = await testApi()
  const wrong = new URL(api.databaseUrl)
  wrong.password = 'hunter2'
  const { message } = await startApiProcess(wrong.href).then(
    () => ({ message: 'It listens.' }),
    (error: unknown) => error as Error,
  )
  expect(message).toMatch(
    /^The API ended before it listened: The database in DATABASE_URL refuses \(.*\): check user.*\.\n$/,
  )
  expect(message).not.toContain('hunter2')
})
