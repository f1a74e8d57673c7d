import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'
import type { Tools } from '../plugin.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

const WORDS: Record<string, string> = {
  '/set-password': 'A password was set for your account, which had none, and all other sessions have ended.',
  '/two-factor/disable': 'The second factor of your account was switched off.',
  '/two-factor/generate-backup-codes': 'New recovery codes were made for your account; the old ones are dead.',
  '/passkey/verify-registration': 'A passkey was added to your account.',
  '/passkey/delete-passkey': 'A passkey was removed from your account.',
}

/** Whoever is changed the way into their account is told, so that it does not happen behind their back. */
export function tellChanges({ mails, inBackground }: Tools): AfterHook {
  return {
    matcher: ({ path }) => path === '/change-password' || Object.hasOwn(WORDS, path ?? ''),
    handler: createAuthMiddleware(async (ctx) => {
      if (isAPIError(ctx.context.returned)) return
      const user = (ctx.context.newSession ?? (await getSessionFromCtx(ctx)))?.user
      if (user === undefined) return
      const words = WORDS[ctx.path]
      inBackground(() => (words === undefined ? mails.passwordChanged(user) : mails.wayInChanged(user, words)))
    }),
  }
}
