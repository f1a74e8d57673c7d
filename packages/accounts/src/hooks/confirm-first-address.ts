import { createAuthMiddleware } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'
import { mailOwnLink } from '../links.ts'
import type { Tools } from '../plugin.ts'
import { on } from './rules.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

/** Asks whoever has made the first account, whose link did not come by mail, to confirm their address. */
export const confirmFirstAddress = ({ mails, inBackground }: Tools): AfterHook => ({
  matcher: on('/sign-up/email'),
  handler: createAuthMiddleware(async (ctx) => {
    const user = ctx.context.newSession?.user
    if (user === undefined || user.emailVerified) return
    inBackground(() => mailOwnLink(ctx, mails, user))
  }),
})
