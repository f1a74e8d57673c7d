import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

export interface Person {
  projectId: string
  contactId: string | null
  email: string
}

/** Whose mails: those to the contact, whichever address it had, and those that one of the addresses has part in. */
export interface Addressed extends Person {
  /** All that are theirs. */
  emails: readonly string[]
}

/** A person with the addresses that the contact had before, and that nobody else has by now. */
export async function addressed(db: Db, person: Person): Promise<Addressed> {
  const { projectId, contactId, email } = person
  const rows = await db
    .selectFrom('contact_addresses')
    .select('email')
    .where('project_id', '=', projectId)
    .where('contact_id', '=', contactId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('contacts')
            .where('contacts.project_id', '=', projectId)
            .whereRef('contacts.email', '=', 'contact_addresses.email'),
        ),
      ),
    )
    .execute()
  return { ...person, emails: [...new Set([email, ...rows.map((row) => row.email)])] }
}

export interface PersonalMail {
  id: string
  /** It went to them; else they stand in its copies, or answers go to them. */
  isRecipient: boolean
}

export interface MailsFound {
  mails: PersonalMail[]
  /** From where the search goes on; null at the end. */
  before: string | null
}

/** No index has the copies of a mail, nor the addresses that a contact had before: so many mails are looked at in one go. */
const LOOKED_AT = 20_000

/** The next mails of a person behind an id, newest first. Costs the same however many or few there are. */
export async function findMails(
  db: Db,
  { projectId, contactId, email, emails }: Addressed,
  { before, limit, until = null }: { before: string; limit: number; until?: string | null },
): Promise<MailsFound> {
  const copies = emails.map((email) => JSON.stringify([{ email }]))
  const { rows } = await sql<{ id: string | null; is_recipient: boolean; edge: string | null }>`
    with edge as materialized (select (
      select id from emails where project_id = ${projectId} and id < ${before}
      order by id desc offset ${LOOKED_AT - 1} limit 1) as id)
    select found.id, found.is_recipient, edge.id as edge from edge left join lateral (
      select id, contact_id is not distinct from ${contactId}::uuid or to_email = ${email} as is_recipient from emails
      where project_id = ${projectId} and id < ${before} and (edge.id is null or id >= edge.id)
        and (${until}::timestamptz is null or created_at < ${until}::timestamptz)
        and (contact_id = ${contactId}::uuid or to_email = ${email} or reply_to_email = any(${emails})
          or cc @> any(${copies}::text[]::jsonb[]) or bcc @> any(${copies}::text[]::jsonb[]))
      order by id desc limit ${limit}) found on true
    order by found.id desc
  `.execute(db)
  const mails = rows.flatMap(({ id, is_recipient }) => (id === null ? [] : [{ id, isRecipient: is_recipient }]))
  const last = mails.length === limit ? mails.at(-1)?.id : undefined
  return { mails, before: last ?? rows[0]?.edge ?? null }
}

/** Behind every id. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
