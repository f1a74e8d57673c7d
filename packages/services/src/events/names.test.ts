import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { runProjectJob } from '../project-jobs/run.ts'
import { applyRetention } from '../retention.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
beforeEach(async () => {
  project = await instance.project()
})
afterAll(() => instance.close())

const signal = new AbortController().signal
const track = (event: string, email = 'ada@example.com', { call } = project) =>
  call(['events', 'track'], { event, email })
const counts = async ({ call } = project) =>
  (await call(['events', 'stats'], {})).data.map(({ name, count }) => [name, count])
const names = async (input: object = {}) => (await project.call(['events', 'names'], input)).eventNames
const usage = (name: string) => project.call(['events', 'usage'], { name })

/** What a look at every event says, which the kept numbers must agree with. */
async function looked() {
  const { rows } = await sql<{ name: string; count: number }>`
    select name, count(*)::int as count from events where project_id = ${project.id}
    group by name order by count desc, name
  `.execute(instance.db)
  return rows.map(({ name, count }) => [name, count])
}

async function deleteName(name: string, during: () => Promise<unknown> = async () => {}) {
  const { jobId } = await project.call(['events', 'delete'], { name })
  await during()
  await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal, batchRows: 2 })
  return project.call(['jobs', 'get'], { id: jobId })
}

test('each name has its number of events, the most frequent first, and only those of the project', async () => {
  await track('foreign', 'ada@example.com', await instance.project())
  for (const event of ['c', 'b', 'a', 'b', 'B']) await track(event)
  const counted = await counts()
  expect(counted[0]).toEqual(['b', 2])
  expect(counted.filter(([name]) => name !== 'B')).toEqual([
    ['b', 2],
    ['a', 1],
    ['c', 1],
  ])
  expect(counted).toContainEqual(['B', 1])
})

test('the names are listed in order, by a part of them, and so many as were asked for', async () => {
  for (const event of ['visited shop', 'a shop', 'paid', 'paid']) await track(event)
  expect(await names()).toEqual(['a shop', 'paid', 'visited shop'])
  expect(await names({ search: 'SHOP' })).toEqual(['a shop', 'visited shop'])
  expect(await names({ search: '%' })).toEqual([])
  const first = await project.call(['events', 'names'], { limit: 2 })
  expect([first.eventNames.length, first.isComplete]).toEqual([2, false])
  expect((await project.call(['events', 'names'], { limit: 3 })).isComplete).toBe(true)
  expect(await project.call(['events', 'stats'], { limit: 2 })).toMatchObject({ isComplete: false })
})

test('of a name it can be asked how many there are and since when; of one that never was, there are none', async () => {
  const { timestamp: firstAt } = await track('paid')
  const { timestamp: lastAt } = await track('paid')
  expect(await usage('paid')).toEqual({ name: 'paid', count: 2, firstAt, lastAt })
  expect(await usage('never')).toEqual({ name: 'never', count: 0, firstAt: null, lastAt: null })
})

test('however many are reported at once, none is counted twice or lost', async () => {
  await Promise.all(Array.from({ length: 300 }, (_, n) => track(`e${n % 7}`, `c${n % 11}@example.com`)))
  expect(Object.fromEntries(await counts())).toEqual(Object.fromEntries(await looked()))
  expect((await counts()).reduce((sum, [, count]) => sum + Number(count), 0)).toBe(300)
})

test('an event that is not stored is not counted', async () => {
  const stored = instance.db.transaction().execute(async (db) => {
    await project.call(['events', 'track'], { event: 'undone', email: 'ada@example.com' }, { db })
    throw new Error('undo')
  })
  await expect(stored).rejects.toThrow('undo')
  expect(await counts()).toEqual([])
})

