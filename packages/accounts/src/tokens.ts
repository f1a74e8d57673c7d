import type { Db } from '@posthorn/db'
import { ApiError, hashToken } from '@posthorn/services'
import { sql } from 'kysely'

/**
 * Refuses a token that could not make an account for this address, before anything is said about the address. What is
 * decided is decided once more in the transaction that makes the account.
 */
export async function requireUsable(db: Db, token: string, email: string): Promise<void> {
  const { rows } = await sql`
    select 1 from instance_setup where token_hash = ${hashToken(token)} and completed_at is null
    union all
    select 1 from invitations join projects on projects.id = project_id and deleted_at is null
    where invitations.token_hash = ${hashToken(token)} and email = ${email} and expires_at > now()
  `.execute(db)
  if (rows.length > 0) return
  throw new ApiError('INVITATION_NOT_FOUND', 'This link was used, taken back, has expired, or is for another address.')
}
