import type { WireInput } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'
import { runProjectJob } from '../project-jobs/run.ts'

type Selection = WireInput<'contacts', 'bulkSubscribe'>
type Verb = 'bulkSubscribe' | 'bulkUnsubscribe' | 'bulkDelete'

let instance: TestInstance
let project: TestProject
let other: TestProject
let ids: Record<string, string>

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())

beforeEach(async () => {
  project = await instance.project()
  other = await instance.project()
  ids = {}
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    ids[name] = await add(project, `${name}@${name < 'c' ? 'old' : 'new'}.example`, name !== 'b')
})

async function add({ call }: TestProject, email: string, subscribed = true): Promise<string> {
  return (await call(['contacts', 'upsert'], { email, subscribed })).id
}

const ask = async (verb: Verb, selection: Selection, { call } = project) =>
  (await call(['contacts', verb], selection)).jobId
const never = new AbortController().signal
const run = (jobId: string, { id } = project) =>
  runProjectJob(instance.db, { projectId: id, jobId }, { signal: never, batchRows: 2 })
const outcome = (jobId: string) => project.call(['contacts', 'bulkJob'], { jobId })

async function done(verb: Verb, selection: Selection) {
  const jobId = await ask(verb, selection)
  await run(jobId)
  const { state, progress, result } = await outcome(jobId)
  expect([state, progress]).toEqual(['completed', 100])
  return result
}

/** The contacts that there are, those that are subscribed in capitals. */
async function people({ id } = project): Promise<string> {
  const rows = await instance.db
    .selectFrom('contacts')
    .select(['email', 'subscribed'])
    .where('project_id', '=', id)
    .execute()
  return rows
    .map(({ email, subscribed }) => (subscribed ? email[0]!.toUpperCase() : email[0]!))
    .toSorted((a, b) => a.localeCompare(b))
    .join('')
}

const all = { mode: 'query', filter: {} } as const

test('contacts that are named are unsubscribed, and those that were so already are counted as unchanged', async () => {
  const contactIds = [ids['a']!, ids['b']!, ids['d']!, ids['d']!.toUpperCase()]
  expect(await done('bulkUnsubscribe', { mode: 'ids', contactIds })).toEqual({
    totalRequested: 3,
    successCount: 2,
    unchangedCount: 1,
    failureCount: 0,
    errors: [],
  })
  expect(await people()).toBe('abCdE')
})

test('ids of another project and of nobody are named as such, and keep nothing else from being done', async () => {
  const foreign = await add(other, 'x@other.example')
  const nobody = newId()
  const result = await done('bulkDelete', { mode: 'ids', contactIds: [foreign, ids['a']!, nobody] })
  expect(result).toMatchObject({ totalRequested: 3, successCount: 1, failureCount: 2 })
  expect(result?.errors.map(({ contactId, code }) => [contactId, code])).toEqual(
    [foreign, nobody].toSorted().map((id) => [id, 'CONTACT_NOT_FOUND']),
  )
  expect(await people(other)).toBe('X')
  expect(await people()).toBe('bCDE')
})

test.each([
  ['everybody', {}, 5, 'abcde'],
  ['by a part of the address, however it is written', { search: 'OLD.ex' }, 2, 'abCDE'],
  ['by consent', { subscribed: false }, 1, 'AbCDE'],
] as const)('contacts are unsubscribed that fit a filter: %s', async (_, filter, fitting, after) => {
  expect(await done('bulkUnsubscribe', { mode: 'query', filter })).toMatchObject({ totalRequested: fitting })
  expect(await people()).toBe(after)
})

