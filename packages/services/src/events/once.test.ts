import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { keyActor, SECRET, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createRuntime } from '../runtime.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
beforeEach(async () => {
  project = await instance.project()
})
afterAll(() => instance.close())

const EVENT = { event: 'paid', email: 'ada@example.com', eventId: 'order 17' }
const track = (more: object = {}, { call } = project, context: object = {}) =>
  call(['events', 'track'], { ...EVENT, ...more }, context)
const list = ({ call } = project) => call(['events', 'list'], {})
const contact = () => project.call(['contacts', 'get'], { id: 'ada@example.com' })

test('an event that is reported again with the same id is answered as the first time, and changes nothing', async () => {
  const first = await track({ data: { plan: 'pro' } })
  await project.call(['contacts', 'update'], { id: first.contact, data: { plan: 'free' } })
  expect(await track({ data: { plan: 'pro' }, subscribed: false })).toEqual(first)
  expect((await list()).data).toMatchObject([{ id: first.event, createdAt: first.timestamp }])
  expect(await contact()).toMatchObject({ subscribed: true, data: { plan: 'free' } })
})

test('reported again for somebody else, it makes no contact', async () => {
  const first = await track()
  expect(await track({ email: 'bob@example.com' })).toEqual(first)
  expect((await project.call(['contacts', 'list'], {})).data).toHaveLength(1)
})

test('another id is another event, and so is the same id in another project', async () => {
  const other = await instance.project()
  const [first, second, foreign] = [await track(), await track({ eventId: 'order 18' }), await track({}, other)]
  expect(new Set([first.event, second.event, foreign.event]).size).toBe(3)
  expect([(await list()).data.length, (await list(other)).data.length]).toEqual([2, 1])
})

test('a public key cannot take an id away from the server side, nor from anybody else', async () => {
  const actor = { ...keyActor(project.id, ['events:track']), keyKind: 'public' } as const
  const guessed = await track({}, project, { actor })
  expect((await track()).event).not.toBe(guessed.event)
  expect((await track({}, project, { actor })).event).toBe(guessed.event)
  const others = await track({ email: 'bob@example.com' }, project, { actor })
  expect([others.event, others.contact]).not.toContain(guessed.event)
  expect(others.contact).not.toBe(guessed.contact)
  expect((await list()).data).toHaveLength(3)
})

test('however many report it at once, in one process or several, it is stored once', async () => {
  const runtimes = [1, 2].map(() => createRuntime({ db: instance.db, secret: SECRET, captures: true }))
  const processes = [project, ...runtimes.map((runtime) => instance.through(runtime, project))]
  for (let round = 0; round < 5; round += 1) {
    const eventId = `round ${round}`
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => processes[n % 3]!.call(['events', 'track'], { ...EVENT, eventId })),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  }
  await Promise.all(runtimes.map((runtime) => runtime.close()))
  expect((await list()).data).toHaveLength(5)
  expect(await project.call(['events', 'usage'], { name: 'paid' })).toMatchObject({ count: 5 })
})

/** Waits until a statement waits for what another transaction holds. */
async function oneWaits() {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
  `.execute(instance.db)
  expect(rows[0]?.count).toBe(1)
}

test.each(['track', 'trackBatch'] as const)(
  '%s that is overtaken by another process answers as that one did',
  async (verb) => {
    await track({ eventId: 'so that the contact is known' })
    let asked: Promise<unknown> = Promise.resolve()
    const first = await instance.db.transaction().execute(async (db) => {
      const receipt = await track({}, project, { db })
      asked =
        verb === 'track'
          ? track()
          : project.call(['events', 'trackBatch'], { events: [EVENT] }).then(({ results }) => results[0])
      await vi.waitFor(oneWaits, 10_000)
      return receipt
    })
    expect(await asked).toMatchObject(first)
    expect((await list()).data).toHaveLength(2)
  },
)

test('two that report the same ids in another order do not lock each other out', async () => {
  await track({ eventId: 'so that the contact is known' })
  let asked: Promise<{ accepted: number }> = Promise.resolve({ accepted: 0 })
  await instance.db.transaction().execute(async (db) => {
    await track({ eventId: 'a' }, project, { db })
    asked = project.call(['events', 'trackBatch'], {
      events: [
        { ...EVENT, eventId: 'b' },
        { ...EVENT, eventId: 'a' },
      ],
    })
    await vi.waitFor(oneWaits, 10_000)
    await track({ eventId: 'b' }, project, { db })
  })
  expect(await asked).toMatchObject({ accepted: 2 })
  expect((await list()).data).toHaveLength(3)
})

test.each(['', 'x'.repeat(257), 'two\nlines', 'ü', 5])('%j is no id of an event', async (eventId) => {
  await expect(track({ eventId })).rejects.toMatchObject({ errors: [{ field: 'eventId' }] })
})

test('an id in another spelling of its field is refused, since it would not count', async () => {
  await expect(track({ event_id: '17' })).rejects.toMatchObject({ errors: [{ field: 'event_id' }] })
})
