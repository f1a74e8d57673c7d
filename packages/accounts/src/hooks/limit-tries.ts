import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'
import { beginAttempt, forgetAttempts, forgiveAttempt } from '@posthorn/services'
import { noteDelay } from '../note-delay.ts'
import type { Tools } from '../plugin.ts'
import { tooManyTries } from '../refusals.ts'
import { whenceOf } from '../whence.ts'
import {
  countsOf,
  givesCode,
  GUESSES,
  isCounted,
  OWN_PASSWORD,
  passwordOf,
  SECOND_FACTOR,
  secondFactorOf,
  type Count,
} from './what-counts.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

/** Makes who tries too often wait, longer each time; what went well was no guess. */
export function limitTries({ runtime: { db }, inBackground }: Tools) {
  /** What a request was counted for; what it was not counted for it takes nothing back from. */
  const counted = new WeakMap<object, readonly Count[]>()
  const before = {
    matcher: isCounted,
    handler: createAuthMiddleware(async (ctx) => {
      const counts = await countsOf(ctx, db)
      counted.set(ctx.context, counts)
      for (const { subject, allowance } of counts) {
        const attempt = await beginAttempt(db, subject, allowance)
        if (!attempt.isAllowed) throw tooManyTries(attempt.waitSeconds)
      }
    }),
  }
  const after: AfterHook = {
    matcher: ({ path }) => GUESSES.has(path ?? ''),
    handler: createAuthMiddleware(async (ctx) => {
      const counts = counted.get(ctx.context) ?? []
      if (isAPIError(ctx.context.returned)) {
        const whence = whenceOf(ctx.headers)
        for (const { subject, delays } of counts) {
          if (delays !== undefined) inBackground(() => noteDelay(db, { subject, delays, whence }))
        }
        return
      }
      for (const { subject, isNetwork } of counts) if (isNetwork) await forgiveAttempt(db, subject)
      if (!OWN_PASSWORD.has(ctx.path) && !SECOND_FACTOR.has(ctx.path)) return
      const own = (ctx.context.newSession ?? (await getSessionFromCtx(ctx)))?.user.id
      if (own === undefined) return
      if (OWN_PASSWORD.has(ctx.path)) await forgetAttempts(db, passwordOf(own))
      if (SECOND_FACTOR.has(ctx.path) || givesCode(ctx)) await forgetAttempts(db, secondFactorOf(own))
    }),
  }
  return { before, after }
}
