import type { PeopleOutput } from '@posthorn/contracts'
import { inTransaction, type PeopleContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { noteAccountAct } from './account-log.ts'
import type { SignedIn } from './handlers.ts'
import { endWhatTheOldWayBegan } from './other-sessions.ts'
import { tellWayInChanged } from './tell-way-in.ts'
import { lockWaysIn, requireOtherWayIn } from './ways-in.ts'

/** Lets somebody sign in by passkey or provider alone from now on. */
export const removePassword = (ctx: PeopleContext<SignedIn>): Promise<PeopleOutput<'account', 'removePassword'>> =>
  inTransaction(ctx, async (ctx) => {
    const { db, ip, userAgent, actor } = ctx
    const { userId } = actor.person
    const ways = await lockWaysIn(ctx, userId)
    if (!ways.hasPassword) throw new ApiError('NO_PASSWORD', 'Your account has no password.')
    requireOtherWayIn(ways, 'password')
    await db.deleteFrom('auth.accounts').where('user_id', '=', userId).where('provider_id', '=', 'credential').execute()
    await endWhatTheOldWayBegan(ctx)
    await noteAccountAct(db, { userId, action: 'password-removed', ip, userAgent })
    await tellWayInChanged(
      ctx,
      'The password of your account was removed: you sign in by passkey or provider alone, and all other sessions have ended.',
    )
    return { hasPassword: false }
  })
