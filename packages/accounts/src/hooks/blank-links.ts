import { blankEndedLinks } from '@posthorn/services'
import { createAuthMiddleware } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'
import type { Tools } from '../plugin.ts'
import { on } from './rules.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

/** What uses a link up, or ends those that were mailed before, blanks them in the mails that brought them. */
export const blankLinks = ({ runtime: { db }, inBackground }: Tools): AfterHook => ({
  matcher: on('/confirm-address', '/reset-password', '/change-password', '/set-password'),
  handler: createAuthMiddleware(() => {
    inBackground(() => blankEndedLinks(db))
    return Promise.resolve()
  }),
})
