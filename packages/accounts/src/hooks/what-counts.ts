import { getSessionFromCtx } from 'better-auth/api'
import type { GenericEndpointContext } from 'better-auth'
import { parseAddress } from '@posthorn/contracts'
import { PER_MAILBOX, type Allowance } from '@posthorn/services'
import type { Db } from '@posthorn/db'
import { browserId, isKnownDevice } from '../devices.ts'
import { LINK_IDS } from '../links.ts'
import { networkOf } from '../networks.ts'
import { ADDRESS_HEADER } from '../transport.ts'

type Ctx = GenericEndpointContext

const MINUTES = 60

/** What one account lets be tried: few, because only its owner has reason to. */
const PER_ACCOUNT: Allowance = { free: 5, longestWaitSeconds: 15 * MINUTES }
/** What one network lets be tried: more, because offices share one. */
const PER_NETWORK: Allowance = { free: 30, longestWaitSeconds: 15 * MINUTES }
/** What may be asked without any guess in an hour: each is a row that is kept for some minutes. */
const PER_ASKER: Allowance = { free: 600, longestWaitSeconds: MINUTES }

/** One of the things that a request counts for. */
export interface Count {
  subject: string
  allowance: Allowance
  /** A network is made to wait for what others there have tried, too; what went well is taken back from it. */
  isNetwork?: true
  /** Whose sign-in is made to wait, where it is one: the address or the id of the account. */
  delays?: { email: string } | { userId: string }
}

/** A link, code or passkey can be guessed at as well, though nobody knows whose it would be. */
const AT_LINK = ['/reset-password', '/confirm-address']
const AT_PASSKEY = '/passkey/verify-authentication'
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
/** What anybody can have us keep without a try at anything. */
const QUESTIONS = new Set(['/passkey/generate-authenticate-options', '/sign-in/social'])

const LINK = new Set(AT_LINK)
export const SECOND_FACTOR: ReadonlySet<string> = new Set(AT_CHALLENGE)
export const OWN_PASSWORD: ReadonlySet<string> = new Set(AT_OWN_PASSWORD)
export const GUESSES: ReadonlySet<string> = new Set([
  '/sign-in/email',
  AT_PASSKEY,
  ...AT_LINK,
  ...AT_CHALLENGE,
  ...AT_OWN_PASSWORD,
])

/** With a token no mail is sent; the token itself is what can be guessed at. */
const sendsMail = ({ path, body }: { path?: string | undefined; body?: unknown }) =>
  BY_MAIL.has(path ?? '') && (body as { token?: unknown } | undefined)?.token === undefined

export const isCounted = (ctx: { path?: string | undefined; body?: unknown }): boolean =>
  GUESSES.has(ctx.path ?? '') || QUESTIONS.has(ctx.path ?? '') || sendsMail(ctx)

/** What counts for an account in browsers that it does not know. */
export const accountSubject = (email: string) => `sign-in of ${email}`

/**
 * A browser that has signed in to the account before counts for itself: who attacks the account from elsewhere makes
 * its owner wait nowhere but elsewhere.
 */
export async function signInSubject(ctx: Ctx, email: string): Promise<string> {
  const device = await isKnownDevice(ctx, email)
  return device === undefined ? accountSubject(email) : deviceSubject(email, device)
}

const deviceSubject = (email: string, device: string) => `${accountSubject(email)} on ${device}`

export const passwordOf = (userId: string) => `password of ${userId}`

/**
 * What counts for a second factor, however often somebody begins anew. A browser that was in before counts along:
 * nobody comes here without the password, and a new one shuts out whoever makes the owner wait.
 */
export const secondFactorOf = (userId: string) => `second factor of ${userId}`

export const givesCode = ({ body }: Ctx) => (body as { code?: unknown } | undefined)?.code !== undefined

/**
 * What a request counts for. A network is counted for those alone who come with nothing in hand: who shares an address
 * with somebody that guesses would else be shut out with them. Whoever has a session, a link, a browser that was in
 * before or the first of two factors has a count of their own, as short as that of the account.
 */
export async function countsOf(ctx: Ctx, db: Db): Promise<Count[]> {
  const path = ctx.path ?? ''
  if (BY_MAIL.has(path)) return mailCounts(ctx)
  if (QUESTIONS.has(path)) return [await questionsOf(ctx)]
  if (path === '/sign-in/email') return signInCounts(ctx, emailOf(ctx))
  if (path === AT_PASSKEY) return passkeyCounts(ctx, db)
  if (LINK.has(path)) return [(await linkCount(ctx)) ?? tries(ctx)]
  if (SECOND_FACTOR.has(path)) return [(await secondFactorCount(ctx)) ?? tries(ctx)]
  const own = (await getSessionFromCtx(ctx))?.user.id
  if (own === undefined) return [tries(ctx)]
  const code = givesCode(ctx) ? [{ subject: secondFactorOf(own), allowance: PER_ACCOUNT }] : []
  return [{ subject: passwordOf(own), allowance: PER_ACCOUNT }, ...code, ...mailsOf(ctx, own)]
}

