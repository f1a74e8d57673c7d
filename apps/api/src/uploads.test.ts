import { LIMITS } from '@posthorn/contracts'
import { readSettings, SETTINGS } from '@posthorn/settings'
import { afterEach, describe, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { openRaw, parseAnswers, type RawConnection } from '../test/raw-http.ts'
import { refusalOf, trpcRefusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { uploadBudget, type UploadBudget, type UploadBudgetOptions } from './uploads.ts'

const MIB = 1024 * 1024

describe('a budget', () => {
  const mail = (bytes: number) => ({ bytes, limitBytes: LIMITS.mailRequestBytes })
  const forever = () => new AbortController()

  test('holds the largest body that there can be, even the least that can be set', async () => {
    const { MAX_UPLOAD_MEMORY_MB } = readSettings({ MAX_UPLOAD_MEMORY_MB: '64' }, SETTINGS)
    const budget = uploadBudget({ megabytes: MAX_UPLOAD_MEMORY_MB })
    await budget.reserve(mail(LIMITS.mailRequestBytes), forever().signal)
    await budget.reserve({ bytes: LIMITS.requestBytes, limitBytes: LIMITS.requestBytes }, forever().signal)
    expect(budget.reservedBytes).toBe(LIMITS.mailRequestBytes + LIMITS.requestBytes)
  })

  test('serves who came first, and the next as soon as there is room', async () => {
    const budget = uploadBudget({ megabytes: 8 })
    const [first, second, third] = [forever(), forever(), forever()]
    const order: string[] = []
    await budget.reserve(mail(4 * MIB), first.signal)
    const large = budget.reserve(mail(6 * MIB), second.signal).then(() => order.push('large'))
    const fitting = budget.reserve(mail(MIB), third.signal).then(() => order.push('fitting'))
    first.abort()
    await large
    second.abort()
    await fitting
    expect(order).toEqual(['large', 'fitting'])
    third.abort()
    expect(budget.reservedBytes).toBe(0)
  })

  test('forgets who goes away while waiting, and lets those behind move up', async () => {
    const budget = uploadBudget({ megabytes: 8 })
    const leaving = forever()
    await budget.reserve(mail(4 * MIB), forever().signal)
    const large = budget.reserve(mail(6 * MIB), leaving.signal)
    const fitting = budget.reserve(mail(2 * MIB), forever().signal)
    leaving.abort()
    await expect(large).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await fitting
    expect(budget.reservedBytes).toBe(6 * MIB)
  })

  test('takes back what is not needed, and never more than was given', async () => {
    const budget = uploadBudget({ megabytes: 8 })
    const until = forever()
    const room = await budget.reserve(mail(6 * MIB), until.signal)
    room.shrinkTo(MIB)
    expect(budget.reservedBytes).toBe(MIB)
    room.shrinkTo(5 * MIB)
    expect(budget.reservedBytes).toBe(MIB)
    until.abort()
    room.shrinkTo(0)
    expect(budget.reservedBytes).toBe(0)
  })
})

let api: TestApi | undefined

afterEach(() => api?.stop())

interface Watched {
  /** The most that was ever reserved at once. */
  peakBytes: number
  asked: number
  budget: UploadBudget
}

function watched(options: UploadBudgetOptions): Watched {
  const budget = uploadBudget(options)
  const seen: Watched = {
    peakBytes: 0,
    asked: 0,
    budget: {
      get reservedBytes() {
        return budget.reservedBytes
      },
      async reserve(upload, until) {
        seen.asked += 1
        const room = await budget.reserve(upload, until)
        seen.peakBytes = Math.max(seen.peakBytes, budget.reservedBytes)
        return room
      },
    },
  }
  return seen
}

async function start(options: UploadBudgetOptions) {
  const seen = watched(options)
  api = await startTestApi({ uploads: seen.budget })
  const { secretKey: key, publicKey } = await api.newProject()
  return { api, seen, key, publicKey }
}

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' }
const LARGE = {
  ...MAIL,
  attachments: [{ filename: 'a.bin', content: Buffer.alloc(1.5 * MIB).toString('base64') }],
}
/** How much of a budget of 8 MiB mail has. */
const MAIL_SHARE = 6 * MIB

/** Begins to send a body, and sends nothing of it. */
async function beginUpload(
  { port }: TestApi,
  key: string,
  { path = '/v1/send', length }: { path?: string; length: string },
): Promise<RawConnection> {
  const connection = await openRaw(port)
  const lines = [`POST ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${key}`, length]
  connection.write(`${[...lines, 'Content-Type: application/json', 'Connection: close'].join('\r\n')}\r\n\r\n`)
  return connection
}

test.each(['/v1/send', '/trpc/emails.send'])(
  'many large bodies at once to %s never hold more than the budget, and all are read in the end',
  async (path) => {
    const { api, seen, key } = await start({ megabytes: 8 })
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => call(`POST ${api.url}${path}`, { key, body: LARGE })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200))
    expect(seen.asked).toBe(16)
    expect(seen.peakBytes).toBeGreaterThan(MAIL_SHARE / 2)
    expect(seen.peakBytes).toBeLessThanOrEqual(MAIL_SHARE)
    await expect.poll(() => seen.budget.reservedBytes).toBe(0)
  },
)

