import { createHash } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { sendProductMail } from '../product-mail.ts'
import type { Runtime } from '../runtime.ts'
import { dropSessions, note, withAccount } from './by-operator.ts'
import { linkTo, newToken } from './tokens.ts'

/** How long a link that the operator prints works. */
const LINK_HOURS = 1

export interface Account {
  id: string
  name: string
  email: string
  isConfirmed: boolean
  isInstanceOwner: boolean
  hasSecondFactor: boolean
  projects: number
  createdAt: Date
  lastSeenAt: Date | null
}

/** All accounts, oldest first. For the operator, as is all of this file; nothing over the network reaches it. */
export async function listAccounts(db: Db): Promise<Account[]> {
  const { rows } = await sql<Account>`
    select id, name, email, email_verified as "isConfirmed", is_instance_owner is true as "isInstanceOwner",
      two_factor_enabled is true as "hasSecondFactor", created_at as "createdAt",
      (select count(*)::int from members where user_id = users.id) as projects,
      (select max(updated_at) from auth.sessions where user_id = users.id) as "lastSeenAt"
    from auth.users order by id
  `.execute(db)
  return rows
}

export interface SecondFactorReset {
  email: string
  /** False where there was none, and nothing was done. */
  changed: boolean
  endedSessions: number
}

/**
 * Takes the second factor with its recovery codes from somebody who has lost both, and ends their sessions, in case it
 * was not them who asked. They are told by mail. Undefined where nobody has the address.
 */
export const resetSecondFactor = (
  { db, runtime }: { db: Db; runtime: Runtime },
  address: string,
): Promise<SecondFactorReset | undefined> =>
  withAccount(db, address, async (trx, { id, name, email, has_second_factor }) => {
    await sql`delete from auth.two_factors where user_id = ${id}`.execute(trx)
    if (!has_second_factor) return { email, changed: false, endedSessions: 0 }
    await sql`update auth.users set two_factor_enabled = false, updated_at = now() where id = ${id}`.execute(trx)
    const endedSessions = await dropSessions(trx, id)
    await note(trx, { userId: id, action: 'second-factor-off', detail: { endedSessions } })
    await sendProductMail(
      { db: trx, runtime },
      { email, name },
      {
        subject: 'Your second factor was switched off',
        heading: 'Your second factor was switched off',
        paragraphs: [
          'Whoever runs this Posthorn switched the second factor of your account off, its recovery codes are dead, and all your sessions have ended.',
          'Sign in with your password, and set up a new second factor under Account, Security.',
        ],
        footnote: `If you did not ask for this, tell whoever runs this Posthorn, and set a new password: ${runtime.publicUrl}/forgot-password`,
      },
    )
    return { email, changed: true, endedSessions }
  })

/**
 * Makes a link that sets a new password, for somebody whom mail does not reach; it is printed and nowhere sent.
 * Undefined where nobody has the address.
 */
export const newPasswordLink = (
  { db, runtime }: { db: Db; runtime: Pick<Runtime, 'publicUrl'> },
  address: string,
): Promise<{ email: string; url: string; expiresAt: Date } | undefined> =>
  withAccount(db, address, async (trx, { id, email }) => {
    const token = newToken()
    const { rows } = await sql<{ expires_at: Date }>`
      insert into auth.verifications (identifier, value, expires_at)
      values (${storedLink(token)}, ${id}, now() + make_interval(hours => ${LINK_HOURS}))
      returning expires_at
    `.execute(trx)
    const [{ expires_at: expiresAt }] = rows as [{ expires_at: Date }] // Safe because one row was inserted.
    await note(trx, { userId: id, action: 'reset-link-made' })
    return { email, url: linkTo(runtime.publicUrl, 'reset-password', token), expiresAt }
  })

/** Takes the operator's word for whose an address is. Undefined where nobody has it. */
export const confirmAccountAddress = (
  db: Db,
  address: string,
): Promise<{ email: string; changed: boolean } | undefined> =>
  withAccount(db, address, async (trx, { id, email, email_verified }) => {
    if (email_verified) return { email, changed: false }
    await sql`update auth.users set email_verified = true, updated_at = now() where id = ${id}`.execute(trx)
    await note(trx, { userId: id, action: 'address-confirmed' })
    return { email, changed: true }
  })

/** As packages/accounts keeps a link that resets a password, and looks for it. */
const storedLink = (token: string): string => createHash('sha256').update(`reset-password:${token}`).digest('base64url')
