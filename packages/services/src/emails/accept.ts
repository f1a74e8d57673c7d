import type { Mailbox } from '@posthorn/contracts'
import { toldChange, type Db, type StoredMailbox } from '@posthorn/db'
import { queuedEmails, tallied, type Stream, type Waiting } from '@posthorn/outbox'
import { sql } from 'kysely'
import { insertAudit, type ByHand } from '../audit.ts'
import { askToConfirm } from '../consent/ask.ts'
import type { Origin } from '../consent/proof.ts'
import type { Request } from '../consent/wish.ts'
import { mergedContacts, type Data } from '../contacts/merge.ts'
import { newId } from '../ids.ts'

export interface AcceptedAttachment {
  filename: string
  contentType: string
  inlineId: string | null
  disposition: 'attachment' | 'inline'
  content: Buffer
}

/** One mail as it was asked for: its recipients share the content and get an email each. */
export interface Mail {
  recipients: Mailbox[]
  from: StoredMailbox
  replyTo: StoredMailbox | null
  cc: StoredMailbox[]
  bcc: StoredMailbox[]
  subject: string
  html: string | null
  text: string | null
  headers: Record<string, string>
  attachments: AcceptedAttachment[]
  /** Kept with the mail, for its placeholders. */
  data: Data
  /** Merged into the recipients' contacts. */
  contactData: Data
  subscribed: boolean | undefined
  /** Who says so, where `subscribed` is given. */
  origin?: Origin | undefined
  /** To be asked whether they want to be subscribed. */
  request?: Request | undefined
  tags: string[]
  scheduledAt: Date | null
  stream: Stream
  /** What it was made of, if a template. */
  templateId: string | null
  /** To be sent to those alone who are subscribed when it is. */
  isMarketing?: boolean | undefined
  /** The topic whose choices it goes by, and which its links leave. */
  topic?: string | undefined
}

export interface Acceptance {
  projectId: string
  captured: boolean
  mails: Mail[]
  /** For what a person does, who is named in the audit log. */
  byHand?: ByHand | undefined
}

/** For each mail, the email of each recipient. */
export type Accepted = { contact: { id: string; email: string }; email: string }[][]

interface Placed extends Mail {
  projectId: string
  captured: boolean
  contentId: string
  /** An email for each recipient. */
  rows: { id: string; to: Mailbox }[]
}

/**
 * Stores mails, their recipients as contacts, and their places in the queue, for any number of calls at once. The
 * number of statements does not depend on the number of mails, attachments aside; without attachments it is one.
 */
export async function acceptEmails(db: Db, acceptances: readonly Acceptance[]): Promise<Accepted[]> {
  const placed = acceptances.map(({ mails, projectId, captured }) =>
    mails.map((mail): Placed => {
      const rows = mail.recipients.map((to) => ({ id: newId(), to }))
      return { ...mail, projectId, captured, contentId: newId(), rows }
    }),
  )
  const mails = placed.flat()
  const contacts = await insertEmails(db, mails)
  await insertAttachments(db, mails)
  await askRecipients(db, mails, contacts)
  await auditThoseByHand(db, acceptances, placed)
  return placed.map((ofCall) =>
    ofCall.map(({ rows }) =>
      // Safe because each stored email has its contact.
      rows.map(({ id, to }) => ({ contact: { id: contacts.get(id) as string, email: to.email }, email: id })),
    ),
  )
}

/** Each of them gets a mail of their own that asks. */
async function askRecipients(db: Db, mails: readonly Placed[], contacts: ReadonlyMap<string, string>): Promise<void> {
  for (const { request, rows } of mails) {
    if (request === undefined) continue
    const ids = new Set(rows.map(({ id }) => contacts.get(id) as string)) // Safe because each stored email has its contact.
    const questions = [...ids].map((contactId) => ({ contactId, topics: [], consent: undefined }))
    await askToConfirm(db, request.asking, questions)
  }
}

/** Not for keys, whose everyday traffic this is. */
async function auditThoseByHand(db: Db, acceptances: readonly Acceptance[], placed: Placed[][]): Promise<void> {
  for (const [index, { projectId, byHand }] of acceptances.entries()) {
    if (byHand === undefined) continue
    const ids = placed[index]?.flatMap(({ rows }) => rows.map(({ id }) => id)) ?? []
    await insertAudit(db, { projectId, actor: byHand.actor, ip: byHand.ip, ...byHand.entry(ids) })
  }
}

/** Whether acceptance is a single statement, which needs no transaction around it to be kept whole or not at all. */
export function acceptsInOneStatement(acceptances: readonly Acceptance[]): boolean {
  return acceptances.every(
    ({ mails, byHand }) =>
      byHand === undefined &&
      mails.every(({ attachments, request }) => attachments.length === 0 && request === undefined),
  )
}

