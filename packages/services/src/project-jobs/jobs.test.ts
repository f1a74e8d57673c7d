import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { ApiError } from '../errors.ts'
import { holdJob } from './hold.ts'
import { forgetProjectJobs, resumeProjectJobs } from './keep.ts'
import { runProjectJob, type RunOptions } from './run.ts'
import type { DoStep } from './step.ts'

let instance: TestInstance
let project: TestProject
let other: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
  other = await instance.project()
})

const signal = new AbortController().signal
const start = async ({ call } = project, verb: 'bulkDelete' | 'bulkSubscribe' = 'bulkDelete') =>
  (await call(['contacts', verb], { mode: 'query', filter: {} })).jobId
const get = (id: string) => project.call(['jobs', 'get'], { id })
const run = (jobId: string, options: Partial<RunOptions> = {}) =>
  runProjectJob(instance.db, { projectId: project.id, jobId }, { signal, ...options })

/** Counts to four, and says in the middle what is to happen then. */
const counting =
  (between: (done: number) => unknown = () => {}): DoStep =>
  async (_, { done }) => {
    await between(done)
    return { state: {}, done: done + 1, total: 4, result: { counted: done + 1 }, isOver: done + 1 === 4 }
  }
const countingSteps = (between?: (done: number) => unknown) => ({ 'contacts.delete': counting(between) })

test('a job says how far it is while it runs, and what came of it in the end', async () => {
  const id = await start()
  expect(await get(id)).toMatchObject({ status: 'waiting', progress: { done: 0, total: null, percent: null } })
  const stop = new AbortController()
  const steps = countingSteps((done) => done === 1 && stop.abort(new Error('stop')))
  await expect(run(id, { steps, signal: stop.signal })).rejects.toThrow('stop')
  expect(await get(id)).toMatchObject({
    kind: 'contacts.delete',
    status: 'running',
    progress: { done: 2, total: 4, percent: 50 },
    result: { counted: 2 },
    startedAt: expect.any(String),
    finishedAt: null,
  })
  await run(id, { steps })
  expect(await get(id)).toMatchObject({
    status: 'succeeded',
    progress: { done: 4, total: 4, percent: 100 },
    error: null,
    finishedAt: expect.any(String),
  })
})

test('a job that was cancelled does no further step, and keeps what was done', async () => {
  const waiting = await start()
  expect(await project.call(['jobs', 'cancel'], { id: waiting })).toMatchObject({ status: 'cancelled' })
  await run(waiting, { steps: countingSteps() })
  expect(await get(waiting)).toMatchObject({ status: 'cancelled', progress: { done: 0 } })

  const running = await start()
  let cancelling: Promise<unknown> = Promise.resolve()
  const steps = countingSteps(async (done) => {
    if (done !== 2) return
    cancelling = project.call(['jobs', 'cancel'], { id: running })
    await vi.waitFor(async () => expect(await held()).toBe(1), 10_000)
  })
  await run(running, { steps })
  await cancelling
  expect(await get(running)).toMatchObject({ status: 'cancelled', progress: { done: 3 } })
})

