import { networkProxy, type NetworkProxy } from '@posthorn/testkit/network-proxy'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { call, type Answer } from '../test/call.ts'
import { refusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

const ANSWER_MS = 2_000

let direct: TestApi
let api: TestApi
let proxy: NetworkProxy
let key: string

beforeAll(async () => {
  direct = await startTestApi()
  proxy = await networkProxy(direct.databaseUrl)
  api = await startTestApi({ databaseUrl: proxy.url, patience: { answerMs: ANSWER_MS } })
  key = (await direct.newProject()).secretKey
})

beforeEach(() => proxy.restore())

afterAll(async () => {
  await proxy.restore()
  await api.stop()
  await proxy.close()
  await direct.stop()
})

const get = (path: string) => call(`GET ${api.url}${path}`, { key })
/** The code of an answer that is a refusal like any other, and says what was found. */
function notReady({ body: { status, reason, checks, ...body }, ...answer }: Answer): string {
  expect({ status, reason, checks }).toEqual({ status: 'not ready', reason: body.message, checks: expect.any(Object) })
  expect(answer.headers.get('retry-after')).toBe('5')
  return refusalOf({ ...answer, body })
}

const send = () =>
  call(`POST ${api.url}/v1/send`, { key, body: { to: 'ada@example.com', subject: 'Hello', text: 'Hi' } })

test('it is alive, whatever becomes of the database', async () => {
  await proxy.cut()
  const { status, body } = await call(`GET ${api.url}/health`)
  expect({ status, body }).toEqual({ status: 200, body: { status: 'ok', uptimeSeconds: expect.any(Number) } })
})

test('it is ready once every migration has run', async () => {
  const fresh = await startTestApi()
  const ready = () => call(`GET ${fresh.url}/ready`)
  const checks = { database: 'ok', migrations: 'ok' }
  expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready', checks } })
  const { rows } = await sql<{ name: string; timestamp: string }>`
    delete from kysely_migration where name = (select max(name) from kysely_migration) returning name, timestamp
  `.execute(fresh.db)
  const answer = await ready()
  expect(notReady(answer)).toBe('MIGRATIONS_PENDING')
  expect(answer.body).toMatchObject({
    reason: expect.stringMatching(/posthorn migrate/),
    checks: { ...checks, migrations: 'pending' },
  })
  await sql`insert into kysely_migration ${sql.raw('(name, timestamp)')} values (${rows[0]?.name}, ${rows[0]?.timestamp})`.execute(
    fresh.db,
  )
  expect((await ready()).status).toBe(200)
  await fresh.stop()
})

test('while the database is away it refuses at once with 503, and recovers by itself', async () => {
  expect((await send()).status).toBe(200)
  await proxy.cut()
  const begun = performance.now()
  for (const answer of [await send(), await get('/v1/emails'), await get('/v1/project')]) {
    expect(refusalOf(answer)).toBe('SERVICE_UNAVAILABLE')
    expect(answer.headers.get('retry-after')).toBe('5')
  }
  const overTrpc = await get('/trpc/project.get?input={}')
  expect(overTrpc).toMatchObject({ status: 503, body: { error: { data: { apiCode: 'SERVICE_UNAVAILABLE' } } } })
  expect(overTrpc.headers.get('retry-after')).toBe('5')
  const ready = await get('/ready')
  expect(notReady(ready)).toBe('SERVICE_UNAVAILABLE')
  expect(ready.body.checks).toEqual({ database: 'unreachable', migrations: 'unknown' })
  expect(performance.now() - begun).toBeLessThan(3_000)

  await proxy.restore()
  expect((await send()).status).toBe(200)
  expect((await get('/ready')).status).toBe(200)
})

test('requests whose connections break under them are answered, and what was accepted is there', async () => {
  const stored = async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from emails`.execute(direct.db)
    return rows[0]?.count ?? 0
  }
  for (let round = 0; round < 5; round += 1) {
    const before = await stored()
    const answers = Promise.all(Array.from({ length: 50 }, send))
    await proxy.cut()
    const statuses = (await answers).map(({ status }) => status)
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
    // A mail that was not answered for may be there, where its connection broke during the commit.
    expect((await stored()) - before).toBeGreaterThanOrEqual(statuses.filter((status) => status === 200).length)
    await proxy.restore()
    expect((await send()).status).toBe(200)
  }
})

test('a database that swallows what is sent is given up on, and is used again when it answers', async () => {
  expect((await send()).status).toBe(200)
  proxy.stall()
  const begun = performance.now()
  const [overTrpc, ready, ...answers] = await Promise.all([
    get('/trpc/project.get?input={}'),
    get('/ready'),
    send(),
    get('/v1/emails'),
    get('/v1/project'),
  ])
  for (const answer of answers) expect(refusalOf(answer)).toBe('SERVICE_UNAVAILABLE')
  expect(overTrpc).toMatchObject({ status: 503, body: { error: { data: { apiCode: 'SERVICE_UNAVAILABLE' } } } })
  expect(ready.status).toBe(503)
  expect(performance.now() - begun).toBeLessThan(2 * ANSWER_MS)

  await proxy.restore()
  expect((await send()).status).toBe(200)
})

test('connections that a network has lost without a word are given up, and replaced without a restart', async () => {
  await Promise.all(Array.from({ length: 20 }, () => get('/v1/emails')))
  proxy.forget()
  const lost = await Promise.all(Array.from({ length: 20 }, () => get('/v1/emails')))
  expect(lost.map(refusalOf)).toContain('SERVICE_UNAVAILABLE')
  await vi.waitFor(async () => expect((await send()).status).toBe(200), 20_000)
  const recovered = await Promise.all(Array.from({ length: 20 }, () => get('/v1/emails')))
  expect(recovered.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
}, 40_000)