test('who waits too long for memory is told to come back, over REST and tRPC', async () => {
  const { api, seen, key } = await start({ megabytes: 8, waitMs: 50 })
  const holding = await beginUpload(api, key, { length: `Content-Length: ${MAIL_SHARE}` })
  await expect.poll(() => seen.budget.reservedBytes).toBe(MAIL_SHARE)
  const overRest = await call(`POST ${api.url}/v1/send`, { key, body: LARGE })
  expect(refusalOf(overRest)).toBe('SERVER_BUSY')
  const overTrpc = await call(`POST ${api.url}/trpc/emails.send`, { key, body: LARGE })
  expect(trpcRefusalOf(overTrpc)).toBe('SERVER_BUSY')
  for (const { headers } of [overRest, overTrpc]) expect(headers.get('retry-after')).toBe('5')
  holding.socket.destroy()
  await expect.poll(() => seen.budget.reservedBytes).toBe(0)
  expect((await call(`POST ${api.url}/v1/send`, { key, body: LARGE })).status).toBe(200)
})

test('small bodies do not wait behind large ones, whichever way they say their length', async () => {
  const { api, seen, key, publicKey } = await start({ megabytes: 8 })
  const holding = await beginUpload(api, key, { length: `Content-Length: ${MAIL_SHARE}` })
  await expect.poll(() => seen.budget.reservedBytes).toBe(MAIL_SHARE)
  expect((await call(`POST ${api.url}/v1/send`, { key, body: MAIL })).status).toBe(200)
  expect((await call(`POST ${api.url}/trpc/emails.send`, { key, body: MAIL })).status).toBe(200)
  const event = JSON.stringify({ event: 'signed-up', email: 'ada@example.com' })
  const tracked = await fetch(`${api.url}/v1/track`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${publicKey}`, 'Content-Type': 'application/json' },
    body: new Blob([event]).stream(),
    duplex: 'half',
  })
  expect(tracked.status).toBe(200)
  holding.socket.destroy()
})

test.each(['/v1/send', '/trpc/emails.send'])('a body to %s stays with its client until there is room', async (path) => {
  const { api, seen, key } = await start({ megabytes: 64 })
  const holding = await beginUpload(api, key, { length: `Content-Length: ${40 * MIB}` })
  await expect.poll(() => seen.asked).toBe(1)
  const { socket } = await beginUpload(api, key, { path, length: `Content-Length: ${40 * MIB}` })
  await expect.poll(() => seen.asked).toBe(2)
  socket.write(Buffer.alloc(40 * MIB, ' '))
  for (let turn = 0; turn < 50; turn += 1) await call(`GET ${api.url}/health`)
  // What the kernel holds for both sides is less than this.
  expect(socket.writableLength).toBeGreaterThan(20 * MIB)
  holding.socket.destroy()
  await expect.poll(() => socket.writableLength).toBe(0)
  socket.destroy()
})

test('a client that goes away, while it sends or while it waits, gives its place back', async () => {
  const { api, seen, key } = await start({ megabytes: 8 })
  const sending = await beginUpload(api, key, { length: `Content-Length: ${MAIL_SHARE}` })
  await expect.poll(() => seen.budget.reservedBytes).toBe(MAIL_SHARE)
  const waiting = await beginUpload(api, key, { length: `Content-Length: ${MAIL_SHARE - 1}` })
  await expect.poll(() => seen.asked).toBe(2)
  const behind = call(`POST ${api.url}/v1/send`, { key, body: LARGE })
  await expect.poll(() => seen.asked).toBe(3)
  waiting.socket.destroy()
  sending.socket.destroy()
  expect((await behind).status).toBe(200)
  await expect.poll(() => seen.budget.reservedBytes).toBe(0)
})

test('a body of unknown length is taken for the longest one until it has arrived', async () => {
  const { api, seen, key } = await start({ megabytes: 64 })
  const connection = await beginUpload(api, key, { length: 'Transfer-Encoding: chunked' })
  await expect.poll(() => seen.budget.reservedBytes).toBe(LIMITS.mailRequestBytes)
  const body = JSON.stringify(MAIL)
  connection.write(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)
  expect(parseAnswers(await connection.readToEnd())).toMatchObject([{ status: 200 }])
  await expect.poll(() => seen.budget.reservedBytes).toBe(0)
})

test('a public key cannot take the room of mail by batching a call that it may not make', async () => {
  const { api, seen, publicKey } = await start({ megabytes: 64 })
  const filler = 'x'.repeat(LIMITS.requestBytes)
  const answer = await call(`POST ${api.url}/trpc/events.track,emails.send?batch=1`, {
    key: publicKey,
    body: { 0: { event: 'a', email: 'ada@example.com', data: { filler } }, 1: MAIL },
  })
  const codes = answer.body.map((one: { error: { data: { apiCode: string } } }) => one.error.data.apiCode)
  expect(codes).toEqual(['PAYLOAD_TOO_LARGE', 'INVALID_API_KEY'])
  expect(seen.asked).toBe(0)
})