/** How many statements wait for a row that another transaction holds. */
async function held(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
  `.execute(instance.db)
  return rows[0]!.count
}

test('a job that has ended cannot be cancelled, and the refusal says how it ended', async () => {
  const id = await start()
  await run(id, { steps: countingSteps() })
  await expect(project.call(['jobs', 'cancel'], { id })).rejects.toMatchObject({
    code: 'JOB_FINISHED',
    message: 'The job has succeeded already.',
  })
})

test('a refusal in the middle ends a job with its words', async () => {
  const id = await start()
  const steps = countingSteps((done) => {
    if (done === 2) throw new ApiError('NOT_ALLOWED', 'The file is gone.')
  })
  await run(id, { steps })
  expect(await get(id)).toMatchObject({ status: 'failed', error: 'The file is gone.', progress: { done: 2 } })
})

test('an outage of the database is no fault of the job', async () => {
  const id = await start()
  const away = Object.assign(new Error('gone'), { code: 'ECONNRESET' })
  const steps = countingSteps(() => {
    throw away
  })
  for (let time = 0; time < 6; time += 1) await expect(run(id, { steps })).rejects.toThrow('gone')
  expect(await get(id)).toMatchObject({ status: 'waiting' })
})

test('faults count only in a row', async () => {
  const id = await start()
  let calls = 0
  const steps = countingSteps(() => {
    calls += 1
    if (calls % 3 !== 0) throw new Error('no luck')
  })
  for (let time = 0; time < 8; time += 1) await expect(run(id, { steps })).rejects.toThrow('no luck')
  await run(id, { steps })
  expect(await get(id)).toMatchObject({ status: 'succeeded' })
})

test('the job of another project is not found, and is not touched', async () => {
  const id = await start(other)
  await expect(get(id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  await expect(project.call(['jobs', 'cancel'], { id })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  await expect(project.call(['contacts', 'bulkJob'], { jobId: id })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  // Nor waited for while it works.
  await instance.db.transaction().execute(async (trx) => {
    await holdJob(trx, id)
    await expect(project.call(['jobs', 'cancel'], { id })).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
  })
  await run(id, { steps: countingSteps() })
  expect(await other.call(['jobs', 'get'], { id })).toMatchObject({ status: 'waiting' })
})

test('jobs are listed newest first, page by page, by kind and by status', async () => {
  const [first, second, third] = [await start(), await start(project, 'bulkSubscribe'), await start()]
  await start(other)
  await project.call(['jobs', 'cancel'], { id: first })
  const list = async (filter: object) => (await project.call(['jobs', 'list'], filter)).data.map(({ id }) => id)
  expect(await list({})).toEqual([third, second, first])
  expect(await list({ kind: 'contacts.subscribe' })).toEqual([second])
  expect(await list({ kind: 'contacts.delete', status: 'waiting' })).toEqual([third])
  const page = await project.call(['jobs', 'list'], { limit: 2 })
  expect(page.hasMore).toBe(true)
  expect(await list({ limit: 2, cursor: page.cursor ?? '' })).toEqual([first])
})

test('the job of a project that has ended is let be', async () => {
  const id = await start()
  await sql`update projects set deleted_at = now() where id = ${project.id}`.execute(instance.db)
  await run(id, { steps: countingSteps() })
  const row = instance.db.selectFrom('project_jobs').select('status').where('id', '=', id)
  expect(await row.executeTakeFirst()).toEqual({ status: 'waiting' })
})

test('a job whose place in the queue got lost gets a new one, and only such a job', async () => {
  const [lost, queued, over] = [await start(), await start(), await start()]
  await project.call(['jobs', 'cancel'], { id: over })
  const places = async () => {
    const { rows } = await sql<{ id: string }>`
      select data ->> 'jobId' as id from jobs.job
      where name = 'project-job' and state = 'created' and data ->> 'projectId' = ${project.id}
    `.execute(instance.db)
    return rows.map(({ id }) => id).toSorted()
  }
  await sql`delete from jobs.job where data ->> 'jobId' in (${lost}, ${over})`.execute(instance.db)
  await resumeProjectJobs(instance.db)
  expect(await places()).toEqual([lost, queued].toSorted())
})

/** Which of these jobs come when, as the queue has them. */
async function queued(ids: readonly string[]) {
  const { rows } = await sql<{ id: string; part: number }>`
    select data ->> 'jobId' as id, (data -> 'part')::int as part from jobs.job
    where name = 'project-job' and state = 'created' and data ->> 'jobId' = any(${ids}::text[])
    order by priority desc, created_on
  `.execute(instance.db)
  return rows.map(({ id, part }) => [ids.indexOf(id), part])
}

test('projects come one after the other, however many jobs one has, and an erasure before what can wait', async () => {
  const ids = [await start(), await start(), await start(), await start(other)]
  ids.push((await project.call(['contacts', 'erase'], { id: 'ada@example.com' })).jobId)
  expect((await queued(ids)).map(([index]) => index)).toEqual([4, 0, 3, 1, 2])
})

test('a long job goes on in another turn, behind what came meanwhile', async () => {
  const long = await start()
  await run(long, { steps: countingSteps(), turnSeconds: 0 })
  expect(await get(long)).toMatchObject({ status: 'running', progress: { done: 1 } })
  expect(await queued([long])).toEqual([
    [0, 0],
    [0, 1],
  ])
  await runProjectJob(instance.db, { projectId: project.id, jobId: long, part: 1 }, { signal, steps: countingSteps() })
  expect(await get(long)).toMatchObject({ status: 'succeeded', progress: { done: 4 } })
})

test('jobs are forgotten 30 days after their end, and none that is not over', async () => {
  const [old, recent, open] = [await start(), await start(), await start()]
  for (const id of [old, recent]) await project.call(['jobs', 'cancel'], { id })
  await sql`update project_jobs set created_at = now() - interval '40 days'`.execute(instance.db)
  await sql`update project_jobs set finished_at = now() - interval '31 days' where id = ${old}`.execute(instance.db)
  await forgetProjectJobs(instance.db, signal, 1)
  const { data } = await project.call(['jobs', 'list'], {})
  expect(data.map(({ id }) => id)).toEqual([open, recent])
})
