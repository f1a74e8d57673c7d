import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'

/**
 * Table expression by which who refuses does not come back by a mail that asked them before: `refusing` has their
 * project_id and contact_id. It is over since it was asked: an answer that began a moment before would find it open still.
 */
export const droppedQuestions = (refusing: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  questions_dropped as (
    update confirmations set expires_at = mailed_at from ${refusing} refusing
    where confirmations.project_id = refusing.project_id and confirmations.contact_id = refusing.contact_id
      and confirmed_at is null and expires_at > now())`

/** The same for one contact. */
export async function dropQuestion(db: Db, who: { projectId: string; contactId: string }): Promise<void> {
  await sql`
    with ${droppedQuestions(sql`(select ${who.projectId}::uuid as project_id, ${who.contactId}::uuid as contact_id)`)}
    select
  `.execute(db)
}
