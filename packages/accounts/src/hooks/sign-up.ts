import { isSetUpNeeded, newToken, signUpClosed, type Runtime } from '@posthorn/services'
import { createAuthMiddleware } from 'better-auth/api'
import type { Tools } from '../plugin.ts'
import { refusing } from '../refusals.ts'
import { hashPassword } from '../passwords.ts'
import { LINK_IDS, LINK_MS, type PendingSignUp } from '../links.ts'
import { requireUsable } from '../tokens.ts'
import { on } from './rules.ts'

interface Body {
  name: string
  email: string
  password: string
  token?: unknown
}

/**
 * With a token the library makes the account at once. Without one anybody may have typed any address, so the answer is
 * the same and comes at the same time for all of them, and the rest is told by mail.
 */
export function beginSignUp({ runtime, mails, inBackground }: Tools) {
  return {
    matcher: on('/sign-up/email'),
    handler: createAuthMiddleware(async (ctx) => {
      const { name, email, password, token } = ctx.body as Body
      if (token !== undefined)
        return refusing(() => requireUsable(runtime.db, typeof token === 'string' ? token : '', email))
      await refusing(() => requireOpen(runtime))
      const { internalAdapter } = ctx.context
      inBackground(async () => {
        const passwordHash = await hashPassword(password)
        if ((await internalAdapter.findUserByEmail(email)) !== null) return mails.alreadySignedUp({ email })
        const secret = newToken()
        await internalAdapter.createVerificationValue({
          identifier: LINK_IDS.signUp(secret),
          value: JSON.stringify({ name, email, passwordHash } satisfies PendingSignUp),
          expiresAt: new Date(Date.now() + LINK_MS),
        })
        return mails.verifySignUp({ email, name }, secret)
      })
      return ctx.json({ user: null })
    }),
  }
}

async function requireOpen({ db, signUps }: Runtime): Promise<void> {
  if (signUps !== 'open' || (await isSetUpNeeded(db))) throw signUpClosed()
}
