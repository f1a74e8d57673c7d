import { createAuthMiddleware } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'
import { forgetAttempts } from '@posthorn/services'
import { isNewDevice, rememberDevice } from '../devices.ts'
import type { Tools } from '../plugin.ts'
import { signInSubject } from './what-counts.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

const CALLBACK = '/callback/:id'

export const SIGNS_IN: ReadonlySet<string> = new Set([
  '/sign-in/email',
  '/sign-up/email',
  '/confirm-address',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/passkey/verify-authentication',
  CALLBACK,
])

/** Asks those who have a second factor for it after a provider has vouched for them, too. */
export function askForSecondFactor({ runtime }: Tools, ask: AfterHook['handler']): AfterHook {
  return {
    matcher: ({ path }) => path === CALLBACK,
    handler: createAuthMiddleware(async (ctx) => {
      if (ctx.context.newSession?.user['twoFactorEnabled'] !== true) return
      // Safe because that is what middleware answers when it is asked for its headers.
      const { headers } = (await ask({ ...ctx, returnHeaders: true })) as { headers: Headers }
      for (const [name, value] of headers) ctx.responseHeaders.append(name, value)
      if (ctx.context.newSession === null) throw ctx.redirect(`${runtime.publicUrl}/sign-in?step=second-factor`)
    }),
  }
}

/** Somebody is in: their tries count no more, their browser is known, and they are told of one that is new. */
export function afterSignIn({ runtime: { db }, mails, inBackground }: Tools): AfterHook {
  return {
    matcher: ({ path }) => SIGNS_IN.has(path ?? ''),
    handler: createAuthMiddleware(async (ctx) => {
      const signedIn = ctx.context.newSession
      if (signedIn === null) return
      const { user, session } = signedIn
      await forgetAttempts(db, await signInSubject(ctx, user.email))
      await rememberDevice(ctx, user.email)
      const whence = { ip: session.ipAddress ?? '', userAgent: session.userAgent ?? '' }
      inBackground(async () => {
        if (await isNewDevice(db, user.id, whence)) await mails.newDevice(user, whence)
      })
    }),
  }
}
