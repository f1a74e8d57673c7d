import { LIMITS } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import type { Handlers } from '../handlers.ts'
import { getJob, percentOf } from '../project-jobs/jobs.ts'
import { NO_ROWS, type RowCounts } from './piece.ts'
import { startImport } from './start.ts'
import { removeImport, storeUpload } from './upload.ts'

const STATES = {
  waiting: 'waiting',
  running: 'active',
  succeeded: 'completed',
  failed: 'failed',
  cancelled: 'failed',
} as const

/** Imports in the words of Plunk: one call that uploads and starts, and one that asks how far it is. */
export const importCalls: Pick<Handlers<'contacts'>, 'import' | 'importJob'> = {
  async import(ctx, { onConflict, dryRun, ...format }) {
    const id = await storeUpload(ctx, format)
    try {
      const { jobId } = await startImport(ctx, { id, onConflict, dryRun })
      if (jobId === null) throw new Error('an import that was started has a job')
      return { message: 'The contacts are being imported.', jobId, importId: id }
    } catch (error) {
      // Nobody has been told of it, so nobody could start it otherwise.
      await removeImport(ctx.db, { projectId: ctx.actor.projectId, id })
      throw error
    }
  },

  async importJob(ctx, { jobId }) {
    const job = await getJob(ctx, jobId, ['contacts.import'])
    return {
      id: job.id,
      state: STATES[job.status],
      progress: percentOf(job) ?? 0,
      // Safe because its steps store such.
      result:
        job.finished_at === null ? null : await resultOf(ctx, job.id, (job.result as RowCounts | null) ?? NO_ROWS),
      failedReason: job.status === 'cancelled' ? 'It was cancelled.' : job.error,
    }
  },
}

async function resultOf({ db, actor }: Context, jobId: string, counts: RowCounts) {
  const problems = await db
    .selectFrom('import_problems as problem')
    .innerJoin('imports', (join) =>
      join.onRef('imports.project_id', '=', 'problem.project_id').onRef('imports.id', '=', 'problem.import_id'),
    )
    .select(['problem.row', 'problem.email', 'problem.message'])
    .where('imports.project_id', '=', actor.projectId)
    .where('imports.job_id', '=', jobId)
    .where('problem.outcome', '!=', 'kept-out')
    .orderBy('problem.row')
    .limit(LIMITS.bulkErrors)
    .execute()
  return {
    totalRows: counts.rows,
    successCount: counts.created + counts.updated + counts.unchanged,
    createdCount: counts.created,
    updatedCount: counts.updated,
    failureCount: counts.refused + counts.skipped,
    errors: problems.map(({ row, email, message }) => ({ row, email: email ?? '', error: message })),
  }
}
