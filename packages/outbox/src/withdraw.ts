import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { MAY_BE_SENT } from './announce.ts'
import { WAKE_CHANNEL } from './streams.ts'

// A worker that is late, even by hours, may still hand over what it has announced, and nothing else.
const isFree = sql<boolean>`(lease_token is null or (due_at <= now() and not ${MAY_BE_SENT}))`

/** Takes an email out of the queue. False when a worker has it or may be sending it, or it is not there. */
export async function withdraw(db: Db, projectId: string, emailId: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('outbox')
    .where('project_id', '=', projectId)
    .where('email_id', '=', emailId)
    .where(isFree)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Takes those emails out of the queue that no worker has. Answers which are still in it. */
export async function withdrawAll(db: Db, projectId: string, emailIds: readonly string[]): Promise<string[]> {
  if (emailIds.length === 0) return []
  await db
    .deleteFrom('outbox')
    .where('project_id', '=', projectId)
    .where('email_id', 'in', emailIds)
    .where(isFree)
    .execute()
  const held = await db
    .selectFrom('outbox')
    .select('email_id')
    .where('project_id', '=', projectId)
    .where('email_id', 'in', emailIds)
    .execute()
  return held.map((row) => row.email_id)
}

/** Moves an email that waits to another time. False when a worker has it or may be sending it, or it is not there. */
export async function postpone(
  db: Db,
  projectId: string,
  { emailId, dueAt }: { emailId: string; dueAt: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('outbox')
    .set({
      due_at: dueAt,
      lease_token: null,
      reason: null,
      first_due_at: dueAt,
    })
    .where('project_id', '=', projectId)
    .where('email_id', '=', emailId)
    .where(isFree)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Makes an email that waits due at once, and wakes the workers. False when a worker has it or it is not there. */
export async function hasten(db: Db, projectId: string, emailId: string): Promise<boolean> {
  const { rows } = await sql`
    with hastened as (
      update outbox set due_at = least(due_at, now()), lease_token = null
      where project_id = ${projectId} and email_id = ${emailId} and ${isFree}
      returning email_id
    )
    select pg_notify(${WAKE_CHANNEL}, '') from hastened
  `.execute(db)
  return rows.length > 0
}
