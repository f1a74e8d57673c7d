import type { Context } from '../context.ts'
import type { Mail } from '../emails/accept.ts'
import { ApiError } from '../errors.ts'
import type { RateLimiter, RateVerdict } from './limiter.ts'

/** Each address that a mail goes to, once. Several recipients get a mail each, and then there are no copies. */
export const addressesOf = ({ recipients, cc, bcc }: Pick<Mail, 'recipients' | 'cc' | 'bcc'>): string[] => [
  ...new Set([...recipients, ...cc, ...bcc].map(({ email }) => email)),
]

/**
 * Accepts a mail to each of them, and refuses where somebody has had too many from this project. Only what was accepted, and
 * not before under the same Idempotency-Key, is counted.
 */
export async function withinQuota<T>(ctx: Context, to: readonly string[], accept: () => Promise<T>): Promise<T> {
  const counted = await count(ctx, to)
  if (counted instanceof ApiError) throw counted
  return orGiveBack(ctx, counted, accept)
}

/** The same for each mail of several: what is too much is a refusal in its place. */
export async function withinQuotas<T>(
  ctx: Context,
  verdicts: readonly (Mail[] | ApiError)[],
  accept: (verdicts: readonly (Mail[] | ApiError)[]) => Promise<T>,
): Promise<T> {
  if (ctx.runtime.rateLimiter === undefined) return accept(verdicts)
  const counted: Counted[] = []
  const within = await Promise.all(
    verdicts.map(async (mails) => {
      if (mails instanceof ApiError) return mails
      const ofMails = await count(ctx, mails.flatMap(addressesOf))
      if (ofMails instanceof ApiError) return ofMails
      counted.push(...ofMails)
      return mails
    }),
  )
  return orGiveBack(ctx, counted, () => accept(within))
}

interface Counted {
  subject: string
  verdict: RateVerdict
}

async function count(
  { runtime: { rateLimiter }, actor }: Context,
  to: readonly string[],
): Promise<Counted[] | ApiError> {
  if (rateLimiter === undefined) return []
  const taken = await Promise.all(
    to.map(async (email) => {
      const subject = `${actor.projectId} ${email}`
      return { subject, email, verdict: await rateLimiter.take('recipient', subject) }
    }),
  )
  const counted = taken.flatMap(({ subject, verdict }) => (verdict === undefined ? [] : [{ subject, verdict }]))
  const full = taken.find(({ verdict }) => verdict?.isAllowed === false)
  if (full === undefined) return counted
  giveBack(rateLimiter, counted)
  return tooManyMails(full.verdict?.resetSeconds ?? 1, full.email)
}

async function orGiveBack<T>({ runtime }: Context, counted: readonly Counted[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    giveBack(runtime.rateLimiter, counted)
    throw error
  }
}

function giveBack(rateLimiter: RateLimiter | undefined, counted: readonly Counted[]): void {
  for (const { subject, verdict } of counted) rateLimiter?.giveBack(subject, verdict)
}

const tooManyMails = (retryAfterSeconds: number, email: string) =>
  new ApiError('RATE_LIMITED', `${email} has had as many mails from this project as may be within the time.`, {
    suggestion: `Send to this address again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  })
