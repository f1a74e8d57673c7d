import { newToken } from '@posthorn/services'
import { createAuthMiddleware } from 'better-auth/api'
import { LINK_IDS, LINK_MS } from '../links.ts'
import type { Tools } from '../plugin.ts'
import { on } from './rules.ts'

/** Answers at once and the same for all addresses; whether there is an account shows in its mailbox alone. */
export function requestReset({ mails, inBackground }: Tools) {
  return {
    matcher: on('/request-password-reset'),
    handler: createAuthMiddleware(async (ctx) => {
      const { email } = ctx.body as { email: string }
      const { internalAdapter } = ctx.context
      inBackground(async () => {
        const found = await internalAdapter.findUserByEmail(email)
        if (found === null) return
        const token = newToken()
        await internalAdapter.createVerificationValue({
          identifier: LINK_IDS.reset(token),
          value: found.user.id,
          expiresAt: new Date(Date.now() + LINK_MS),
        })
        await mails.resetPassword(found.user, token)
      })
      return ctx.json({ status: true })
    }),
  }
}
