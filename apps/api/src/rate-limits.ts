import { ApiError, networkOf, type Caller, type RatePolicy, type Runtime } from '@posthorn/services'
import type { Request, RequestHandler, Response } from 'express'

interface Exchange {
  req: Request
  res: Response
  /** How many calls the request brings; left out, one. */
  calls?: number | undefined
}

interface Counted {
  policy: RatePolicy
  subject: string
}

/**
 * Counts the calls of a request, once, and says in its headers what is left: as draft-ietf-httpapi-ratelimit-headers has it
 * now, and as its older versions had it, which most clients read.
 */
async function count({ rateLimiter }: Runtime, { policy, subject }: Counted, { res, calls }: Exchange): Promise<void> {
  if (rateLimiter === undefined || res.locals['isCounted'] === true) return
  res.locals['isCounted'] = true
  const verdict = await rateLimiter.take(policy, subject, calls)
  if (verdict === undefined) return
  const { isAllowed, quota, windowSeconds, left, resetSeconds } = verdict
  if (!res.headersSent) {
    res.setHeader('RateLimit-Policy', `"${policy}";q=${quota};w=${windowSeconds}`)
    res.setHeader('RateLimit', `"${policy}";r=${left};t=${resetSeconds}`)
    res.setHeader('RateLimit-Limit', quota)
    res.setHeader('RateLimit-Remaining', left)
    res.setHeader('RateLimit-Reset', resetSeconds)
  }
  if (isAllowed) return
  throw new ApiError('RATE_LIMITED', `More than ${quota} calls within ${windowSeconds} seconds.`, {
    suggestion: `Call again in ${resetSeconds} seconds, and spread the calls over time.`,
    retryAfterSeconds: resetSeconds,
  })
}

/** Counts the calls of whoever makes them. */
export function countCalls(runtime: Runtime, caller: Caller, exchange: Exchange): Promise<void> {
  if (caller.kind === 'key') return count(runtime, { policy: 'key', subject: caller.keyId }, exchange)
  if (caller.kind === 'visitor' || caller.kind === 'system') return countStranger(runtime, exchange)
  return count(runtime, { policy: 'account', subject: caller.person.userId }, exchange)
}

/** Counts the calls of somebody who is not known, by where they come from. */
const countStranger = (runtime: Runtime, exchange: Exchange): Promise<void> =>
  count(runtime, { policy: 'address', subject: networkOf(exchange.req.ip) }, exchange)

/** Counts a refused key against where it came from; good ones from there go on working. */
export async function countRefused(runtime: Runtime, error: unknown, exchange: Exchange): Promise<never> {
  if (error instanceof ApiError && error.status === 401) await countStranger(runtime, exchange)
  throw error
}

/** For what is open to everybody. */
export const limitStrangers =
  (runtime: Runtime): RequestHandler =>
  async (req, res, next) => {
    await countStranger(runtime, { req, res })
    next()
  }
