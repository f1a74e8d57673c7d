import { connect, type Connection } from '@posthorn/db'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { JOB_NAMES, JOBS } from './catalogue.ts'
import { enqueueJob, JOBS_SCHEMA } from './enqueue.ts'
import { startJobs, type JobHandlers, type JobRunner, type JobRunnerOptions } from './run.ts'

const PROJECT = '01900000-0000-7000-8000-000000000001'
const OTHER = '01900000-0000-7000-8000-000000000002'

let database: TestDatabase
let connection: Connection
let open: AsyncDisposableStack

beforeEach(async () => {
  open = new AsyncDisposableStack()
  database = await testDatabase()
  connection = connect(database.connectionString, { poolSize: 3 })
})

afterEach(async () => {
  await open.disposeAsync()
  await connection.close()
  await database.drop()
})

const nothing: JobHandlers = {
  'project-deletion': () => Promise.resolve(),
  'project-job': () => Promise.resolve(),
  housekeeping: () => Promise.resolve(),
}

const jobId = (index: number) => `01900000-0000-7000-9000-${String(index).padStart(12, '0')}`

function run(
  handlers: Partial<JobHandlers>,
  { onFault = () => {}, pollSeconds = 0.5 }: Partial<JobRunnerOptions> = {},
): JobRunner {
  const runner = startJobs({
    connectionString: database.connectionString,
    handlers: { ...nothing, ...handlers },
    onFault,
    pollSeconds,
  })
  let stopped: Promise<void> | undefined
  const stop = (limitMs: number) => (stopped ??= runner.stop(limitMs))
  open.defer(() => stop(1_000))
  return { stop }
}

async function states(): Promise<string[]> {
  const { rows } = await sql<{ state: string }>`
    select state::text from jobs.job where name = 'project-deletion' order by created_on
  `.execute(connection.db)
  return rows.map(({ state }) => state)
}

async function started(schema: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: database.connectionString, schema, supervise: false, schedule: false })
  open.defer(() => boss.stop({ graceful: false }))
  return boss.start()
}

describe('the tables of the jobs', () => {
  test('are those that pg-boss would make, and nothing is left to do', async () => {
    const ours = await started(JOBS_SCHEMA)
    const theirs = await started('fresh')
    expect(await ours.detectSchemaDrift()).toMatchObject({ ok: true, extraIndexes: [] })
    expect(await ours.schemaVersion()).toBe(await theirs.schemaVersion())
  })

  test('have a queue for each job of the catalogue, with its options, before any worker has run', async () => {
    const { rows } = await sql<Record<string, unknown> & { name: string }>`
      select name, policy, retry_limit as "retryLimit", retry_delay as "retryDelay", retry_backoff as "retryBackoff",
        retry_delay_max as "retryDelayMax", heartbeat_seconds as "heartbeatSeconds",
        expire_seconds as "expireInSeconds", deletion_seconds as "deleteAfterSeconds", notify
      from jobs.queue order by name
    `.execute(connection.db)
    const expected = JOB_NAMES.toSorted().map((name) => ({
      name,
      retryBackoff: false,
      retryDelayMax: null,
      ...JOBS[name].options,
    }))
    expect(rows).toEqual(expected)
  })
})