test('contacts are subscribed, but for those who opted out, unless they agreed anew', async () => {
  await project.call(['emails', 'send'], { to: 'f@new.example', subject: 'Hello', text: 'Hello' })
  expect(await done('bulkSubscribe', all)).toEqual({
    totalRequested: 6,
    successCount: 1,
    unchangedCount: 4,
    failureCount: 1,
    errors: [{ contactId: ids['b'], code: 'CONTACT_OPTED_OUT', message: 'The contact opted out.' }],
  })
  expect(await people()).toBe('AbCDEF')
  const consent = { source: 'call centre', at: new Date().toISOString() }
  expect(await done('bulkSubscribe', { ...all, consent })).toMatchObject({ successCount: 1, unchangedCount: 5 })
  expect(await people()).toBe('ABCDEF')
  const { data } = await project.call(['contacts', 'consentLog'], { id: ids['b']! })
  expect(data).toMatchObject([
    { subscribed: true, how: 'bulk', actor: { kind: 'system' }, source: 'call centre', givenAt: consent.at },
    { subscribed: false, how: 'system' },
  ])
})

test('few that fit among many are all found, and counted beforehand, a part of the contacts at a time', async () => {
  await sql`
    insert into contacts (project_id, id, email, subscribed)
    select ${project.id}, uuidv7(interval '-1 hour'), case when n % 37 = 0 then 'rare' else 'many' end || n || '@x.example', true
    from generate_series(1, 120) n
  `.execute(instance.db)
  const jobId = await ask('bulkUnsubscribe', { mode: 'query', filter: { search: 'rare' } })
  const totals: (number | null)[] = []
  for (let steps = 1; (await outcome(jobId)).state !== 'completed'; steps += 1) {
    await stopAfter(jobId, 1)
    totals.push((await project.call(['jobs', 'get'], { id: jobId })).progress.total)
  }
  expect(totals.filter((total) => total === null).length).toBeGreaterThan(2)
  expect(new Set(totals)).toEqual(new Set([null, 3]))
  expect((await outcome(jobId)).result).toMatchObject({ totalRequested: 3, successCount: 3 })
})

test('a filter of two parts takes those that fit both, and leaves those out that are excluded', async () => {
  const filter = { search: 'new.example', subscribed: true }
  expect(await done('bulkUnsubscribe', { mode: 'query', filter, excludeIds: [ids['d']!] })).toMatchObject({
    totalRequested: 2,
    successCount: 2,
  })
  expect(await people()).toBe('AbcDe')
})

test.each(['bulkSubscribe', 'bulkUnsubscribe', 'bulkDelete'] as const)(
  '%s of everybody has to be asked for',
  async (verb) => {
    await expect(ask(verb, { mode: 'query' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'filter', message: expect.stringContaining('`{}` means all contacts') }],
    })
  },
)

test('with an empty filter it is every contact of the project, and none of another', async () => {
  await add(other, 'x@other.example')
  expect(await done('bulkDelete', all)).toMatchObject({ totalRequested: 5, successCount: 5 })
  expect([await people(), await people(other)]).toEqual(['', 'X'])
})

test('who became a contact after it was asked for is left alone', async () => {
  const jobId = await ask('bulkUnsubscribe', all)
  await add(project, 'late@new.example')
  await run(jobId)
  expect(await people()).toBe('abcdeL')
})

test('where nobody fits, it is done at once', async () => {
  expect(await done('bulkDelete', { mode: 'query', filter: { search: 'nobody' } })).toMatchObject({ totalRequested: 0 })
  expect(await done('bulkDelete', { mode: 'ids', contactIds: [ids['a']!], excludeIds: [ids['a']!] })).toMatchObject({
    totalRequested: 0,
  })
  expect(await people()).toBe('AbCDE')
})

test('deleted contacts take their events along; mails that were sent to them stay', async () => {
  await project.call(['events', 'track'], { event: 'opened', email: 'a@old.example' })
  await project.call(['events', 'track'], { event: 'opened', email: 'c@new.example' })
  const { emails } = await project.call(['emails', 'send'], { to: 'a@old.example', subject: 'Hello', text: 'Hello' })
  await done('bulkDelete', { mode: 'ids', contactIds: [ids['a']!] })
  const { data } = await project.call(['events', 'list'], {})
  expect(data.map(({ contactId }) => contactId)).toEqual([ids['c']])
  const kept = await instance.db.selectFrom('events').select('id').where('project_id', '=', project.id).execute()
  expect(kept).toHaveLength(1)
  expect(await project.call(['emails', 'get'], { id: emails[0]!.email })).toMatchObject({
    to: { email: 'a@old.example' },
  })
})

