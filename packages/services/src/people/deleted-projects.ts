import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { exportEntries, listEntries } from '../audit-log.ts'
import { insertAudit } from '../audit.ts'
import { pageOf, readCursor } from '../cursor.ts'
import { newId } from '../ids.ts'
import type { PeopleHandlers } from './handlers.ts'
import { projectNotFound } from './refusals.ts'

const BATCH_ROWS = 5_000

/** Keeps whose audit log it is that stays, in the transaction that ends the project. */
export async function rememberDeleted(db: Db, projectId: string): Promise<void> {
  await sql`
    insert into deleted_projects (project_id, id, name, audit_kept_until)
    select id, ${newId()}, name, now() + make_interval(days => ${LIMITS.deletedAuditDays})
    from projects where id = ${projectId}
  `.execute(db)
}

type Handlers = Pick<PeopleHandlers<'instance'>, 'deletedProjects' | 'deletedProject' | 'auditOf' | 'exportAuditOf'>

/** What the owner of the instance sees of projects that nobody is a member of any more. */
export const deletedProjects: Handlers = {
  async deletedProjects({ db }, { limit, cursor }) {
    const before = readCursor(cursor)
    const rows = await selectDeleted(db)
      .$if(before !== undefined, (query) => query.where('deleted_projects.id', '<', before as string))
      .orderBy('deleted_projects.id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, present)
  },

  deletedProject: async ({ db }, { projectId }) => present(await getDeleted(db, projectId)),

  async auditOf({ db }, wanted) {
    await getDeleted(db, wanted.projectId)
    return listEntries(db, wanted)
  },

  async exportAuditOf({ db, ip, actor: { person } }, wanted) {
    await getDeleted(db, wanted.projectId)
    const exported = await exportEntries(db, wanted)
    const { projectId, limit: _, cursor, ...detail } = wanted
    if (cursor === undefined) {
      const actor = { kind: 'user', id: person.userId, name: person.name } as const
      await insertAudit(db, { projectId, actor, ip, action: 'audit.exported', target: projectId, detail })
    }
    return exported
  },
}

const selectDeleted = (db: Db) =>
  db
    .selectFrom('deleted_projects')
    .leftJoin('projects', 'projects.id', 'project_id')
    .select(['deleted_projects.id', 'project_id', 'deleted_projects.name', 'deleted_projects.deleted_at'])
    .select(['audit_kept_until', 'projects.id as left'])

type Row = Awaited<ReturnType<ReturnType<typeof selectDeleted>['execute']>>[number]

/** A project that lives is that of its members, and to the owner of the instance the same as a missing one. */
async function getDeleted(db: Db, projectId: string): Promise<Row> {
  const row = await selectDeleted(db).where('project_id', '=', projectId).executeTakeFirst()
  if (row === undefined) throw projectNotFound()
  return row
}

const present = (row: Row) => ({
  projectId: row.project_id,
  name: row.name,
  deletedAt: row.deleted_at,
  isGone: row.left === null,
  auditKeptUntil: row.audit_kept_until,
})

/** Deletes the audit logs of projects that were deleted so long ago that nobody has to answer for them any more. */
export async function forgetDeletedProjects(db: Db, signal: AbortSignal, batch = BATCH_ROWS): Promise<void> {
  const over = await db
    .selectFrom('deleted_projects')
    .select('project_id')
    .where('audit_kept_until', '<', sql<Date>`now()`)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('projects').select('projects.id').whereRef('projects.id', '=', 'project_id'))),
    )
    .execute()
  for (const { project_id: projectId } of over) {
    let deleted
    do {
      signal.throwIfAborted()
      const { numAffectedRows = 0n } = await sql`
        delete from audit_log where project_id = ${projectId} and id = any(array(
          select id from audit_log where project_id = ${projectId} order by id limit ${batch}))
      `.execute(db)
      deleted = numAffectedRows
    } while (deleted > 0n)
    await db.deleteFrom('deleted_projects').where('project_id', '=', projectId).execute()
  }
}
