import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { forgetIdempotencyKeys } from './forget.ts'
import { parseIdempotencyKey } from './idempotency.ts'
import { newId } from './ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }
const KEY = 'key-1'

/** One that commits together with others, and one that has a transaction to itself. */
const OPERATIONS = {
  'emails.send': (change: object = {}, context: object = {}) =>
    project.call(['emails', 'send'], { ...MAIL, ...change }, { idempotencyKey: KEY, ...context }),
  'emails.sendBatch': (change: object = {}, context: object = {}) =>
    project.call(['emails', 'sendBatch'], { emails: [{ ...MAIL, ...change }] }, { idempotencyKey: KEY, ...context }),
  'events.track': (change: object = {}, context: object = {}) =>
    project.call(['events', 'track'], { event: 'e', email: MAIL.to, ...change }, { idempotencyKey: KEY, ...context }),
  'contacts.upsert': (change: object = {}, context: object = {}) =>
    project.call(['contacts', 'upsert'], { email: MAIL.to, ...change }, { idempotencyKey: KEY, ...context }),
}
const operations = Object.entries(OPERATIONS)

async function effects(): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`select
    (select count(*)::int from emails where project_id = ${project.id}) as emails,
    (select count(*)::int from events where project_id = ${project.id}) as events,
    (select count(*)::int from contacts where project_id = ${project.id}) as contacts,
    (select count(*)::int from idempotency_keys where project_id = ${project.id}) as keys`.execute(instance.db)
  return rows[0]!
}

async function age(hours: number): Promise<void> {
  await sql`update idempotency_keys set created_at = created_at - make_interval(hours => ${hours})`.execute(instance.db)
}

