import { parseAddress, type AccountAct } from '@posthorn/contracts'
import { transact, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { noteAccountAct } from './account-log.ts'

/** An account as the operator finds it. */
export interface Found {
  id: string
  name: string
  email: string
  email_verified: boolean
  has_second_factor: boolean
  owns_instance: boolean
}

interface Locks {
  /** What is locked before the account, since all others come in that order. */
  first?(trx: Db, userId: string): Promise<unknown>
}

/**
 * Works on the account of this address, in one transaction and with the account locked: what is done and what is noted
 * of it belong together. Undefined where nobody has the address.
 */
export function withAccount<T>(
  db: Db,
  address: string,
  work: (trx: Db, account: Found) => Promise<T>,
  { first }: Locks = {},
): Promise<T | undefined> {
  const parsed = parseAddress(address)
  const email = parsed.ok ? parsed.value : address
  return transact(db, async (trx) => {
    if (first !== undefined) {
      const user = await trx.selectFrom('auth.users').select('id').where('email', '=', email).executeTakeFirst()
      if (user !== undefined) await first(trx, user.id)
    }
    const { rows } = await sql<Found>`
      select id, name, email, email_verified, two_factor_enabled is true as has_second_factor,
        is_instance_owner is true as owns_instance
      from auth.users where email = ${email} for update
    `.execute(trx)
    return rows[0] === undefined ? undefined : work(trx, rows[0])
  })
}

/** Keeps in the log of the account what the operator did to it. */
export const note = (db: Db, entry: { userId: string; action: AccountAct; detail?: Record<string, unknown> }) =>
  noteAccountAct(db, { ...entry, detail: { ...entry.detail, by: 'operator' } })

/** Ends all sessions of somebody, and answers how many there were. */
export async function dropSessions(db: Db, userId: string): Promise<number> {
  const ended = await sql`delete from auth.sessions where user_id = ${userId}`.execute(db)
  return Number(ended.numAffectedRows ?? 0n)
}
