import { inTransaction } from '../context.ts'
import { announce } from '../changes.ts'
import type { Handlers } from '../handlers.ts'
import { startProjectJob } from '../project-jobs/start.ts'
import type { DoStep } from '../project-jobs/step.ts'
import { sql } from 'kysely'
import { forgetName, removedEvents } from './counts.ts'
import { countOf } from './names.ts'

export const deleteByName: Handlers<'events'>['delete'] = (ctx, { name }) =>
  inTransaction(ctx, async (ctx) => ({
    message: 'The events are being deleted.',
    jobId: await startProjectJob(ctx, 'events.delete', { name }),
  }))

/** Deletes the next events of a name, the oldest first. Those that are reported after it was asked for stay. */
export const deleteEventsStep: DoStep = async (db, { projectId, id, input, done, total, batchRows }) => {
  const name = input['name'] as string // Safe because `deleteByName` stored it.
  const all = total ?? (await countOf(db, { projectId, name }))
  const { rows } = await sql<{ count: number }>`
    with gone as (
      delete from events where project_id = ${projectId} and id = any(array(
        select id from events where project_id = ${projectId} and name = ${name} and id < ${id}
        order by id limit ${batchRows}))
      returning project_id, name, created_at
    ), ${removedEvents(sql`select project_id, name, created_at from gone`)}
    select count(*)::int as count from gone
  `.execute(db)
  const deleted = rows[0]?.count ?? 0
  const isOver = deleted < batchRows
  if (isOver) await forgetName(db, { projectId, name })
  await announce(db, projectId, 'events')
  const handled = done + deleted
  return { state: {}, done: handled, total: isOver ? handled : all, result: { deleted: handled }, isOver }
}