describe.each(operations)('%s with an Idempotency-Key', (_, call) => {
  test('answers a repeated request as the first one, to the letter, and does nothing', async () => {
    const onReplay = vi.fn<() => void>()
    const first = await call({}, { onReplay })
    const before = await effects()
    expect(onReplay).not.toHaveBeenCalled()
    expect(JSON.stringify(await call({}, { onReplay }))).toBe(JSON.stringify(first))
    expect(onReplay).toHaveBeenCalledOnce()
    expect(await effects()).toEqual(before)
  })

  test('has its effect once, however many ask at the same time', async () => {
    const replays = vi.fn<() => void>()
    const answers = await Promise.all(Array.from({ length: 30 }, () => call({}, { onReplay: replays })))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(replays).toHaveBeenCalledTimes(29)
    expect(Object.values(await effects()).every((count) => count <= 1)).toBe(true)
  })

  test('refuses the key for another request', async () => {
    await call()
    await expect(call({ data: { other: true } })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 })
    expect(await effects()).toMatchObject({ keys: 1, contacts: 1 })
  })

  test('takes the same request in another order, or spelling, for the same', async () => {
    const first = await call({ data: { a: 1, b: { c: 1, d: 2 } } })
    expect(await call({ data: { b: { d: 2, c: 1 }, a: 1 } })).toEqual(first)
  })

  test('frees the key when the request is refused', async () => {
    await expect(call({ data: { '': 1 } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    expect(await effects()).toMatchObject({ keys: 0, contacts: 0 })
    await call()
    expect(await effects()).toMatchObject({ keys: 1, contacts: 1 })
  })

  test('remembers the key for a day, and not longer', async () => {
    const first = await call()
    await age(LIMITS.idempotencyHours - 1)
    expect(await call()).toEqual(first)
    await age(2)
    const again = await call()
    expect(again).not.toEqual(first)
    expect(await call()).toEqual(again)
  })
})

test('a key belongs to one operation', async () => {
  await OPERATIONS['emails.send']()
  for (const [, call] of operations.slice(1)) {
    await expect(call()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  }
})

test('a key belongs to one project', async () => {
  const first = await OPERATIONS['emails.send']()
  project = await instance.project('Other')
  expect(await OPERATIONS['emails.send']()).not.toEqual(first)
})

test('a key is not asked for what changes nothing, and refused for what answers with a secret', async () => {
  const context = { idempotencyKey: KEY }
  await project.call(['emails', 'list'], {}, context)
  await expect(project.call(['keys', 'create'], { name: 'A' }, context)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await effects()).toMatchObject({ keys: 0 })
})

test('when the database refuses the work, the key is free again', async () => {
  await sql`alter table emails add constraint refused check (project_id <> ${sql.lit(project.id)})`.execute(instance.db)
  const others = await instance.project('Other')
  const outcomes = await Promise.allSettled([
    OPERATIONS['emails.send'](),
    others.call(['emails', 'send'], MAIL, { idempotencyKey: 'x' }),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(await effects()).toMatchObject({ keys: 0, emails: 0 })
  await sql`alter table emails drop constraint refused`.execute(instance.db)
  await OPERATIONS['emails.send']()
  expect(await effects()).toMatchObject({ keys: 1, emails: 1 })
})

test('in a burst, those that were asked before are answered from memory and the rest is done', async () => {
  const send = (key: string) => project.call(['emails', 'send'], MAIL, { idempotencyKey: key })
  const known = await Promise.all(['a', 'b'].map(send))
  const other = project.call(['emails', 'send'], { ...MAIL, subject: 'Other' }, { idempotencyKey: 'a' })
  const burst = await Promise.allSettled([other, ...['a', 'c', 'b', 'd'].map(send)])
  expect(burst[0]).toMatchObject({ status: 'rejected', reason: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  expect(burst[1]).toEqual({ status: 'fulfilled', value: known[0] })
  expect(burst[3]).toEqual({ status: 'fulfilled', value: known[1] })
  expect(await effects()).toMatchObject({ emails: 4, keys: 4 })
})

test('what was right the first time is answered again, even when its time has passed since', async () => {
  const scheduledAt = new Date(Date.now() + 1_000).toISOString()
  for (const call of [OPERATIONS['emails.send'], OPERATIONS['emails.sendBatch']]) {
    project = await instance.project()
    const first = await call({ scheduledAt })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
    onTestFinished(() => void vi.useRealTimers())
    const onReplay = vi.fn<() => void>()
    expect(await call({ scheduledAt }, { onReplay })).toEqual(first)
    expect(onReplay).toHaveBeenCalledOnce()
    await expect(call({ scheduledAt, data: { other: 1 } })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    await age(LIMITS.idempotencyHours + 1)
    await expect(call({ scheduledAt })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    vi.useRealTimers()
  }
})

describe('the keys that come with a public key', () => {
  const ofPublic = () => ({ actor: { ...keyActor(project.id, ['events:track']), keyKind: 'public' } as const })
  const track = OPERATIONS['events.track']

  test.each([KEY, `public ${KEY}`, `"public ${KEY}"`])(
    'never meet those of the server side, such as %s',
    async (taken) => {
      const onReplay = vi.fn<() => void>()
      const byAnybody = await track({}, { ...ofPublic(), onReplay })
      const byServer = await track({}, { idempotencyKey: taken, onReplay })
      const other = await track({ data: { other: true } }, { ...ofPublic(), idempotencyKey: `${KEY}-2`, onReplay })
      await track({}, { idempotencyKey: `${KEY}-2`, onReplay })
      expect(new Set([byAnybody.event, byServer.event, other.event]).size).toBe(3)
      expect(onReplay).not.toHaveBeenCalled()
      expect(await effects()).toMatchObject({ events: 4, keys: 4 })
    },
  )

  test('replay what came with a public key before', async () => {
    const first = await track({}, ofPublic())
    expect(await track({}, ofPublic())).toEqual(first)
    expect(await effects()).toMatchObject({ events: 1, keys: 1 })
  })
})

describe('the header', () => {
  test.each([
    ['abc', 'abc'],
    ['"abc"', 'abc'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['"', '"'],
    ['a b', 'a b'],
    ['x'.repeat(LIMITS.idempotencyKeyLength), 'x'.repeat(LIMITS.idempotencyKeyLength)],
  ])('%j reads as %j', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key)
  })

  test.each(['', '""', 'a\nb', 'a\0', 'é', '🦉', '"é"', 'x'.repeat(LIMITS.idempotencyKeyLength + 1)])(
    '%j is refused, and nothing is done',
    async (header) => {
      for (const [, call] of operations) {
        await expect(call({}, { idempotencyKey: header })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      }
      expect(await effects()).toEqual({ emails: 0, events: 0, contacts: 0, keys: 0 })
    },
  )

  test('with and without quotes is the same key', async () => {
    const first = await OPERATIONS['emails.send']()
    expect(await OPERATIONS['emails.send']({}, { idempotencyKey: `"${KEY}"` })).toEqual(first)
  })
})

/** Of these none can be stored as it is, the last since half of its last sign is cut away. */
const UNSTORABLE = ['a\0b', 'a\ud800b', '\udc00\ud800', `${'x'.repeat(63)}🦉`]

const BATCHES = {
  'contacts.upsertMany': (contacts: object[], context?: object) =>
    project.call(['contacts', 'upsertMany'], { contacts: contacts as never }, context),
  'events.trackBatch': (events: object[], context?: object) =>
    project.call(['events', 'trackBatch'], { events: events.map((event) => ({ event: 'e', ...event })) }, context),
}

test.each(Object.entries(BATCHES))('%s refuses an item alone, with a key as without one', async (_, call) => {
  const items = UNSTORABLE.flatMap((name) => [
    { data: { [name]: 1 } },
    { data: { a: { [name]: '\0' } } },
    { [name]: 1 },
  ])
  const batch = [{}, ...items, {}].map((item, at) => ({ email: `p${at}@example.com`, ...item }))
  // A name that is merely long is one that `data` may have.
  const refused = items.length - 1
  const plain = await call(batch)
  expect(plain).toMatchObject({ refused })
  const refusals = ({ results }: { results: readonly { status: string }[] }) =>
    results.map((result) => (result.status === 'refused' ? result : 'stored'))
  const keyed = await call(batch, { idempotencyKey: KEY })
  expect(refusals(keyed)).toEqual(refusals(plain))
  expect(await call(batch, { idempotencyKey: KEY })).toEqual(keyed)
})

test('keys that nobody has to remember are forgotten, in any number, and the others are kept', async () => {
  await sql`delete from idempotency_keys`.execute(instance.db)
  const insert = (count: number, hours: number) =>
    sql`
    insert into idempotency_keys (project_id, key, operation, request_hash, created_at)
    select ${newId()}::uuid, n::text, 'x', '', now() - make_interval(hours => ${hours}) from generate_series(1, ${count}) n
  `.execute(instance.db)
  await insert(12_000, LIMITS.idempotencyHours + 1)
  await insert(3, LIMITS.idempotencyHours - 1)
  expect(await forgetIdempotencyKeys(instance.db)).toBe(12_000)
  expect(await forgetIdempotencyKeys(instance.db)).toBe(0)
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from idempotency_keys`.execute(
    instance.db,
  )
  expect(rows[0]?.count).toBe(3)
})
