import type { JobKind } from '@posthorn/contracts'
import type { Db, Tables } from '@posthorn/db'
import { sql, type Selectable, type UpdateObject } from 'kysely'
import { announce } from '../changes.ts'
import { ApiError, isDeadlock, isUnavailable } from '../errors.ts'
import { ENDED } from './ended.ts'
import { holdJob } from './hold.ts'
import { queueTurn, type WhichTurn } from './queue.ts'
import { JOB_STEPS } from './steps.ts'
import type { DoStep, Facts, JobStep } from './step.ts'

const BATCH_ROWS = 1_000
/** After so many tries in a row at the same place, the next one would end no better. */
const FAULTS_AT_MOST = 5

export type WhichJob = Omit<WhichTurn, 'part'>

export interface RunOptions {
  /** Seen between two steps. */
  signal: AbortSignal
  /** After so long it goes on in another turn; left out, it works to its end. */
  turnSeconds?: number
  batchRows?: number
  steps?: Record<string, DoStep>
}

/**
 * Does a job step by step, to its end or to that of its turn. Can be stopped or killed anywhere, and begun again, also by
 * several at once.
 */
export async function runProjectJob(
  db: Db,
  { part = 0, ...which }: WhichTurn,
  { signal, turnSeconds = Infinity, ...options }: RunOptions,
): Promise<void> {
  const until = performance.now() + turnSeconds * 1000
  let found: Found = { isOver: false }
  do {
    signal.throwIfAborted()
    found = await doStep(db, which, { ...options, ahead: found.ahead })
  } while (!found.isOver && performance.now() < until)
  if (!found.isOver) await queueTurn(db, { ...which, part: 1 - part })
}

type Found = Pick<JobStep, 'isOver' | 'ahead'>

async function doStep(
  db: Db,
  which: WhichJob,
  { batchRows = BATCH_ROWS, steps = JOB_STEPS, ahead }: Pick<RunOptions, 'batchRows' | 'steps'> & Pick<Found, 'ahead'>,
): Promise<Found> {
  try {
    return await db.transaction().execute(async (trx) => {
      await holdJob(trx, which.jobId)
      const job = await findOpen(trx, which)
      // Finished, cancelled, or its project has ended.
      if (job === undefined) return { isOver: true }
      const { state, done, total, result, ...found } = await stepOf(steps, job.kind)(trx, {
        projectId: job.project_id,
        id: job.id,
        // Safe because only JSON is ever stored there.
        input: job.input as Facts,
        state: job.state as Facts,
        result: job.result as Facts | null,
        done: job.done_items,
        total: job.total_items,
        batchRows,
        ahead,
      })
      await update(trx, which, {
        status: found.isOver ? 'succeeded' : 'running',
        state: JSON.stringify(state),
        result: JSON.stringify(result),
        done_items: done,
        total_items: total,
        faults: 0,
        started_at: sql<Date>`coalesce(started_at, now())`,
        ...(found.isOver && ENDED),
      })
      return found
    })
  } catch (error) {
    if (error instanceof ApiError) {
      await update(db, which, { status: 'failed', error: error.message, ...ENDED })
      return { isOver: true }
    }
    if (isDeadlock(error)) return { isOver: false }
    if (!isUnavailable(error)) await noteFault(db, which)
    throw error
  }
}

function stepOf(steps: Record<string, DoStep>, kind: string): DoStep {
  const step = Object.hasOwn(steps, kind) ? steps[kind as JobKind] : undefined
  if (step === undefined) throw new Error(`This version has no work of the kind ${kind}.`)
  return step
}

function findOpen(db: Db, { projectId, jobId }: WhichJob): Promise<Selectable<Tables['project_jobs']> | undefined> {
  return db
    .selectFrom('project_jobs')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '=', jobId)
    .where('finished_at', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('projects').where('id', '=', projectId).where('deleted_at', 'is', null)),
    )
    .executeTakeFirst()
}

async function update(
  db: Db,
  { projectId, jobId }: WhichJob,
  change: UpdateObject<Tables, 'project_jobs'>,
): Promise<void> {
  await db
    .updateTable('project_jobs')
    .set(change)
    .where('project_id', '=', projectId)
    .where('id', '=', jobId)
    .where('finished_at', 'is', null)
    .execute()
  await announce(db, projectId, 'jobs')
}

/** What is wrong with us is for the log of the operator; whoever asked is told that it went wrong, and how far it came. */
async function noteFault(db: Db, which: WhichJob): Promise<void> {
  const isHopeless = sql<boolean>`faults + 1 >= ${FAULTS_AT_MOST}`
  await update(db, which, {
    faults: sql<number>`faults + 1`,
    status: sql`case when ${isHopeless} then 'failed' else status end`,
    error: sql<
      string | null
    >`case when ${isHopeless} then ${`A fault of Posthorn stopped it, ${FAULTS_AT_MOST} times in a row. What was done before stays done; the log of the worker has the reason.`}::text end`,
    finished_at: sql<Date | null>`case when ${isHopeless} then ${ENDED.finished_at} end`,
    input: sql<string>`case when ${isHopeless} then ${ENDED.input}::jsonb else input end`,
  })
}
