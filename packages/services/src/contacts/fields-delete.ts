import { inTransaction } from '../context.ts'
import { announce } from '../changes.ts'
import type { Handlers } from '../handlers.ts'
import { startProjectJob } from '../project-jobs/start.ts'
import type { DoStep } from '../project-jobs/step.ts'
import { sql } from 'kysely'
import { countOfField } from './field-counts.ts'
import { fieldName } from './filter.ts'
import { lockContacts } from './remove.ts'

/** For each contact that a step may change it looks at so many, however few of them have the field. */
const LOOKED_AT = 20
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

export const deleteField: Handlers<'contacts'>['deleteField'] = (ctx, { field }) =>
  inTransaction(ctx, async (ctx) => ({
    message: 'The field is being deleted.',
    jobId: await startProjectJob(ctx, 'contacts.delete-field', { name: fieldName(field) }),
  }))

/** Takes the field from the next contacts, the oldest first. Who comes after it was asked for keeps it. */
export const deleteFieldStep: DoStep = async (db, job) => {
  const { projectId, id, input, state, done, total, batchRows } = job
  const name = input['name'] as string // Safe because `deleteField` stored it.
  const after = (state['after'] as string | undefined) ?? FIRST_ID // Safe because it was stored below.
  const all = total ?? (await countOfField(db, { projectId, name }))
  const { rows } = await sql<{ ids: string[]; last: string | null; looked: number }>`
    with looked as materialized (
      select id, data ? ${name} as has_it from contacts
      where project_id = ${projectId} and id > ${after} and id < ${id}
      order by id limit ${batchRows * LOOKED_AT}
    ), held as (select id from looked where has_it order by id limit ${batchRows})
    select array(select id from held order by id) as ids, (select count(*)::int from looked) as looked,
      case when (select count(*) from held) = ${batchRows} then (select id from held order by id desc limit 1)
        else (select id from looked order by id desc limit 1) end as last
  `.execute(db)
  const { ids = [], last = null, looked = 0 } = rows[0] ?? {}
  const found = await lockContacts(db, { projectId, ids })
  const { numAffectedRows = 0n } = await sql`
    update contacts set data = data - ${name}::text, updated_at = now()
    where project_id = ${projectId} and id = any(${found}::uuid[]) and data ? ${name}
  `.execute(db)
  if (numAffectedRows > 0n) await announce(db, projectId, 'contacts')
  const isOver = ids.length < batchRows && looked < batchRows * LOOKED_AT
  const changed = done + Number(numAffectedRows)
  return {
    state: { after: last ?? after },
    done: changed,
    total: isOver ? changed : Math.max(all, changed),
    result: { deletedFrom: changed },
    isOver,
  }
}
