import { parseAddress } from '@posthorn/contracts'
import { newToken } from '@posthorn/services'
import { createAuthEndpoint, sensitiveSessionMiddleware } from 'better-auth/api'
import { z } from 'zod'
import { LINK_IDS, LINK_MS, mailOwnLink, type PendingChange } from '../links.ts'
import type { Tools } from '../plugin.ts'
import { refused } from '../refusals.ts'
import { requirePassword } from './prove.ts'

/** Asks the new address whether it agrees. The answer is the same where somebody has it already, and they are told. */
export const changeAddress = ({ mails, inBackground }: Tools) =>
  createAuthEndpoint(
    '/change-address',
    {
      method: 'POST',
      body: z.object({ newEmail: z.string().max(1000), password: z.string().max(1000).optional() }),
      use: [sensitiveSessionMiddleware],
    },
    async (ctx) => {
      const { user } = ctx.context.session
      const { internalAdapter } = ctx.context
      const parsed = parseAddress(ctx.body.newEmail)
      if (!parsed.ok) throw refused('INVALID_EMAIL', parsed.problem)
      const isOwn = parsed.value === user.email
      if (isOwn && user.emailVerified) throw refused('SAME_EMAIL', 'This is your address already.')
      // Who signs in elsewhere has no password; a session that is proven has just come from there.
      if ((await internalAdapter.findCredentialAccount(user.id))?.password) {
        await requirePassword(ctx, user.id, ctx.body.password ?? '')
      }
      if (isOwn) {
        inBackground(() => mailOwnLink(ctx, mails, user))
        return ctx.json({ status: true })
      }
      const change: PendingChange = { userId: user.id, from: user.email, to: parsed.value }
      inBackground(async () => {
        if ((await internalAdapter.findUserByEmail(change.to)) !== null) {
          return mails.alreadySignedUp({ email: change.to })
        }
        const token = newToken()
        await internalAdapter.createVerificationValue({
          identifier: LINK_IDS.change(token),
          value: JSON.stringify(change),
          expiresAt: new Date(Date.now() + LINK_MS),
        })
        return mails.confirmNewAddress({ email: change.to, name: user.name }, token)
      })
      return ctx.json({ status: true })
    },
  )
