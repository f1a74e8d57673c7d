import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { forgetDays, removedEvents } from './events/counts.ts'

const BATCH = 500
const EXPIRED_INVITATION_DAYS = 30

/**
 * Deletes what each project no longer wants to keep: mails that ended with all that belongs to them, and events. Mail
 * that waits is never deleted, and the audit log is kept. In batches that each are a transaction; can be stopped or
 * killed anywhere, and begun again.
 */
export async function applyRetention(db: Db, signal: AbortSignal, batch = BATCH): Promise<void> {
  const projects = await db
    .selectFrom('projects')
    .select(['id', 'retention_days'])
    .where('retention_days', 'is not', null)
    .where('deleted_at', 'is', null)
    .execute()
  for (const { id, retention_days } of projects) {
    const span = { projectId: id, days: retention_days as number, batch } // Safe because of the `where` above.
    await repeat(signal, () => deleteEmails(db, span))
    await repeat(signal, () => deleteEvents(db, span))
    await forgetDays(db, id)
  }
}

/** Deletes invitations that have expired so long ago that nobody looks for them any more. */
export async function forgetInvitations(db: Db): Promise<void> {
  await sql`
    delete from invitations where expires_at < now() - make_interval(days => ${EXPIRED_INVITATION_DAYS})
  `.execute(db)
}

interface Span {
  projectId: string
  days: number
  batch: number
}

async function repeat(signal: AbortSignal, step: () => Promise<number>): Promise<void> {
  do signal.throwIfAborted()
  while ((await step()) > 0)
}

/** Ids begin with their time (RFC 9562), so the oldest rows are those with the smallest ids. */
const firstIdSince = (days: number): RawBuilder<string> => sql`
  rpad(lpad(to_hex((extract(epoch from now() - make_interval(days => ${days})) * 1000)::bigint), 12, '0'), 32, '0')::uuid`

async function deleteEmails(db: Db, { projectId, days, batch }: Span): Promise<number> {
  const { rows } = await sql<{ emails: number }>`
    with old as (
      delete from emails where project_id = ${projectId} and id = any(array(
        select id from emails
        where project_id = ${projectId} and id < ${firstIdSince(days)} and outcome is not null
          and coalesce(ended_at, created_at) < now() - make_interval(days => ${days})
        order by id limit ${batch} for update skip locked))
      returning id, content_id
    ), attempts as (
      delete from email_attempts using old where project_id = ${projectId} and email_id = old.id
    ), messages as (
      delete from inbox_messages using old where project_id = ${projectId} and email_id = old.id
    ), unused as (
      select distinct content_id as id from old
      where not exists (
        select from emails other
        where other.project_id = ${projectId} and other.content_id = old.content_id
          and not exists (select from old gone where gone.id = other.id))
    ), attachments as (
      delete from email_attachments using unused where project_id = ${projectId} and content_id = unused.id
    ), contents as (
      delete from email_contents using unused where project_id = ${projectId} and email_contents.id = unused.id
    )
    select count(*)::int as emails from old
  `.execute(db)
  return rows[0]?.emails ?? 0
}

async function deleteEvents(db: Db, { projectId, days, batch }: Span): Promise<number> {
  const { rows } = await sql<{ events: number }>`
    with gone as (
      delete from events where project_id = ${projectId} and id = any(array(
        select id from events where project_id = ${projectId} and id < ${firstIdSince(days)} order by id limit ${batch}))
      returning project_id, name, created_at
    ), ${removedEvents(sql`select project_id, name, created_at from gone`)}
    select count(*)::int as events from gone
  `.execute(db)
  return rows[0]?.events ?? 0
}
