import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

export interface HandBack {
  emailIds: readonly string[]
  token: string
  /** Zero where the worker stops; longer where the relay is away. */
  delaySeconds: number
  reason?: string | undefined
}

/** Gives leased emails back untried, so that the attempt does not count. */
export async function release(
  db: Db,
  projectId: string,
  { emailIds, token, delaySeconds, reason }: HandBack,
): Promise<void> {
  await sql`
    update outbox set lease_token = null, attempts = attempts - 1, due_at = now() + make_interval(secs => ${delaySeconds}),
      reason = coalesce(${reason ?? null}, reason)
    where project_id = ${projectId} and lease_token = ${token} and email_id = any(${emailIds})
  `.execute(db)
}

/** Extends the lease of emails that are still being worked on. Answers with the ids that are still held. */
export async function renew(
  db: Db,
  projectId: string,
  { emailIds, token, leaseSeconds }: { emailIds: readonly string[]; token: string; leaseSeconds: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update outbox set due_at = now() + make_interval(secs => ${leaseSeconds})
    where project_id = ${projectId} and lease_token = ${token} and email_id = any(${emailIds})
    returning email_id as id
  `.execute(db)
  return rows.map(({ id }) => id)
}
