import type { Db, StoredMailbox } from '@posthorn/db'
import { textOfHtml } from '@posthorn/rendering/text-part'
import { sql } from 'kysely'
import type { ComposableMail } from '../compose.ts'

/** An email as it is needed to be sent, its attachments aside. */
export interface LoadedEmail extends Omit<ComposableMail, 'attachments'> {
  contentId: string
  bcc: StoredMailbox[]
  attachmentBytes: number
  /** Whether it was accepted for the built-in inbox, and for no other place. */
  captured: boolean
  /** False of marketing mail whose address is no longer that of its contact, subscribed and in its topic. */
  isWelcome: boolean
}

/** Somebody else who has the address by now did not ask for it, and its way out is not theirs. */
const IS_WELCOME = sql<boolean>`not is_marketing or (
  exists (select from contacts
    where contacts.project_id = emails.project_id and contacts.id = emails.contact_id
      and contacts.email = emails.to_email and subscribed)
  and not exists (select from refused_addresses refusal
    where refusal.project_id = emails.project_id and refusal.hash = address_hash(emails.project_id, emails.to_email))
  and (topic_id is null or coalesce(
    (select subscribed from contact_topics choice
      where choice.project_id = emails.project_id and choice.contact_id = emails.contact_id
        and choice.topic_id = emails.topic_id),
    (select subscribed_by_default from topics
      where topics.project_id = emails.project_id and topics.id = emails.topic_id),
    false)))`

/** One text however many ids there are, so that the statement stays prepared. */
const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`

const named = ({ email, name }: StoredMailbox) => (name === null ? { email } : { email, name })

/** Loads emails of one project with two queries, however many they are. Content that several share comes once. */
export async function loadEmails(db: Db, projectId: string, ids: readonly string[]): Promise<Map<string, LoadedEmail>> {
  const rows = await db
    .selectFrom('emails')
    .selectAll()
    .select(IS_WELCOME.as('is_welcome'))
    .where('project_id', '=', projectId)
    .where('id', '=', anyOf(ids))
    .execute()
  if (rows.length === 0) return new Map()
  const contents = await db
    .selectFrom('email_contents')
    .select(({ selectFrom }) => [
      'id',
      'html',
      'text',
      'headers',
      selectFrom('email_attachments')
        .select(({ fn }) => fn.sum<string>('size_bytes').as('bytes'))
        .whereRef('email_attachments.project_id', '=', 'email_contents.project_id')
        .whereRef('email_attachments.content_id', '=', 'email_contents.id')
        .as('attachment_bytes'),
    ])
    .where('project_id', '=', projectId)
    .where('id', '=', anyOf([...new Set(rows.map((row) => row.content_id))]))
    .execute()
  // A mail in HTML alone looks like spam, and cannot be read everywhere.
  const textOf = ({ html, text }: { html: string | null; text: string | null }) =>
    text ?? (html === null ? undefined : textOfHtml(html) || undefined)
  const byId = new Map(contents.map((content) => [content.id, { ...content, text: textOf(content) }]))
  return new Map(
    rows.flatMap((row) => {
      const content = byId.get(row.content_id)
      if (content === undefined) return []
      const replyTo =
        row.reply_to_email === null ? undefined : named({ email: row.reply_to_email, name: row.reply_to_name })
      const email: LoadedEmail = {
        id: row.id,
        contentId: row.content_id,
        from: named({ email: row.from_email, name: row.from_name }),
        to: named({ email: row.to_email, name: row.to_name }),
        cc: row.cc.map(named),
        bcc: row.bcc,
        replyTo,
        subject: row.subject,
        html: content.html ?? undefined,
        text: content.text,
        headers: content.headers,
        captured: row.captured,
        isWelcome: row.is_welcome,
        attachmentBytes: Number(content.attachment_bytes ?? 0),
        date: row.scheduled_at ?? row.created_at,
      }
      return [[row.id, email] as const]
    }),
  )
}

/** The attachments of one content, loaded when it is about to be composed and not before. */
export async function loadAttachments(
  db: Db,
  projectId: string,
  contentId: string,
): Promise<ComposableMail['attachments']> {
  const rows = await db
    .selectFrom('email_attachments')
    .select(['filename', 'content_type', 'inline_id', 'disposition', 'content'])
    .where('project_id', '=', projectId)
    .where('content_id', '=', contentId)
    .orderBy('position')
    .execute()
  return rows.map((row) => ({
    filename: row.filename,
    contentType: row.content_type,
    contentId: row.inline_id ?? undefined,
    disposition: row.disposition,
    content: row.content,
  }))
}
