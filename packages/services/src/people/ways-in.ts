import type { Db } from '@posthorn/db'
import { ApiError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'

/** What somebody can sign in with here. */
export interface WaysIn {
  hasPassword: boolean
  /** Of the links to providers that the instance offers. */
  links: readonly string[]
  passkeys: readonly string[]
}

/** All that somebody can sign in with; a provider that the instance offers no more is none. */
export async function waysIn({ db, runtime }: { db: Db; runtime: Runtime }, userId: string): Promise<WaysIn> {
  const accounts = await db
    .selectFrom('auth.accounts')
    .select(['id', 'provider_id', 'password'])
    .where('user_id', '=', userId)
    .execute()
  const passkeys = await db.selectFrom('auth.passkeys').select('id').where('user_id', '=', userId).execute()
  const offered = new Set(runtime.providers.map(({ id }) => id))
  return {
    hasPassword: accounts.some(({ password }) => password !== null),
    links: accounts.filter(({ provider_id }) => offered.has(provider_id)).map(({ id }) => id),
    passkeys: passkeys.map(({ id }) => id),
  }
}

/** The same, to take one away: of several calls at once each sees what the one before it has left. */
export async function lockWaysIn(ctx: { db: Db; runtime: Runtime }, userId: string): Promise<WaysIn> {
  await ctx.db.selectFrom('auth.users').select('id').where('id', '=', userId).forUpdate().execute()
  return waysIn(ctx, userId)
}

/** Whether the password, or this link or passkey, is all that lets somebody in. */
export const isOnlyWayIn = ({ hasPassword, links, passkeys }: WaysIn, way: string): boolean =>
  [...(hasPassword ? ['password'] : []), ...links, ...passkeys].every((one) => one === way)

/** Refuses to take the last way in from somebody. */
export function requireOtherWayIn(ways: WaysIn, way: string): void {
  if (!isOnlyWayIn(ways, way)) return
  throw new ApiError('LAST_WAY_IN', 'This is your only way to sign in.', {
    suggestion: 'Set a password, add a passkey or link a provider first.',
  })
}
