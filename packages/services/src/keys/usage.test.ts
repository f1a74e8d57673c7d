import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { SECRET, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createRuntime } from '../runtime.ts'
import { authenticate } from './authenticate.ts'
import { trackUsage } from './usage.ts'

let instance: TestInstance
let project: TestProject
let ids: string[]

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
  ids = (await project.call(['keys', 'list'], {})).data.map(({ id }) => id)
})

afterEach(async () => {
  vi.useRealTimers()
  await sql`update api_keys set last_used_at = null, last_used_ip = null`.execute(instance.db)
})

afterAll(() => instance.close())

const at = (time: string) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(time) })

async function used(id = ids[0] as string) {
  const { data } = await project.call(['keys', 'list'], {})
  const { lastUsedAt, lastUsedIp } = data.find((key) => key.id === id)!
  return [lastUsedAt, lastUsedIp]
}

const tracker = () => trackUsage(instance.db, (error) => expect.fail(String(error)))

test('a use is written down with its time and address, and many uses as the last of them', async () => {
  const usage = tracker()
  at('2026-01-01T10:00:00Z')
  usage.note(ids[0] as string, '203.0.113.7')
  at('2026-01-01T10:00:05Z')
  usage.note(ids[0] as string, '203.0.113.8')
  usage.note(ids[1] as string, undefined)
  expect(await used()).toEqual([null, null])
  await usage.flush()
  expect(await used()).toEqual(['2026-01-01T10:00:05.000Z', '203.0.113.8'])
  expect(await used(ids[1])).toEqual(['2026-01-01T10:00:05.000Z', null])
  await usage.close()
})

test('it never goes back, however late another process writes', async () => {
  const [early, late] = [tracker(), tracker()]
  at('2026-01-01T10:00:00Z')
  early.note(ids[0] as string, 'early')
  at('2026-01-01T10:00:01Z')
  late.note(ids[0] as string, 'late')
  await late.flush()
  await early.flush()
  expect(await used()).toEqual(['2026-01-01T10:00:01.000Z', 'late'])
  await Promise.all([early.close(), late.close()])
})

test('what could not be written is kept for the next time, unless there is newer', async () => {
  const usage = tracker()
  at('2026-01-01T10:00:00Z')
  for (const id of ids) usage.note(id, 'first')
  await sql`alter table api_keys rename to api_keys_away`.execute(instance.db)
  const flushing = usage.flush()
  at('2026-01-01T10:00:02Z')
  usage.note(ids[0] as string, 'second')
  await expect(flushing).rejects.toThrow(/api_keys/)
  await sql`alter table api_keys_away rename to api_keys`.execute(instance.db)
  await usage.flush()
  expect(await used()).toEqual(['2026-01-01T10:00:02.000Z', 'second'])
  expect(await used(ids[1])).toEqual(['2026-01-01T10:00:00.000Z', 'first'])
  await usage.close()
})

test('with nothing to write nothing is asked of the database', async () => {
  const usage = tracker()
  await sql`alter table api_keys rename to api_keys_away`.execute(instance.db)
  await expect(usage.flush()).resolves.toBeUndefined()
  await sql`alter table api_keys_away rename to api_keys`.execute(instance.db)
  await usage.close()
})

test('two processes that write down many keys in opposite orders do not block each other', async () => {
  const trackers = [tracker(), tracker()]
  for (let round = 0; round < 20; round += 1) {
    for (const id of ids) trackers[0]!.note(id, 'a')
    for (const id of ids.toReversed()) trackers[1]!.note(id, 'b')
    await Promise.all(trackers.map((usage) => usage.flush()))
  }
  await Promise.all(trackers.map((usage) => usage.close()))
  expect((await used())[0]).not.toBeNull()
})

test('a process that closes writes down the last uses', async () => {
  const runtime = createRuntime({ db: instance.db, secret: SECRET, captures: true })
  await authenticate(runtime, { authorization: `Bearer ${project.secretKey}`, ip: '203.0.113.7' })
  await expect(authenticate(runtime, { authorization: 'Bearer sk_ph_x', ip: '203.0.113.9' })).rejects.toThrow(
    'not a valid secret key',
  )
  await runtime.close()
  const { data } = await project.call(['keys', 'list'], {})
  expect(data.filter(({ lastUsedAt }) => lastUsedAt !== null)).toMatchObject([
    { kind: 'secret', lastUsedIp: '203.0.113.7' },
  ])
})
