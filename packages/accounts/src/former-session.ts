import type { GenericEndpointContext, Session } from 'better-auth'

/** What signs somebody in; all else that makes a session replaces the one that asks by itself. */
const SIGNS_IN_ANEW = new Set([
  '/sign-in/email',
  '/sign-up/email',
  '/confirm-address',
  '/passkey/verify-authentication',
  '/callback/:id',
])

/** Ends the session whose cookie a browser loses when somebody signs in there, which nobody could sign out any more. */
export async function endFormerSession(
  _session: Session,
  ctx: GenericEndpointContext | null | undefined,
): Promise<void> {
  // A session that is made outside a request has no browser.
  if (!ctx || !SIGNS_IN_ANEW.has(ctx.path ?? '')) return
  const { authCookies, internalAdapter, secret } = ctx.context
  const former = await ctx.getSignedCookie(authCookies.sessionToken.name, secret)
  if (former) await internalAdapter.deleteSession(former)
}
