import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { ApiError } from '../errors.ts'
import { useInvitation } from './invitations.ts'
import { ownProject } from './own-project.ts'
import { hashToken } from './tokens.ts'

export interface Newcomer {
  userId: string
  name: string
  /** In the form that `parseAddress` gives. */
  email: string
  ip?: string | undefined
  /** Whether somebody we trust says that the address is theirs. */
  isProven: boolean
  /** Of the set-up link or of an invitation. */
  token: string | undefined
}

export interface Admission {
  isInstanceOwner: boolean
}

/**
 * The one gate to an account, however it is made: the set-up link makes the first, an invitation makes that of its
 * address, and others are let in only where sign-up is open. Call it in the transaction that makes the account: what
 * the token is good for is used up, and the memberships exist, together with the account or not at all.
 */
export async function admit(db: Db, newcomer: Newcomer, signUps: 'open' | 'invitation'): Promise<Admission> {
  if (!db.isTransaction) throw new Error('an account is made in a transaction')
  // Whoever else comes with the link waits here until this transaction has ended, and then finds it used.
  const setUp = await db.selectFrom('instance_setup').selectAll().forUpdate().executeTakeFirstOrThrow()
  if (setUp.completed_at === null) return makeOwner(db, newcomer, setUp.token_hash)
  const { token } = newcomer
  if (token !== undefined) await useInvitation(db, { ...newcomer, token })
  else if (signUps !== 'open') throw signUpClosed()
  else if (!newcomer.isProven) throw new ApiError('NOT_ALLOWED', 'This address is not proven to be yours.')
  return { isInstanceOwner: false }
}

export const signUpClosed = () =>
  new ApiError('NOT_ALLOWED', 'An account needs an invitation here.', {
    suggestion: 'Ask somebody who works with this Posthorn to invite you.',
  })

/** The first account owns the instance and every project that the operator has made so far. */
async function makeOwner(db: Db, { userId, token }: Newcomer, expected: Buffer | null): Promise<Admission> {
  if (token === undefined || expected === null || !hashToken(token).equals(expected)) {
    throw new ApiError('NOT_ALLOWED', 'The first account is made with the set-up link.', {
      suggestion: 'Take the newest link: the start prints one, and so does `pnpm posthorn setup-link`.',
    })
  }
  await db
    .updateTable('instance_setup')
    .set({ token_hash: null, completed_at: sql<Date>`now()` })
    .execute()
  await ownProject(db)
  await sql`
    insert into members (project_id, user_id, role) select id, ${userId}, 'owner' from projects where deleted_at is null
  `.execute(db)
  return { isInstanceOwner: true }
}
