import type { AccountAct } from '@posthorn/contracts'
import { noteAccountAct } from '@posthorn/services'
import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth'
import { LINK_IDS } from '../links.ts'
import type { Tools } from '../plugin.ts'
import { whenceOf } from '../whence.ts'
import { SIGNS_IN } from './after-sign-in.ts'
import { on } from './rules.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

const ACTS: Record<string, AccountAct> = {
  '/sign-out': 'signed-out',
  '/change-password': 'password-changed',
  '/set-password': 'password-set',
  '/reset-password': 'password-reset',
  '/two-factor/disable': 'second-factor-off',
  '/two-factor/generate-backup-codes': 'recovery-codes-made',
  '/passkey/verify-registration': 'passkey-added',
  '/passkey/delete-passkey': 'passkey-removed',
}
const VERIFY = '/two-factor/verify-totp'

/** Keeps who came and went, and how the ways in to an account changed. */
export function noteActs({ runtime: { db } }: Tools) {
  /** Whose request it is; afterwards the session, the link or the missing second factor is gone. */
  const owners = new WeakMap<object, string>()
  const before = {
    matcher: on('/sign-out', '/reset-password', VERIFY),
    handler: createAuthMiddleware(async (ctx) => {
      if (ctx.path === '/reset-password') {
        const { token } = ctx.body as { token?: unknown }
        if (typeof token !== 'string') return
        const link = await ctx.context.internalAdapter.findVerificationValue(LINK_IDS.reset(token))
        if (link !== null) owners.set(ctx.context, link.value)
        return
      }
      const user = (await getSessionFromCtx(ctx))?.user
      if (user === undefined || (ctx.path === VERIFY && user['twoFactorEnabled'] === true)) return
      owners.set(ctx.context, user.id)
    }),
  }
  const after: AfterHook = {
    matcher: ({ path = '' }) => SIGNS_IN.has(path) || Object.hasOwn(ACTS, path),
    handler: createAuthMiddleware(async (ctx) => {
      const { newSession, returned } = ctx.context
      const owner = owners.get(ctx.context)
      const note = (userId: string | undefined, action: AccountAct, detail?: Record<string, unknown>) =>
        userId === undefined
          ? Promise.resolve()
          : noteAccountAct(db, { userId, action, ...whenceOf(ctx.headers), ...(detail && { detail }) })
      const act = ACTS[ctx.path]
      if (act === undefined) {
        if (newSession === null) return
        if (ctx.path === VERIFY && owner === newSession.user.id) return note(owner, 'second-factor-on')
        return note(newSession.user.id, 'signed-in', { by: ctx.path === '/callback/:id' ? 'provider' : BY[ctx.path] })
      }
      if (isAPIError(returned)) return
      await note(owner ?? newSession?.user.id ?? (await getSessionFromCtx(ctx))?.user.id, act)
    }),
  }
  return { before, after }
}

const BY: Record<string, string> = {
  '/sign-in/email': 'password',
  '/sign-up/email': 'new account',
  '/confirm-address': 'new account',
  [VERIFY]: 'second factor',
  '/two-factor/verify-backup-code': 'recovery code',
  '/passkey/verify-authentication': 'passkey',
}
