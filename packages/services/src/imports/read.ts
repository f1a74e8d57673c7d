import type { Output } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { percentOf } from '../project-jobs/jobs.ts'
import type { Delimiter } from './delimiter.ts'
import type { RowCounts } from './piece.ts'

type Import = Output<'imports', 'get'>

/** The imports of a project that have arrived, each with its job. */
export const findImports = (db: Db, projectId: string) =>
  db
    .selectFrom('imports')
    .leftJoin('project_jobs as job', (join) =>
      join.onRef('job.project_id', '=', 'imports.project_id').onRef('job.id', '=', 'imports.job_id'),
    )
    .selectAll('imports')
    .select(['job.status', 'job.done_items', 'job.total_items', 'job.result', 'job.error', 'job.finished_at'])
    .where('imports.project_id', '=', projectId)
    .where('imports.uploaded_at', 'is not', null)

type Row = Awaited<ReturnType<ReturnType<typeof findImports>['execute']>>[number]

/** An import of the actor's project, or a refusal. */
export async function getImport({ db, actor }: Context, id: string): Promise<Import> {
  const row = await findImports(db, actor.projectId).where('imports.id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ApiError('IMPORT_NOT_FOUND', 'The project has no such import.')
  return present(row)
}

/** Until the end of the transaction nobody else starts or deletes it. */
export async function holdImport({ db, actor }: Context, id: string): Promise<void> {
  await sql`select from imports where project_id = ${actor.projectId} and id = ${id} for update`.execute(db)
}

export const isUnderWay = ({ status }: Import): boolean => status === 'waiting' || status === 'running'

export function present(row: Row): Import {
  const { status, done_items, total_items } = row
  return {
    id: row.id,
    filename: row.filename,
    status: status ?? 'ready',
    rows: row.row_count,
    bytes: Number(row.byte_count),
    encoding: row.encoding ?? '',
    delimiter: row.delimiter as Delimiter, // Safe because an upload that has arrived has stored one.
    columns: row.columns,
    dryRun: row.dry_run,
    jobId: row.job_id,
    percent: status === null ? null : percentOf({ status, done_items: done_items ?? 0, total_items }),
    counts: row.result as RowCounts | null, // Safe because its steps store such.
    problems: row.problem_count,
    error: row.error,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  }
}
