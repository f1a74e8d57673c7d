import type { Output } from '@posthorn/contracts'
import type { Db, Tables } from '@posthorn/db'
import { STREAMS } from '@posthorn/outbox'
import { sql, type Selectable } from 'kysely'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { OVERDUE_SECONDS, RELAY_PAUSE, whyItWaits, type Status } from './why.ts'

/** Where an email stands, read off the outbox while it waits there and off its own row afterwards. */
export const STATUS = sql<Status>`case
  when emails.outcome is not null then emails.outcome
  when outbox.email_id is null then 'queued'
  when outbox.lease_token is not null and outbox.due_at > now() then 'sending'
  when emails.scheduled_at > now() then 'scheduled'
  when outbox.attempts > 0 then 'deferred'
  else 'queued' end`

export function selectEmails(db: Db, projectId: string) {
  return db
    .selectFrom('emails')
    .leftJoin('outbox', (join) =>
      join.onRef('outbox.project_id', '=', 'emails.project_id').onRef('outbox.email_id', '=', 'emails.id'),
    )
    .where('emails.project_id', '=', projectId)
    .selectAll('emails')
    .select([
      STATUS.as('status'),
      'outbox.due_at',
      'outbox.reason as waiting_reason',
      'outbox.attempts as attempts_so_far',
      OVERDUE_SECONDS.as('overdue_seconds'),
      RELAY_PAUSE.as('relay_pause'),
    ])
}

export type Row = Selectable<Tables['emails']> & {
  status: Status
  due_at: Date | null
  waiting_reason: string | null
  attempts_so_far: number | null
  overdue_seconds: number | null
  relay_pause: string | null
}

const STREAM_NAMES = Object.keys(STREAMS) as (keyof typeof STREAMS)[] // Safe because these are its keys.

export function present(row: Row): Output<'emails', 'list'>['data'][number] {
  return {
    id: row.id,
    status: row.status,
    stream: STREAM_NAMES.find((name) => STREAMS[name] === row.stream) ?? 'transactional',
    reason: row.outcome === null ? whyItWaits(row) : row.reason,
    attempts: row.attempts_so_far ?? row.attempts,
    nextAttemptAt: row.outcome === null ? row.due_at : null,
    possiblyDuplicate: row.possibly_duplicate,
    captured: row.captured,
    contactId: row.contact_id,
    from: { email: row.from_email, name: row.from_name },
    to: { email: row.to_email, name: row.to_name },
    cc: row.cc,
    bcc: row.bcc,
    subject: row.subject,
    tags: row.tags,
    scheduledAt: row.scheduled_at,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    endedAt: row.ended_at,
  }
}

/** The email of the actor's project, or a refusal. */
export async function getEmail({ db, actor }: Context, id: string): Promise<Row> {
  const row = await selectEmails(db, actor.projectId).where('emails.id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ApiError('EMAIL_NOT_FOUND', 'The project has no such email.')
  return row
}

/** The content of an email, with its attachments described but not loaded. */
export async function getContent({ db, actor }: Context, contentId: string) {
  const content = await db
    .selectFrom('email_contents')
    .select(['html', 'text', 'headers'])
    .where('project_id', '=', actor.projectId)
    .where('id', '=', contentId)
    .executeTakeFirst()
  const attachments = await db
    .selectFrom('email_attachments')
    .select(['filename', 'content_type', 'size_bytes', 'inline_id', 'disposition'])
    .where('project_id', '=', actor.projectId)
    .where('content_id', '=', contentId)
    .orderBy('position')
    .execute()
  return {
    html: content?.html ?? null,
    text: content?.text ?? null,
    headers: content?.headers ?? {},
    attachments: attachments.map((row) => ({
      filename: row.filename,
      contentType: row.content_type,
      sizeBytes: row.size_bytes,
      contentId: row.inline_id,
      disposition: row.disposition,
    })),
  }
}
