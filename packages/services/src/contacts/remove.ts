import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { removedEvents } from '../events/counts.ts'

interface Which {
  projectId: string
  ids: string[]
}

/**
 * Holds those contacts that exist until the transaction ends, in the order in which everybody takes them. Meanwhile events
 * of theirs are stored, unless they are to be deleted.
 */
export async function lockContacts(
  db: Db,
  { projectId, ids }: Which,
  { toDelete = false }: { toDelete?: boolean } = {},
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('contacts')
    .select('id')
    .where('project_id', '=', projectId)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .orderBy('email')
    .$if(toDelete, (query) => query.forUpdate())
    .$if(!toDelete, (query) => query.forNoKeyUpdate())
    .execute()
  return rows.map(({ id }) => id)
}

/** The same for those contacts that have these addresses. */
export async function lockAddresses(
  db: Db,
  { projectId, emails }: { projectId: string; emails: readonly string[] },
): Promise<void> {
  await sql`
    select from contacts where project_id = ${projectId} and email = any(${emails}) order by email for no key update
  `.execute(db)
}

/** Deletes up to so many events of the contacts, and says how many it were. */
export async function deleteEvents(db: Db, { projectId, ids }: Which, limit?: number): Promise<number> {
  const { rows } = await sql<{ events: number }>`
    with gone as (
      delete from events where project_id = ${projectId} and id = any(array(
        select id from events where project_id = ${projectId} and contact_id = any(${ids}::uuid[])
        limit ${limit ?? null}))
      returning project_id, name, created_at
    ), ${removedEvents(sql`select project_id, name, created_at from gone`)}
    select count(*)::int as events from gone
  `.execute(db)
  return rows[0]?.events ?? 0
}

/** Deletes contacts whose events are gone. Mails to them stay: each has its recipient’s address. */
export async function removeContacts(db: Db, { projectId, ids }: Which): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('contacts')
    .where('project_id', '=', projectId)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