/** What sending a mail to somebody makes of their contact. */
export function wishOf(
  mail: Pick<Placed, 'projectId' | 'contactData' | 'subscribed' | 'origin'>,
  { email, name }: Mailbox,
) {
  return {
    projectId: mail.projectId,
    email,
    patch: name === undefined || 'name' in mail.contactData ? mail.contactData : { ...mail.contactData, name },
    subscribed: mail.subscribed,
    origin: mail.origin,
    subscribedWhenNew: false,
  }
}

/** Stores all but the attachments. Answers the id of each email's contact. */
async function insertEmails(db: Db, mails: readonly Placed[]): Promise<Map<string, string>> {
  const contents = mails.map((mail) => ({
    project_id: mail.projectId,
    id: mail.contentId,
    html: mail.html,
    text: mail.text,
    headers: mail.headers,
    data: mail.data,
  }))
  const emails = mails.flatMap((mail) =>
    mail.rows.map(({ id, to }) => ({
      project_id: mail.projectId,
      id,
      content_id: mail.contentId,
      from_email: mail.from.email,
      from_name: mail.from.name,
      reply_to_email: mail.replyTo?.email ?? null,
      reply_to_name: mail.replyTo?.name ?? null,
      to_email: to.email,
      to_name: to.name ?? null,
      cc: mail.cc,
      bcc: mail.bcc,
      subject: mail.subject,
      tags: mail.tags,
      stream: mail.stream,
      captured: mail.captured,
      scheduled_at: mail.scheduledAt,
      template_id: mail.templateId ?? undefined,
      is_marketing: mail.isMarketing ?? false,
      topic_id: mail.topic,
    })),
  )
  const { rows } = await sql<{ id: string; contact_id: string }>`
    with ${mergedContacts(mails.flatMap((mail) => mail.recipients.map((to) => wishOf(mail, to))))}, contents as (
      insert into email_contents (project_id, id, html, text, headers, data)
      select project_id, id, html, text, headers, data from json_to_recordset(${JSON.stringify(contents)}::json)
        as row (project_id uuid, id uuid, html text, text text, headers jsonb, data jsonb)
    ), stored as (
      insert into emails (project_id, id, content_id, contact_id, from_email, from_name, reply_to_email,
        reply_to_name, to_email, to_name, cc, bcc, subject, tags, stream, captured, scheduled_at, template_id,
        is_marketing, topic_id)
      select email.project_id, email.id, content_id, merged.id, from_email, from_name, reply_to_email,
        reply_to_name, to_email, to_name, cc, bcc, subject, array(select json_array_elements_text(tags)), stream,
        captured, scheduled_at, template_id, is_marketing, topic_id
      from json_to_recordset(${JSON.stringify(emails)}::json) as email (project_id uuid, id uuid, content_id uuid,
          from_email text, from_name text, reply_to_email text, reply_to_name text, to_email text, to_name text,
          cc jsonb, bcc jsonb, subject text, tags json, stream smallint, captured boolean, scheduled_at timestamptz,
          template_id uuid, is_marketing boolean, topic_id text)
        join merged on merged.project_id = email.project_id and merged.email = email.to_email
      returning project_id, id, contact_id, stream, template_id, to_email
    ), counted as (${tallied(
      ['accepted'],
      sql`select project_id, stream, template_id, to_email, 1 as accepted from stored`,
    )}
    ), told as materialized (${toldChange('emails', sql`select project_id from stored`)}
      union all ${toldChange('contacts', sql`select project_id from merged where is_new`)}
    ), ${queuedEmails(mails.flatMap(waitingOf))}
    select id, contact_id from stored, woken where (select count(*) from told) is not null
  `.execute(db)
  return new Map(rows.map(({ id, contact_id }) => [id, contact_id]))
}

function waitingOf({ projectId, rows, stream, scheduledAt, html, text }: Placed): Waiting[] {
  const sizeBytes = (html?.length ?? 0) + (text?.length ?? 0)
  return rows.map(({ id }) => ({ projectId, emailId: id, stream, dueAt: scheduledAt, sizeBytes }))
}

async function insertAttachments(db: Db, mails: readonly Placed[]): Promise<void> {
  for (const mail of mails.filter(({ attachments }) => attachments.length > 0)) {
    const rows = mail.attachments.map((attachment, position) => ({
      project_id: mail.projectId,
      content_id: mail.contentId,
      position,
      filename: attachment.filename,
      content_type: attachment.contentType,
      inline_id: attachment.inlineId,
      disposition: attachment.disposition,
      size_bytes: attachment.content.length,
      content: attachment.content,
    }))
    await db.insertInto('email_attachments').values(rows).execute()
  }
}
