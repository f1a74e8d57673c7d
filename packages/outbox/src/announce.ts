import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

export interface Announcement {
  token: string
  /** One of the emails. It speaks for all: what was claimed together is leased and renewed together. */
  emailId: string
  /** Up to which place in their claim they count as announced. */
  place: number
}

/** Of a row of the outbox: whether the worker that has it, or had it when it died, may have handed it to a relay. */
export const MAY_BE_SENT = sql<boolean>`(lease_token is not null and place <= coalesce((
  select announced_to from outbox_claims where project_id = outbox.project_id and token = outbox.lease_token), 0))`

/**
 * Writes down that emails of a claim are about to be handed to a relay, so that it is known what may have been sent
 * when the worker dies. False where the lease is over, so that none of them may be begun.
 */
export async function announce(db: Db, projectId: string, { token, emailId, place }: Announcement): Promise<boolean> {
  const { rows } = await sql`
    with noted as (
      insert into outbox_claims (project_id, token, announced_to) values (${projectId}, ${token}, ${place})
      on conflict (project_id, token) do update set announced_to = excluded.announced_to
    )
    select from outbox
    where project_id = ${projectId} and email_id = ${emailId} and lease_token = ${token} and due_at > now()
  `.execute(db)
  return rows.length > 0
}

/** Forgets how far claims had come of which no email is left. */
export async function forgetClaims(db: Db, projectId: string, tokens: readonly string[]): Promise<void> {
  await sql`delete from outbox_claims where project_id = ${projectId} and token = any(${tokens})`.execute(db)
}

const ABANDONED = '30 days'

/** Forgets the claims of dead workers when every email of theirs was taken over long ago. */
export async function forgetAbandonedClaims(db: Db): Promise<void> {
  await sql`delete from outbox_claims where announced_at < now() - ${ABANDONED}::interval`.execute(db)
}