test('the numbers follow what goes with a contact, by retention and in bulk', async () => {
  await track('a', 'bulk@example.com')
  await track('a', 'one@example.com')
  await track('a', 'old@example.com')
  await track('b', 'stays@example.com')
  await project.call(['contacts', 'delete'], { id: 'one@example.com' })
  expect(await counts()).toEqual([
    ['a', 2],
    ['b', 1],
  ])
  const { jobId } = await project.call(['contacts', 'bulkDelete'], { mode: 'query', filter: { search: 'bulk@' } })
  await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal })
  expect(await usage('a')).toMatchObject({ count: 1 })
  await sql`
    update events set id = uuidv7(interval '-10 days') where project_id = ${project.id} and name = 'a'
  `.execute(instance.db)
  await project.call(['project', 'update'], { retentionDays: 5 })
  await applyRetention(instance.db, signal)
  expect(await counts()).toEqual([['b', 1]])
  expect(await looked()).toEqual([['b', 1]])
})

test('all events of a name are deleted, step by step; contacts, and other names, stay', async () => {
  for (let count = 0; count < 5; count += 1) await track('gone')
  await track('kept')
  const other = await instance.project()
  await track('gone', 'ada@example.com', other)
  expect(await deleteName('gone')).toMatchObject({
    status: 'succeeded',
    progress: { done: 5, total: 5, percent: 100 },
    result: { deleted: 5 },
  })
  expect([await names(), await looked()]).toEqual([['kept'], [['kept', 1]]])
  expect(await counts(other)).toEqual([['gone', 1]])
  expect((await project.call(['contacts', 'list'], {})).data).toHaveLength(1)
})

test('what is reported after the call stays, and the name begins anew where nothing is left', async () => {
  await track('a')
  expect(await deleteName('a', () => track('a'))).toMatchObject({ result: { deleted: 1 } })
  expect([await counts(), await looked()]).toEqual([[['a', 1]], [['a', 1]]])
  await deleteName('a')
  const { timestamp } = await track('a')
  expect(await usage('a')).toEqual({ name: 'a', count: 1, firstAt: timestamp, lastAt: timestamp })
})

test('deleting a name that nobody reported is over at once', async () => {
  expect(await deleteName('never')).toMatchObject({ status: 'succeeded', result: { deleted: 0 } })
})

const DAY_MS = 86_400_000
const dayBefore = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)
/** The days that have events, as they are counted. */
const days = async (input: object = {}) => {
  const answer = await project.call(['events', 'days'], input)
  expect(answer.total).toBe(answer.days.reduce((total, { count }) => total + count, 0))
  return answer.days.filter(({ count }) => count > 0).map(({ date, count }) => [date, count])
}
const rowsOfDays = async () =>
  (await sql`select from event_days where project_id = ${project.id}`.execute(instance.db)).rows.length

/** As if they had been reported so many days ago. */
async function moveBack(name: string, by: number) {
  const span = sql`make_interval(days => ${by})`
  // An id begins with its time.
  await sql`update events set created_at = created_at - ${span}, id = ('00000000' || substr(id::text, 9))::uuid
    where project_id = ${project.id} and name = ${name}`.execute(instance.db)
  await sql`update event_days set day = day - ${by}::integer where project_id = ${project.id} and name = ${name}`.execute(
    instance.db,
  )
}

test('events are counted by day, of all names or of one, and only those of the project', async () => {
  await track('paid', 'ada@example.com', await instance.project())
  for (const event of ['paid', 'paid', 'old', 'seen']) await track(event)
  await moveBack('old', 3)
  const [today, before] = [dayBefore(0), dayBefore(3)]
  expect(await days()).toEqual([
    [before, 1],
    [today, 3],
  ])
  expect(await days({ name: 'paid' })).toEqual([[today, 2]])
  expect(await days({ days: 3 })).toEqual([[today, 3]])
  expect((await project.call(['events', 'days'], { days: 4 })).days.map(({ date }) => date)).toEqual(
    [3, 2, 1, 0].map(dayBefore),
  )
})

test('what is deleted is counted no more, and nothing is left of its days', async () => {
  for (const event of ['paid', 'paid', 'old', 'seen']) await track(event)
  await moveBack('old', 40)
  await deleteName('paid')
  expect(await days({ days: 60 })).toEqual([
    [dayBefore(40), 1],
    [dayBefore(0), 1],
  ])
  await project.call(['project', 'update'], { retentionDays: 5 })
  await applyRetention(instance.db, signal)
  expect(await days({ days: 60 })).toEqual([[dayBefore(0), 1]])
  expect(await rowsOfDays()).toBe(1)
})