describe('queueing', () => {
  test('happens in the transaction of the caller, or not at all', async () => {
    const undone = connection.db.transaction().execute(async (trx) => {
      expect(await enqueueJob(trx, 'project-deletion', { projectId: PROJECT })).toBeDefined()
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    expect(await states()).toEqual([])
    await connection.db.transaction().execute((trx) => enqueueJob(trx, 'project-deletion', { projectId: PROJECT }))
    expect(await states()).toEqual(['created'])
  })

  test('the same job again while it waits adds nothing', async () => {
    expect(await enqueueJob(connection.db, 'project-deletion', { projectId: PROJECT })).toBeDefined()
    expect(await enqueueJob(connection.db, 'project-deletion', { projectId: PROJECT })).toBeUndefined()
    expect(await enqueueJob(connection.db, 'project-deletion', { projectId: OTHER })).toBeDefined()
    expect(await states()).toEqual(['created', 'created'])
  })

  test('of those that wait, what was due first is done first', async () => {
    const due = [30, 10, 1_900_000_000, 20]
    for (const [index, one] of due.entries()) {
      await enqueueJob(connection.db, 'project-job', { projectId: PROJECT, jobId: jobId(index), due: one })
    }
    const boss = await started(JOBS_SCHEMA)
    const taken: number[] = []
    for (const _ of due) taken.push(...(await boss.fetch<{ due: number }>('project-job')).map(({ data }) => data.due))
    expect(taken).toEqual(due.toSorted((a, b) => a - b))
  })

  test('a payload that the catalogue does not know is refused', async () => {
    await expect(enqueueJob(connection.db, 'project-deletion', { projectId: 'all' })).rejects.toThrow(/uuid/i)
    expect(await states()).toEqual([])
  })
})

describe('running', () => {
  test('does what was queued before it and after', async () => {
    const done: string[] = []
    await enqueueJob(connection.db, 'project-deletion', { projectId: PROJECT })
    run({ 'project-deletion': async ({ projectId }) => void done.push(projectId) })
    await vi.waitFor(() => expect(done).toEqual([PROJECT]), 15_000)
    await enqueueJob(connection.db, 'project-deletion', { projectId: OTHER })
    await vi.waitFor(() => expect(done).toEqual([PROJECT, OTHER]), 15_000)
    await vi.waitFor(async () => expect(await states()).toEqual(['completed', 'completed']), 15_000)
  })

  test('does what waits behind others as soon as these end', async () => {
    const COUNT = 12
    for (let index = 0; index < COUNT; index += 1) {
      await enqueueJob(connection.db, 'project-job', { projectId: PROJECT, jobId: jobId(index) })
    }
    const done = new Set<string>()
    run({ 'project-job': async (payload) => void done.add(payload.jobId) }, { pollSeconds: 60 })
    await vi.waitFor(() => expect(done.size).toBe(COUNT), 15_000)
  })

  test('a job that fails is told of and done again', async () => {
    const faults: unknown[] = []
    let calls = 0
    run(
      {
        'project-deletion': () => {
          calls += 1
          return calls === 1 ? Promise.reject(new Error('no luck')) : Promise.resolve()
        },
      },
      { onFault: (error) => faults.push(error) },
    )
    await enqueueJob(connection.db, 'project-deletion', { projectId: PROJECT })
    await vi.waitFor(async () => expect(await states()).toEqual(['retry']), 15_000)
    await sql`update jobs.job set start_after = now() where state = 'retry'`.execute(connection.db)
    await vi.waitFor(async () => expect(await states()).toEqual(['completed']), 15_000)
    expect(faults).toEqual([expect.objectContaining({ message: 'no luck' })])
  })

  test('a worker that stops hands its job on, and another does it', async () => {
    const begun = Promise.withResolvers<void>()
    const stopping = run({
      'project-deletion': (_, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
          begun.resolve()
        }),
    })
    await enqueueJob(connection.db, 'project-deletion', { projectId: PROJECT })
    await begun.promise
    await stopping.stop(10_000)
    expect(await states()).toEqual(['retry'])
    await sql`update jobs.job set start_after = now() where state = 'retry'`.execute(connection.db)
    const done: string[] = []
    run({ 'project-deletion': async ({ projectId }) => void done.push(projectId) })
    await vi.waitFor(() => expect(done).toEqual([PROJECT]), 15_000)
  })

  test('the job of a worker that was killed is found by its silence, and done by another', async () => {
    await enqueueJob(connection.db, 'project-deletion', { projectId: PROJECT })
    const dead = await started(JOBS_SCHEMA)
    expect(await dead.fetch('project-deletion')).toHaveLength(1)
    const done: string[] = []
    run({ 'project-deletion': async ({ projectId }) => void done.push(projectId) })
    await sql`update jobs.job set heartbeat_on = now() - interval '31 seconds'`.execute(connection.db)
    await dead.supervise('project-deletion')
    expect(await states()).toEqual(['retry'])
    await sql`update jobs.job set start_after = now() where state = 'retry'`.execute(connection.db)
    await vi.waitFor(() => expect(done).toEqual([PROJECT]), 15_000)
  })

  test('begins by itself when the database gets its tables', async () => {
    await sql`alter schema jobs rename to elsewhere`.execute(connection.db)
    const faults: unknown[] = []
    const done: string[] = []
    run(
      { 'project-deletion': async ({ projectId }) => void done.push(projectId) },
      { onFault: (error) => faults.push(error) },
    )
    await vi.waitFor(() => expect(faults.length).toBeGreaterThan(0), 15_000)
    await sql`alter schema elsewhere rename to jobs`.execute(connection.db)
    await enqueueJob(connection.db, 'project-deletion', { projectId: PROJECT })
    await vi.waitFor(() => expect(done).toEqual([PROJECT]), 15_000)
  })

  test('the job that comes by itself is scheduled once, however many workers start', async () => {
    const done: string[] = []
    for (const [index, projectId] of [PROJECT, OTHER].entries()) {
      run({ 'project-deletion': async (payload) => void done.push(payload.projectId) })
      await enqueueJob(connection.db, 'project-deletion', { projectId })
      await vi.waitFor(() => expect(done).toHaveLength(index + 1), 15_000)
    }
    const { rows } = await sql`select name, cron, timezone from jobs.schedule`.execute(connection.db)
    expect(rows).toEqual([{ name: 'housekeeping', cron: JOBS.housekeeping.cron, timezone: 'UTC' }])
  })
})
