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

/** What a mail says, with its attachments described but not loaded. */
export interface Content {
  html: string | null
  text: string | null
  headers: Record<string, string>
  attachments: Output<'emails', 'get'>['attachments']
}

/** Of a mail whose content is not kept. */
export const NO_CONTENT: Content = { html: null, text: null, headers: {}, attachments: [] }

/** The content of an email. */
export async function getContent(ctx: Context, contentId: string): Promise<Content> {
  return (await getContents(ctx, [contentId])).get(contentId) ?? NO_CONTENT
}

/** The contents of several emails, by their ids. */
export async function getContents({ db, actor }: Context, ids: readonly string[]): Promise<Map<string, Content>> {
  if (ids.length === 0) return new Map()
  const contents = await db
    .selectFrom('email_contents')
    .select(['id', 'html', 'text', 'headers'])
    .where('project_id', '=', actor.projectId)
    .where('id', 'in', ids)
    .execute()
  const attachments = await db
    .selectFrom('email_attachments')
    .select(['content_id', 'filename', 'content_type', 'size_bytes', 'inline_id', 'disposition'])
    .where('project_id', '=', actor.projectId)
    .where('content_id', 'in', ids)
    .orderBy('position')
    .execute()
  const described = Map.groupBy(attachments, (row) => row.content_id)
  return new Map(
    contents.map(({ id, ...content }) => [
      id,
      {
        ...content,
        attachments: (described.get(id) ?? []).map((row) => ({
          filename: row.filename,
          contentType: row.content_type,
          sizeBytes: row.size_bytes,
          contentId: row.inline_id,
          disposition: row.disposition,
        })),
      },
    ]),
  )
}
