import type { Db } from '@posthorn/db'
import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import { deleteSessionCookie } from 'better-auth/cookies'
import { useOnce } from '@posthorn/services'
import type { Tools } from '../plugin.ts'
import { refused } from '../refusals.ts'
import { on } from './rules.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

const matcher = on('/two-factor/verify-totp')

/** A code is taken a little before and after its half minute; when this is over it is long gone. */
const CODE_SECONDS = 150

export const wrongCode = () => refused('INVALID_CODE', 'This code is not the current one.', 'UNAUTHORIZED')

/** Uses a code up (RFC 6238, section 5.2): false where it was used already by this person. */
export async function useCode(db: Db, userId: string, code: string): Promise<boolean> {
  return useOnce(db, `code ${code} of ${userId}`, CODE_SECONDS)
}

/** Whoever looked over somebody’s shoulder cannot sign in with the code that they saw, be it the one that set it up. */
export function refuseUsedCodes({ runtime: { db }, mails, inBackground }: Tools) {
  /** The requests of people who were in before, and show with the code that their authenticator works. */
  const settingUp = new WeakSet<object>()
  const before = {
    matcher,
    handler: createAuthMiddleware(async (ctx) => {
      if ((await getSessionFromCtx(ctx)) !== null) settingUp.add(ctx.context)
    }),
  }
  const after: AfterHook = {
    matcher,
    handler: createAuthMiddleware(async (ctx) => {
      const signedIn = ctx.context.newSession
      if (signedIn === null || isAPIError(ctx.context.returned)) return
      const { code } = ctx.body as { code: string }
      const isFresh = await useCode(db, signedIn.user.id, code)
      if (settingUp.has(ctx.context)) {
        return inBackground(() =>
          mails.wayInChanged(signedIn.user, 'A second factor was switched on for your account.'),
        )
      }
      if (isFresh) return
      await ctx.context.internalAdapter.deleteSession(signedIn.session.token)
      deleteSessionCookie(ctx)
      ctx.context.setNewSession(null)
      throw wrongCode()
    }),
  }
  return { before, after }
}
