import { createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { refused } from '../refusals.ts'

/** The first password of who has signed in without one so far. Like any new password it ends all other sessions. */
export const setPassword = () =>
  createAuthEndpoint(
    '/set-password',
    { method: 'POST', body: z.object({ newPassword: z.string().max(1000) }), use: [sensitiveSessionMiddleware] },
    async (ctx) => {
      const { user } = ctx.context.session
      const { internalAdapter, password } = ctx.context
      const account = await internalAdapter.findCredentialAccount(user.id)
      if (account?.password) throw refused('PASSWORD_ALREADY_SET', 'Your account has a password: change it instead.')
      const hash = await password.hash(ctx.body.newPassword)
      if (account) await internalAdapter.updateAccount(account.id, { password: hash })
      else {
        await internalAdapter.linkAccount({
          userId: user.id,
          providerId: 'credential',
          accountId: user.id,
          password: hash,
        })
      }
      const session = await internalAdapter.createSession(user.id)
      await setSessionCookie(ctx, { session, user })
      return ctx.json({ status: true })
    },
  )
