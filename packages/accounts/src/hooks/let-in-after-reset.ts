import { forgetAttempts } from '@posthorn/services'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'
import { rememberDevice } from '../devices.ts'
import { LINK_IDS } from '../links.ts'
import type { Tools } from '../plugin.ts'
import { accountSubject } from './what-counts.ts'
import { on } from './rules.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

const matcher = on('/reset-password')

/**
 * Who has read the mail is the owner: the waits that others drew out are over, and this browser is known, so that they
 * cannot be drawn out again before it has signed in.
 */
export function letInAfterReset({ runtime: { db } }: Tools) {
  /** Whose link a request has; once it is used, nothing says so any more. */
  const owners = new WeakMap<object, string>()
  const before = {
    matcher,
    handler: createAuthMiddleware(async (ctx) => {
      const { token } = ctx.body as { token?: unknown }
      if (typeof token !== 'string') return
      const { internalAdapter } = ctx.context
      const link = await internalAdapter.findVerificationValue(LINK_IDS.reset(token))
      const user = link === null ? null : await internalAdapter.findUserById(link.value)
      if (user !== null) owners.set(ctx.context, user.email)
    }),
  }
  const after: AfterHook = {
    matcher,
    handler: createAuthMiddleware(async (ctx) => {
      const email = owners.get(ctx.context)
      if (email === undefined || isAPIError(ctx.context.returned)) return
      await forgetAttempts(db, accountSubject(email))
      await rememberDevice(ctx, email)
    }),
  }
  return { before, after }
}
