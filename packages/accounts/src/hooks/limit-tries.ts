import { createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { parseAddress } from '@posthorn/contracts'
import { beginAttempt, forgetAttempts, forgiveAttempt, PER_MAILBOX, type Allowance } from '@posthorn/services'
import { isKnownDevice } from '../devices.ts'
import { networkOf } from '../networks.ts'
import type { Tools } from '../plugin.ts'
import { tooManyTries } from '../refusals.ts'
import { ADDRESS_HEADER } from '../transport.ts'

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]
type Ctx = GenericEndpointContext

const MINUTES = 60

/** What one account lets be tried: few, because only its owner has reason to. */
const PER_ACCOUNT: Allowance = { free: 5, longestWaitSeconds: 15 * MINUTES }
/** What one network lets be tried: more, because offices share one. */
const PER_NETWORK: Allowance = { free: 30, longestWaitSeconds: 15 * MINUTES }

const networkSubject = (ctx: Ctx, what: string) =>
  `${what} from ${networkOf(ctx.headers?.get(ADDRESS_HEADER) ?? undefined)}`

function emailOf(ctx: Ctx): string {
  const { email } = ctx.body as { email?: unknown }
  return typeof email === 'string' ? email : ''
}

/** A link, code or passkey can be guessed at as well, though nobody knows whose it would be. */
const AT_NOBODY = ['/reset-password', '/confirm-address', '/passkey/verify-authentication']
const AT_CHALLENGE = ['/two-factor/verify-totp', '/two-factor/verify-backup-code']
/** The cookie of who has given the password, by the name that the library gives it. */
const CHALLENGE = 'two_factor'
const AT_OWN_PASSWORD = [
  '/change-password',
  '/prove',
  '/change-address',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
]
const BY_MAIL = new Set(['/sign-up/email', '/request-password-reset'])

const GUESSES = new Set(['/sign-in/email', ...AT_NOBODY, ...AT_CHALLENGE, ...AT_OWN_PASSWORD])
const SECOND_FACTOR = new Set(AT_CHALLENGE)
const OWN_PASSWORD = new Set(AT_OWN_PASSWORD)

/** What counts for an account in browsers that it does not know. */
export const accountSubject = (email: string) => `sign-in of ${email}`

/**
 * A browser that has signed in to the account before counts for itself: who attacks the account from elsewhere makes
 * its owner wait nowhere but elsewhere.
 */
export async function signInSubject(ctx: Ctx, email: string): Promise<string> {
  const device = await isKnownDevice(ctx, email)
  return device === undefined ? accountSubject(email) : `${accountSubject(email)} on ${device}`
}

const passwordOf = (userId: string) => `password of ${userId}`

/**
 * What counts for a second factor, however often somebody begins anew. A browser that was in before counts along:
 * nobody comes here without the password, and a new one shuts out whoever makes the owner wait.
 */
const secondFactorOf = (userId: string) => `second factor of ${userId}`

/** Whose second factor is tried: that of who is signed in, or has given the password a moment ago. */
async function tried(ctx: Ctx): Promise<string | undefined> {
  const own = (await getSessionFromCtx(ctx))?.user.id
  if (own !== undefined) return own
  const challenge = await ctx.getSignedCookie(ctx.context.createAuthCookie(CHALLENGE).name, ctx.context.secret)
  if (!challenge) return undefined
  return (await ctx.context.internalAdapter.findVerificationValue(challenge))?.value
}

/** A change of address is a mail to whomever one likes. */
function mailsOf(ctx: Ctx, userId: string): [string, Allowance][] {
  if (ctx.path !== '/change-address') return []
  const { newEmail } = ctx.body as { newEmail?: unknown }
  const parsed = parseAddress(typeof newEmail === 'string' ? newEmail : '')
  if (!parsed.ok) return []
  return [
    [`changes of address of ${userId}`, PER_MAILBOX],
    [`mail to ${parsed.value}`, PER_MAILBOX],
  ]
}

const givesCode = ({ body }: Ctx) => (body as { code?: unknown } | undefined)?.code !== undefined

/** What a request counts for. */
async function countsOf(ctx: Ctx): Promise<[string, Allowance][]> {
  const path = ctx.path ?? ''
  if (BY_MAIL.has(path)) {
    return [
      [networkSubject(ctx, 'mails'), PER_NETWORK],
      [`mail to ${emailOf(ctx)}`, PER_MAILBOX],
    ]
  }
  const network: [string, Allowance] = [networkSubject(ctx, 'tries'), PER_NETWORK]
  if (path === '/sign-in/email') return [network, [await signInSubject(ctx, emailOf(ctx)), PER_ACCOUNT]]
  if (SECOND_FACTOR.has(path)) {
    const owner = await tried(ctx)
    return owner === undefined ? [network] : [network, [secondFactorOf(owner), PER_ACCOUNT]]
  }
  const own = OWN_PASSWORD.has(path) ? (await getSessionFromCtx(ctx))?.user.id : undefined
  if (own === undefined) return [network]
  const code: [string, Allowance][] = givesCode(ctx) ? [[secondFactorOf(own), PER_ACCOUNT]] : []
  return [network, [passwordOf(own), PER_ACCOUNT], ...code, ...mailsOf(ctx, own)]
}

/** With a token no mail is sent; the token itself is what can be guessed at. */
const sendsMail = ({ path, body }: { path?: string | undefined; body?: unknown }) =>
  BY_MAIL.has(path ?? '') && (body as { token?: unknown } | undefined)?.token === undefined

/** Makes who tries too often wait, longer each time. */
export function limitTries({ runtime: { db } }: Tools) {
  return {
    matcher: (ctx: { path?: string | undefined; body?: unknown }) => GUESSES.has(ctx.path ?? '') || sendsMail(ctx),
    handler: createAuthMiddleware(async (ctx) => {
      for (const [subject, allowance] of await countsOf(ctx)) {
        const attempt = await beginAttempt(db, subject, allowance)
        if (!attempt.isAllowed) throw tooManyTries(attempt.waitSeconds)
      }
    }),
  }
}

/** What went well was no guess. */
export function forgiveTries({ runtime: { db } }: Tools): AfterHook {
  return {
    matcher: ({ path }) => GUESSES.has(path ?? ''),
    handler: createAuthMiddleware(async (ctx) => {
      if (isAPIError(ctx.context.returned)) return
      await forgiveAttempt(db, networkSubject(ctx, 'tries'))
      if (!OWN_PASSWORD.has(ctx.path) && !SECOND_FACTOR.has(ctx.path)) return
      const own = (ctx.context.newSession ?? (await getSessionFromCtx(ctx)))?.user.id
      if (own === undefined) return
      if (OWN_PASSWORD.has(ctx.path)) await forgetAttempts(db, passwordOf(own))
      if (SECOND_FACTOR.has(ctx.path) || givesCode(ctx)) await forgetAttempts(db, secondFactorOf(own))
    }),
  }
}
