import type { JobKind } from '@posthorn/contracts'
import type { Tables } from '@posthorn/db'
import type { Selectable } from 'kysely'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import { readCursor } from '../cursor.ts'
import { ApiError } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { searchPage } from '../search.ts'
import { ENDED } from './ended.ts'
import { holdJob } from './hold.ts'
import type { Facts } from './step.ts'

type Row = Selectable<Tables['project_jobs']>

export const jobs: Handlers<'jobs'> = {
  list({ db, actor }, { limit, cursor, kind, status }) {
    const before = readCursor(cursor)
    const span = db
      .selectFrom('project_jobs')
      .where('project_id', '=', actor.projectId)
      .$if(before !== undefined, (query) => query.where('id', '<', before as string))
      .orderBy('id', 'desc')
    const found = span
      .selectAll()
      .$if(kind !== undefined, (query) => query.where('kind', '=', kind as string))
      .$if(status !== undefined, (query) => query.where('status', '=', status as Row['status']))
    const walk = kind === undefined && status === undefined ? undefined : span.select('id')
    return searchPage(db, { limit, walk, rows: (from) => found.where('id', '>=', from) }, present)
  },

  get: async (ctx, { id }) => present(await getJob(ctx, id)),

  cancel: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      const { projectId } = ctx.actor
      const { kind, finished_at } = await getJob(ctx, id)
      if (finished_at === null && UNSTOPPABLE.has(kind)) {
        throw new ApiError('JOB_UNSTOPPABLE', 'A person who was promised to be erased is erased.')
      }
      // Waits for the step that is under way; no further one begins.
      await holdJob(ctx.db, id)
      const cancelled = await ctx.db
        .updateTable('project_jobs')
        .set({ status: 'cancelled', ...ENDED })
        .where('project_id', '=', projectId)
        .where('id', '=', id)
        .where('finished_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      if (cancelled === undefined) {
        const { status } = await getJob(ctx, id)
        throw new ApiError('JOB_FINISHED', `The job has ${FINISHED_WORDS[status] ?? 'ended'} already.`)
      }
      await announce(ctx.db, projectId, 'jobs')
      await auditPerson(ctx, { action: 'job.cancelled', target: id, detail: { kind: cancelled.kind } })
      return present(cancelled)
    }),
}

const UNSTOPPABLE: ReadonlySet<string> = new Set<JobKind>(['contacts.erase'])

const FINISHED_WORDS: Partial<Record<Row['status'], string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'been cancelled',
}

/** A job of the project, of whichever of these kinds; of any kind, when none are named. */
export async function getJob({ db, actor }: Context, id: string, kinds?: readonly JobKind[]): Promise<Row> {
  const row = await db
    .selectFrom('project_jobs')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where('id', '=', id)
    .$if(kinds !== undefined, (query) => query.where('kind', 'in', kinds as readonly string[]))
    .executeTakeFirst()
  if (row === undefined) throw new ApiError('JOB_NOT_FOUND', 'The project has no such job.')
  return row
}

function present(row: Row) {
  return {
    id: row.id,
    kind: row.kind as JobKind, // Safe because only such kinds are ever started.
    status: row.status,
    progress: { done: row.done_items, total: row.total_items, percent: percentOf(row) },
    result: row.result as Facts | null, // Safe because only JSON is ever stored there.
    error: row.error,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }
}

/** What was counted in the beginning may have grown since, so only the end is 100. */
export function percentOf({
  status,
  done_items,
  total_items,
}: Pick<Row, 'status' | 'done_items' | 'total_items'>): number | null {
  if (status === 'succeeded') return 100
  if (total_items === null) return null
  return total_items === 0 ? 0 : Math.min(99, Math.floor((done_items / total_items) * 100))
}
