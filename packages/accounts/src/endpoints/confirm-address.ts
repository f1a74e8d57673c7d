import { runWithTransaction } from '@better-auth/core/context'
import type { Db } from '@posthorn/db'
import { noteAccountAct } from '@posthorn/services'
import type { GenericEndpointContext } from 'better-auth'
import { createAuthEndpoint, getSessionFromCtx } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { LINK_IDS, linkGone, type PendingChange, type PendingSignUp } from '../links.ts'
import { verifyPassword } from '../passwords.ts'
import type { Tools } from '../plugin.ts'
import { refused } from '../refusals.ts'
import { currentDb } from '../storage.ts'
import { whenceOf } from '../whence.ts'

/** Somebody follows a link to an address: it proves that it is theirs, for a new account or for the one they have. */
export const confirmAddress = ({ runtime: { db }, mails }: Tools) =>
  createAuthEndpoint(
    '/confirm-address',
    { method: 'POST', body: z.object({ token: z.string().max(200), password: z.string().max(1000).optional() }) },
    async (ctx) => {
      const { token, password } = ctx.body
      const signUp = await ctx.context.internalAdapter.findVerificationValue(LINK_IDS.signUp(token))
      if (signUp !== null && signUp.expiresAt > new Date()) {
        await makeAccount(ctx, { token, password, pending: JSON.parse(signUp.value) as PendingSignUp })
        return ctx.json({ signedIn: true })
      }
      const change = await changeAddress(ctx, db, token)
      if (change.from !== change.to) await mails.addressChanged({ email: change.from, name: change.name }, change.to)
      return ctx.json({ signedIn: false })
    },
  )

/**
 * The link shows whose mailbox it is, and the password who asked. Without the second, whoever signs up with a
 * stranger’s address would get the stranger to confirm an account whose password they do not know.
 */
async function makeAccount(
  ctx: GenericEndpointContext,
  { token, password, pending }: { token: string; password: string | undefined; pending: PendingSignUp },
): Promise<void> {
  if (password === undefined) throw refused('PASSWORD_NEEDED', 'Give the password that you chose at sign-up.')
  if (!(await verifyPassword({ hash: pending.passwordHash, password }))) {
    throw refused('INVALID_PASSWORD', 'This is not the password that was chosen at sign-up.')
  }
  const { internalAdapter, adapter } = ctx.context
  const { name, email, passwordHash } = pending
  const made = await runWithTransaction(adapter, async () => {
    if ((await internalAdapter.consumeVerificationValue(LINK_IDS.signUp(token))) === null) throw linkGone()
    if ((await internalAdapter.findUserByEmail(email)) !== null) throw linkGone()
    const user = await internalAdapter.createUser({ name, email, emailVerified: true }, { method: 'email-password' })
    const account = { userId: user.id, providerId: 'credential', accountId: user.id, password: passwordHash }
    await internalAdapter.linkAccount(account)
    return { user, session: await internalAdapter.createSession(user.id) }
  })
  await setSessionCookie(ctx, made)
}

async function changeAddress(
  ctx: GenericEndpointContext,
  db: Db,
  token: string,
): Promise<PendingChange & { name: string }> {
  const { internalAdapter, adapter } = ctx.context
  const signedIn = (await getSessionFromCtx(ctx))?.user.id
  return await runWithTransaction(adapter, async () => {
    const consumed = await internalAdapter.consumeVerificationValue(LINK_IDS.change(token))
    if (consumed === null) throw linkGone()
    const change = JSON.parse(consumed.value) as PendingChange // Safe because only the route that asks for it writes it.
    const user = await internalAdapter.findUserById(change.userId)
    if (user?.email !== change.from) throw linkGone()
    // An address with a slip of the pen is somebody else’s, who could agree to an account that is not theirs.
    if (signedIn !== user.id) throw refused('SIGN_IN_NEEDED', 'Sign in first, then follow the link.', 'UNAUTHORIZED')
    if (change.from !== change.to && (await internalAdapter.findUserByEmail(change.to)) !== null) throw linkGone()
    await internalAdapter.updateUser(user.id, { email: change.to, emailVerified: true })
    const { from, to } = change
    await noteAccountAct(currentDb(db), {
      userId: user.id,
      ...(from === to ? { action: 'address-confirmed' } : { action: 'address-changed', detail: { from, to } }),
      ...whenceOf(ctx.headers),
    })
    return { ...change, name: user.name }
  })
}
