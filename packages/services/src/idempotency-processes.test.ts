import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { anotherConnection, SECRET, testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { hashRequest } from './idempotency.ts'
import { createRuntime as createRuntimeHere } from './runtime.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance({ keyWaitMs: 500 })
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

/** The services loaded a second time, as another process has them: no map or lock in memory is common to both. */
async function otherProcess() {
  vi.resetModules()
  const { createRuntime } = await import('./runtime.ts')
  const { invoke } = await import('./invoke.ts')
  expect(createRuntime).not.toBe(createRuntimeHere)
  const db = anotherConnection(instance)
  const runtime = createRuntime({ db, secret: SECRET, captures: true })
  onTestFinished(() => runtime.close())
  return (change: object = {}) =>
    invoke({ ...project.context({ idempotencyKey: KEY }), db, runtime }, ['emails', 'send'], { ...MAIL, ...change })
}

test('the same key at once has its effect once, and both get the same answer', async () => {
  const there = await otherProcess()
  for (let round = 0; round < 10; round += 1) {
    project = await instance.project()
    const answers = await Promise.all([OPERATIONS['emails.send'](), there(), there(), OPERATIONS['emails.send']()])
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await effects()).toMatchObject({ emails: 1, keys: 1 })
  }
})

test('a request waits for one with the same key that is still running, and gets its answer', async () => {
  const { answer } = await whileHeld(
    () => OPERATIONS['emails.send'](),
    async (db) => {
      const hash = hashRequest('emails.send', {
        ...MAIL,
        to: [{ email: MAIL.to }],
      })
      await sql`update idempotency_keys set request_hash = ${hash}, response = '{"from":"the other"}'
          where project_id = ${project.id}`.execute(db)
    },
  )
  expect(await answer).toEqual({ from: 'the other' })
  expect(await effects()).toMatchObject({ emails: 0 })
})

test('a request runs when the one it waited for comes to nothing', async () => {
  const { answer } = await whileHeld(
    () => OPERATIONS['emails.send'](),
    () => Promise.reject(UNDO),
  )
  expect(await answer).toMatchObject({ emails: [{}] })
  expect(await effects()).toMatchObject({ emails: 1, keys: 1 })
})

test.each(operations)('%s that waits too long is told that the first is still running', async (_, call) => {
  let outcome: unknown
  await whileHeld(
    () => call().catch((error: unknown) => error),
    async (_, waiting) => {
      outcome = await waiting
      throw UNDO
    },
  )
  expect(outcome).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS', status: 409 })
  expect(await effects()).toEqual({ emails: 0, events: 0, contacts: 0, keys: 0 })
})

test('those that came along with it do not wait that long', async () => {
  let isBlocked = true
  const { answer } = await whileHeld(
    () => {
      const blocked = OPERATIONS['emails.send']().finally(() => (isBlocked = false))
      return Promise.allSettled([blocked, neighbour().then(() => isBlocked)])
    },
    async (_, waiting) => void (await waiting),
  )
  expect(await answer).toMatchObject([
    { status: 'rejected', reason: { code: 'IDEMPOTENCY_IN_PROGRESS' } },
    { status: 'fulfilled', value: true },
  ])
})
/** Thrown by the other process, so that its transaction comes to nothing. */
const UNDO = new Error('undo')

async function isWaiting(): Promise<boolean> {
  const { rows } = await sql`select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(instance.db)
  return rows.length === 1
}

/** Comes along in the same batch, under no key. */
const neighbour = () => project.call(['emails', 'send'], { ...MAIL, to: 'bob@example.com' })

/** Holds the key in an open transaction until the request waits for it, then lets `before` happen and ends it. */
async function whileHeld<T>(
  request: () => Promise<T>,
  before: (db: TestInstance['db'], waiting: Promise<T>) => Promise<unknown>,
): Promise<{ answer: Promise<T> }> {
  const other = anotherConnection(instance)
  let answer: Promise<T> | undefined
  await other
    .transaction()
    .execute(async (trx) => {
      await sql`insert into idempotency_keys (project_id, key, operation, request_hash)
        values (${project.id}, ${KEY}, 'emails.send', '')`.execute(trx)
      answer = request()
      await vi.waitUntil(isWaiting)
      await before(trx, answer)
    })
    .catch((error: unknown) => {
      if (error !== UNDO) throw error
    })
  return { answer: answer as Promise<T> }
}
