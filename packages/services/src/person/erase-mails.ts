import type { Db } from '@posthorn/db'
import { withdrawAll } from '@posthorn/outbox'
import { sql } from 'kysely'
import type { Addressed, PersonalMail } from './mails.ts'

/**
 * Deletes mails to a person with all that belongs to them, and takes the person out of mails to others. Answers which
 * mails a worker has at this moment: those stay for now.
 */
export async function eraseMails(db: Db, person: Addressed, mails: readonly PersonalMail[]): Promise<string[]> {
  const idsOf = (isRecipient: boolean) => mails.filter((mail) => mail.isRecipient === isRecipient).map(({ id }) => id)
  const theirs = idsOf(true)
  const held = new Set(await withdrawAll(db, person.projectId, theirs))
  await deleteMails(
    db,
    person.projectId,
    theirs.filter((id) => !held.has(id)),
  )
  const copies = idsOf(false)
  const heldCopies = await heldOf(db, person.projectId, copies)
  await takeOut(
    db,
    person,
    copies.filter((id) => !heldCopies.includes(id)),
  )
  return [...held, ...heldCopies]
}

async function deleteMails(db: Db, projectId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    with gone as (
      delete from emails where project_id = ${projectId} and id = any(${ids}::uuid[]) returning id, content_id
    ), attempts as (
      delete from email_attempts using gone where project_id = ${projectId} and email_id = gone.id
    ), messages as (
      delete from inbox_messages using gone where project_id = ${projectId} and email_id = gone.id
    ), unused as (
      select distinct content_id as id from gone
      where not exists (
        select from emails other
        where other.project_id = ${projectId} and other.content_id = gone.content_id
          and other.id <> all(${ids}::uuid[]))
    ), attachments as (
      delete from email_attachments using unused where project_id = ${projectId} and content_id = unused.id
    )
    delete from email_contents using unused where project_id = ${projectId} and email_contents.id = unused.id
  `.execute(db)
}

/** A worker that has a mail has read already to whom it goes. */
async function heldOf(db: Db, projectId: string, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('outbox')
    .select('email_id')
    .where('project_id', '=', projectId)
    .where('email_id', 'in', ids)
    .where('lease_token', 'is not', null)
    .where('due_at', '>', sql<Date>`now()`)
    .execute()
  return rows.map((row) => row.email_id)
}

async function takeOut(db: Db, { projectId, emails }: Addressed, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    with others as (
      update emails set
        cc = (select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(cc) as one
          where one->>'email' <> all(${emails})),
        bcc = (select coalesce(jsonb_agg(one), '[]') from jsonb_array_elements(bcc) as one
          where one->>'email' <> all(${emails})),
        reply_to_email = case when reply_to_email <> all(${emails}) then reply_to_email end,
        reply_to_name = case when reply_to_email <> all(${emails}) then reply_to_name end
      where project_id = ${projectId} and id = any(${ids}::uuid[])
    )
    delete from inbox_messages where project_id = ${projectId} and email_id = any(${ids}::uuid[])
  `.execute(db)
  for (const email of emails) {
    await sql`
      update email_attempts set words = replace(words, ${email}, '…')
      where project_id = ${projectId} and email_id = any(${ids}::uuid[]) and strpos(words, ${email}) > 0
    `.execute(db)
  }
}
