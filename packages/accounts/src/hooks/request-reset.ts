import { runWithTransaction } from '@better-auth/core/context'
import { newToken } from '@posthorn/services'
import { createAuthMiddleware } from 'better-auth/api'
import { LINK_IDS, LINK_MS } from '../links.ts'
import type { Tools } from '../plugin.ts'
import { currentDb } from '../storage.ts'
import { on } from './rules.ts'

/**
 * Answers at once and the same for all addresses; whether there is an account shows in its mailbox alone. An address
 * that was never confirmed may hold a slip of the pen, and be that of a stranger whom the link would give the account.
 */
export function requestReset({ runtime: { db }, mails, inBackground }: Tools) {
  return {
    matcher: on('/request-password-reset'),
    handler: createAuthMiddleware(async (ctx) => {
      const { email } = ctx.body as { email: string }
      const { internalAdapter, adapter } = ctx.context
      inBackground(async () => {
        const found = await internalAdapter.findUserByEmail(email)
        if (found === null) return
        const token = newToken()
        const isMade = await runWithTransaction(adapter, async () => {
          // A change of the address waits for this and ends the link, or was before it and there is no link.
          const holder = await currentDb(db)
            .selectFrom('auth.users')
            .select('id')
            .where('id', '=', found.user.id)
            .where('email', '=', email)
            .where('email_verified', '=', true)
            .forShare()
            .executeTakeFirst()
          if (holder === undefined) return false
          await internalAdapter.createVerificationValue({
            identifier: LINK_IDS.reset(token),
            value: found.user.id,
            expiresAt: new Date(Date.now() + LINK_MS),
          })
          return true
        })
        if (isMade) await mails.resetPassword(found.user, token)
      })
      return ctx.json({ status: true })
    }),
  }
}
