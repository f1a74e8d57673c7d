import type { JobKind } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { enqueueJob } from '@posthorn/jobs'
import { sql } from 'kysely'

/** How long a job works before it is the turn of others. */
export const TURN_SECONDS = 5
/** Whoever was promised to be erased waits for nothing that was queued within so long before. */
const ERASURE_LEAD_SECONDS = 3_600
/** More that wait put a job off no further. */
const COUNTED_JOBS = 1_000

export interface WhichTurn {
  projectId: string
  jobId: string
  /** Which of the two that take turns; the first, where nothing is said. */
  part?: number
}

/**
 * Queues the next turn of a job that is not over. Each other job of its project puts it off by the length of a turn, so
 * that projects come one after the other, however many jobs one of them has. None is put off for good: it is due once,
 * and comes before all that are due later. An erasure is put off by erasures alone.
 */
export async function queueTurn(db: Db, { projectId, jobId, part = 0 }: WhichTurn): Promise<void> {
  const erase = sql.lit('contacts.erase' satisfies JobKind)
  const { rows } = await sql<{ due: number }>`
    select (extract(epoch from now())
      + ${TURN_SECONDS}::int * (select count(*) from (
          select from project_jobs other
          where other.project_id = ${projectId} and other.finished_at is null and other.id <> job.id
            and (other.kind = ${erase} or job.kind <> ${erase})
          limit ${COUNTED_JOBS}) as others)
      - case when job.kind = ${erase} then ${ERASURE_LEAD_SECONDS}::int else 0 end)::int as due
    from project_jobs job where job.project_id = ${projectId} and job.id = ${jobId} and job.finished_at is null
  `.execute(db)
  const due = rows[0]?.due
  if (due !== undefined) await enqueueJob(db, 'project-job', { projectId, jobId, part, due })
}