const networkSubject = (ctx: Ctx, what: string) =>
  `${what} from ${networkOf(ctx.headers?.get(ADDRESS_HEADER) ?? undefined)}`

const tries = (ctx: Ctx): Count => ({
  subject: networkSubject(ctx, 'tries'),
  allowance: PER_NETWORK,
  isNetwork: true,
})

function emailOf(ctx: Ctx): string {
  const { email } = ctx.body as { email?: unknown }
  return typeof email === 'string' ? email : ''
}

function tokenOf(ctx: Ctx): string | undefined {
  const { token } = (ctx.body ?? {}) as { token?: unknown }
  return typeof token === 'string' ? token : undefined
}

async function signInCounts(ctx: Ctx, email: string): Promise<Count[]> {
  const device = await isKnownDevice(ctx, email)
  const delays = { email }
  if (device !== undefined) return [{ subject: deviceSubject(email, device), allowance: PER_ACCOUNT, delays }]
  return [tries(ctx), { subject: accountSubject(email), allowance: PER_ACCOUNT, delays }]
}

async function mailCounts(ctx: Ctx): Promise<Count[]> {
  const email = emailOf(ctx)
  const toMailbox = { subject: `mail to ${email}`, allowance: PER_MAILBOX }
  if ((await isKnownDevice(ctx, email)) !== undefined) return [toMailbox]
  return [{ subject: networkSubject(ctx, 'mails'), allowance: PER_NETWORK }, toMailbox]
}

/** Nobody tires these by tries, so nothing takes them back either: they are counted by the hour. */
async function questionsOf(ctx: Ctx): Promise<Count> {
  const browser = await browserId(ctx)
  const asker = browser === undefined ? networkSubject(ctx, 'questions') : `questions of ${browser}`
  return { subject: `${asker} in hour ${Math.floor(Date.now() / 3_600_000)}`, allowance: PER_ASKER }
}

async function passkeyCounts(ctx: Ctx, db: Db): Promise<Count[]> {
  const { response } = (ctx.body ?? {}) as { response?: { id?: unknown } | null }
  const id = response?.id
  if (typeof id !== 'string') return [tries(ctx)]
  const owner = await db
    .selectFrom('auth.passkeys')
    .innerJoin('auth.users', 'auth.users.id', 'user_id')
    .select('email')
    .where('credential_id', '=', id)
    .executeTakeFirst()
  const device = owner === undefined ? undefined : await isKnownDevice(ctx, owner.email)
  if (owner === undefined || device === undefined) return [tries(ctx)]
  return [{ subject: deviceSubject(owner.email, device), allowance: PER_ACCOUNT }]
}

/** The count of a link that works: its password can be guessed at, and each try at one costs a hash. */
async function linkCount(ctx: Ctx): Promise<Count | undefined> {
  const token = tokenOf(ctx)
  if (token === undefined) return undefined
  const { reset, signUp, change } = LINK_IDS
  for (const idOf of ctx.path === '/reset-password' ? [reset] : [signUp, change]) {
    const link = await ctx.context.internalAdapter.findVerificationValue(idOf(token))
    if (link !== null && link.expiresAt > new Date()) return { subject: `link ${token}`, allowance: PER_NETWORK }
  }
  return undefined
}

/** Whose second factor is tried: that of who is signed in, or has given the password a moment ago. */
async function secondFactorCount(ctx: Ctx): Promise<Count | undefined> {
  const own = (await getSessionFromCtx(ctx))?.user.id
  if (own !== undefined) return { subject: secondFactorOf(own), allowance: PER_ACCOUNT }
  const challenge = await ctx.getSignedCookie(ctx.context.createAuthCookie(CHALLENGE).name, ctx.context.secret)
  if (!challenge) return undefined
  const userId = (await ctx.context.internalAdapter.findVerificationValue(challenge))?.value
  if (userId === undefined) return undefined
  return { subject: secondFactorOf(userId), allowance: PER_ACCOUNT, delays: { userId } }
}

/** A change of address is a mail to whomever one likes. */
function mailsOf(ctx: Ctx, userId: string): Count[] {
  if (ctx.path !== '/change-address') return []
  const { newEmail } = ctx.body as { newEmail?: unknown }
  const parsed = parseAddress(typeof newEmail === 'string' ? newEmail : '')
  if (!parsed.ok) return []
  return [
    { subject: `changes of address of ${userId}`, allowance: PER_MAILBOX },
    { subject: `mail to ${parsed.value}`, allowance: PER_MAILBOX },
  ]
}
