import { LIMITS } from '@posthorn/contracts'
import { projectsWith, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { ABANDONED_MINUTES } from './upload.ts'

/**
 * Deletes uploads that broke off or were never imported, the rest of the file of an import that ended, and reports whose
 * job is forgotten.
 */
export async function forgetImports(db: Db, signal: AbortSignal): Promise<void> {
  for (const projectId of await projectsWith(db, 'imports')) {
    signal.throwIfAborted()
    await sql`
      delete from imports where project_id = ${projectId} and (
        (uploaded_at is null and touched_at < now() - make_interval(mins => ${ABANDONED_MINUTES}))
        or (job_id is null and uploaded_at < now() - make_interval(hours => ${LIMITS.importUploadHours}))
        or (job_id is not null and not exists (
          select from project_jobs job where job.project_id = imports.project_id and job.id = imports.job_id)))
    `.execute(db)
    await sql`
      delete from import_pieces using imports, project_jobs job
      where import_pieces.project_id = ${projectId}
        and imports.project_id = ${projectId} and imports.id = import_pieces.import_id
        and job.project_id = ${projectId} and job.id = imports.job_id and job.finished_at is not null
        and (not imports.dry_run or job.finished_at < now() - make_interval(hours => ${LIMITS.importUploadHours}))
    `.execute(db)
  }
}
