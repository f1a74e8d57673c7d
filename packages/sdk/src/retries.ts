import { PosthornConnectionError, type PosthornError } from './errors.ts'

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8_000
const LONGEST_WAIT_MS = 60_000

const RETRYABLE = new Set([408, 429, 500, 502, 503, 504])

/** Whether the same request may succeed later. A first request that still runs ends some time, and is answered then. */
export const isRetryable = (status: number, code: string) => RETRYABLE.has(status) || code === 'IDEMPOTENCY_IN_PROGRESS'

// What Node and its fetch say when no connection came about, so that nothing can have been sent.
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/** Whether it is certain that nothing was done, so that even a call without Idempotency-Key can be made again. */
export function isUndone(error: PosthornError): boolean {
  if (error instanceof PosthornConnectionError) return NOT_CONNECTED.has(error.reason ?? '')
  return error.status === 429
}

/**
 * How long to wait before the next attempt, or undefined where there is none. A server that asks for more than a
 * minute is not asked again at all: sooner would be too soon, and later is for the caller to decide.
 */
export function delayBefore(retry: number, error: PosthornError): number | undefined {
  if (error.retryAfterMs === undefined) return backOff(retry, Math.random())
  return error.retryAfterMs <= LONGEST_WAIT_MS ? error.retryAfterMs : undefined
}

/** Twice as long each time, and never quite the same, so that clients of one outage do not return all at once. */
export function backOff(retry: number, chance: number): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (retry - 1))
  return longest * (0.5 + chance / 2)
}

/** The header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header)) return Number(header) * 1000
  // Every date of HTTP begins with the name of a day; `Date.parse` would also take a -5.
  const date = /^[A-Z]/.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/** Resolves after a while, or rejects as soon as the signal does. */
export function wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, delayMs)
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
