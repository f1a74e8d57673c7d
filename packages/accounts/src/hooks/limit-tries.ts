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
  const own = OWN_PASSWORD.has(path) ? (await getSessionFromCtx(ctx))?.user.id : undefined
  return own === undefined ? [network] : [network, [passwordOf(own), PER_ACCOUNT], ...mailsOf(ctx, own)]
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
      if (!OWN_PASSWORD.has(ctx.path)) return
      const own = (ctx.context.newSession ?? (await getSessionFromCtx(ctx)))?.user.id
      if (own !== undefined) await forgetAttempts(db, passwordOf(own))
    }),
  }
}