describe.each([
  [
    'by ids',
    (): Selection => ({ mode: 'ids', contactIds: [...Object.values(ids), '01900000-0000-7000-8000-00000000dead'] }),
  ],
  ['by filter', (): Selection => ({ mode: 'query', filter: {}, excludeIds: [] })],
] as const)('a job %s', (_, selection) => {
  test.each([0, 1, 2, 3, 4])(
    'that is stopped after %i steps goes on there, and ends as if it never was',
    async (steps) => {
      const jobId = await ask('bulkUnsubscribe', selection())
      await stopAfter(jobId, steps)
      await run(jobId)
      const { result } = await outcome(jobId)
      const failures = selection().mode === 'ids' ? 1 : 0
      expect(result).toMatchObject({
        totalRequested: 5 + failures,
        successCount: 4,
        unchangedCount: 1,
        failureCount: failures,
      })
      expect(await people()).toBe('abcde')
    },
  )

  test('that two workers do at once counts nothing twice', async () => {
    const jobId = await ask('bulkUnsubscribe', selection())
    await Promise.all([run(jobId), run(jobId), run(jobId)])
    expect((await outcome(jobId)).result).toMatchObject({ successCount: 4, unchangedCount: 1 })
  })
})

/** Lets it do so many steps and then tells it to stop. */
async function stopAfter(jobId: string, steps: number): Promise<void> {
  const stopping = new AbortController()
  let begun = 0
  const signal = {
    throwIfAborted() {
      if (begun === steps) stopping.abort(new Error('stop'))
      begun += 1
      stopping.signal.throwIfAborted()
    },
  } as AbortSignal
  const running = runProjectJob(instance.db, { projectId: project.id, jobId }, { signal, batchRows: 2 })
  await running.catch((error: Error) => expect(error.message).toBe('stop'))
}

describe('a step that dies in the middle', () => {
  const execute = (statement: string) => sql.raw(statement).execute(instance.db)

  beforeEach(async () => {
    await execute("create function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$")
    await execute('create trigger die after delete on contacts for each statement execute function die()')
  })
  const revive = () => execute('drop function if exists die cascade')
  afterEach(revive)

  test('leaves nothing of itself, and is done again', async () => {
    const jobId = await ask('bulkDelete', { mode: 'ids', contactIds: Object.values(ids) })
    await project.call(['events', 'track'], { event: 'opened', email: 'a@old.example' })
    await expect(run(jobId)).rejects.toThrow('killed')
    expect((await project.call(['events', 'list'], {})).data).toHaveLength(1)
    expect(await project.call(['jobs', 'get'], { id: jobId })).toMatchObject({
      status: 'waiting',
      progress: { done: 0 },
    })
    await revive()
    await run(jobId)
    expect((await outcome(jobId)).result).toMatchObject({ totalRequested: 5, successCount: 5, failureCount: 0 })
  })

  test('ends the job when it does so five times in a row, and says so without a word of the database', async () => {
    const jobId = await ask('bulkDelete', { mode: 'ids', contactIds: Object.values(ids) })
    for (let time = 0; time < 5; time += 1) await expect(run(jobId)).rejects.toThrow('killed')
    await run(jobId)
    const { state, failedReason } = await outcome(jobId)
    expect(state).toBe('failed')
    expect(failedReason).toMatch(/fault of Posthorn.*5 times/)
    expect(failedReason).not.toContain('killed')
    expect(await people()).toHaveLength(5)
  })
})
