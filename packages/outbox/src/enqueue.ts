import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { WAKE_CHANNEL, type Stream } from './streams.ts'

export interface Waiting {
  projectId: string
  emailId: string
  stream: Stream
  /** Left out: due at once. */
  dueAt?: Date | null | undefined
  /** What the worker has to hold in memory for it, attachments aside. */
  sizeBytes: number
}

/** Queues emails within the caller's transaction, and wakes the workers when that commits. */
export async function enqueue(db: Db, emails: readonly Waiting[]): Promise<void> {
  await sql`with ${queuedEmails(emails)} select from woken`.execute(db)
}

/**
 * Table expressions that queue emails, for a statement that stores them too. That statement must read `woken`, which
 * has one row, so that the workers are woken when it commits.
 */
export function queuedEmails(emails: readonly Waiting[]): RawBuilder<unknown> {
  const rows = emails.map((email) => ({
    project_id: email.projectId,
    email_id: email.emailId,
    stream: email.stream,
    due_at: email.dueAt ?? null,
    size_bytes: email.sizeBytes,
  }))
  return sql`
    queued as (
      insert into outbox (project_id, email_id, stream, due_at, first_due_at, size_bytes)
      select project_id, email_id, stream, greatest(due_at, now()), greatest(due_at, now()), size_bytes
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as row (project_id uuid, email_id uuid, stream smallint, due_at timestamptz, size_bytes integer)
    ), woken as materialized (
      select pg_notify(${WAKE_CHANNEL}, '')
    )`
}
