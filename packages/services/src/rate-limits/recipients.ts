import type { Mailbox } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import type { Mail } from '../emails/accept.ts'
import { ApiError } from '../errors.ts'

/** Counts a mail to each of them, and refuses where somebody has had too many from this project. */
export async function requireRecipients({ runtime, actor }: Context, to: readonly Mailbox[]): Promise<void> {
  const { rateLimiter } = runtime
  if (rateLimiter === undefined) return
  const taken = await Promise.all(
    to.map(async ({ email }) => rateLimiter.take('recipient', `${actor.projectId} ${email}`)),
  )
  const place = taken.findIndex((verdict) => verdict?.isAllowed === false)
  if (place !== -1) throw tooManyMails(taken[place]?.resetSeconds ?? 1, to[place]?.email ?? '')
}

/** The same for each mail of several: what is too much is a refusal in its place. */
export async function withinQuotas(
  ctx: Context,
  verdicts: readonly (Mail[] | ApiError)[],
): Promise<(Mail[] | ApiError)[]> {
  if (ctx.runtime.rateLimiter === undefined) return [...verdicts]
  return Promise.all(verdicts.map(async (verdict) => (verdict instanceof ApiError ? verdict : within(ctx, verdict))))
}

async function within(ctx: Context, mails: Mail[]): Promise<Mail[] | ApiError> {
  try {
    await requireRecipients(
      ctx,
      mails.flatMap(({ recipients }) => recipients),
    )
    return mails
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

const tooManyMails = (retryAfterSeconds: number, email: string) =>
  new ApiError('RATE_LIMITED', `${email} has had as many mails from this project as may be within the time.`, {
    suggestion: `Send to this address again in ${retryAfterSeconds} seconds.`,
    retryAfterSeconds,
  })
