import { LIMITS } from '@posthorn/contracts'
import { projectsWith, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { queueTurn } from './queue.ts'

const BATCH = 1_000

/** Queues every job that is not finished and got lost. One that waits or runs goes on as it does: two turns become one. */
export async function resumeProjectJobs(db: Db): Promise<void> {
  for (const projectId of await projectsWith(db, 'project_jobs')) {
    const open = await db
      .selectFrom('project_jobs')
      .select('id')
      .where('project_id', '=', projectId)
      .where('finished_at', 'is', null)
      .where(({ exists, selectFrom }) =>
        exists(selectFrom('projects').where('id', '=', projectId).where('deleted_at', 'is', null)),
      )
      .execute()
    for (const { id } of open) await queueTurn(db, { projectId, jobId: id })
  }
}

/** Deletes jobs that ended so long ago that nobody asks for them any more. */
export async function forgetProjectJobs(db: Db, signal: AbortSignal, batch = BATCH): Promise<void> {
  for (const projectId of await projectsWith(db, 'project_jobs')) {
    let deleted
    do {
      signal.throwIfAborted()
      const { numAffectedRows } = await sql`
        delete from project_jobs where project_id = ${projectId} and id = any(array(
          select id from project_jobs
          where project_id = ${projectId} and finished_at < now() - make_interval(days => ${LIMITS.jobDays})
          order by id limit ${batch}))
      `.execute(db)
      deleted = numAffectedRows
    } while (deleted !== undefined && deleted > 0n)
  }
}
