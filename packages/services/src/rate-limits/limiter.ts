import type { Db } from '@posthorn/db'
import { leaser, type Grant } from './leases.ts'

export type RatePolicy = 'key' | 'account' | 'address' | 'recipient'

/** So many within so many seconds, of each that is limited. */
export type RateLimits = Partial<Record<RatePolicy, { quota: number; windowSeconds: number }>>

export interface RateVerdict {
  isAllowed: boolean
  policy: RatePolicy
  quota: number
  windowSeconds: number
  /** What is left of the quota, as far as this process knows. */
  left: number
  /** When the quota is whole again. */
  resetSeconds: number
  /** When it was counted, by the clock of the process. */
  at: number
}

export interface RateLimiter {
  /** Counts something of a subject. Undefined: it is not limited, or cannot be counted at the moment. */
  take(policy: RatePolicy, subject: string, count?: number): Promise<RateVerdict | undefined> | RateVerdict | undefined
  /** Takes the count of one such thing back, since it came to nothing. */
  giveBack(subject: string, counted: RateVerdict): void
}

export interface RateLimiterOptions {
  db: Db
  limits: RateLimits
  onFault: (error: unknown) => void
}

/** What this process holds of the quota of a subject. */
interface Held extends Grant {
  endsAt: number
}

/** A process takes this part of what is left, so that it asks seldom, and others find something while there is any. */
const PART = 10
const PATIENCE_MS = 1_000
/** While the database is away it is asked this often, and nobody is limited. */
const PAUSE_MS = 1_000
const SUBJECTS = 50_000

/**
 * Limits how often things are done, over all processes together. Each takes parts of a quota from the database and
 * counts them down by itself, so most calls cost no query, and one that is over its quota costs none either. Where the
 * database does not answer nobody is limited: limits keep others from being disturbed, and must not disturb by themselves.
 */
export function createRateLimiter({ db, limits, onFault }: RateLimiterOptions): RateLimiter {
  const ask = leaser(db)
  const held = new Map<string, Held>()
  const asking = new Map<string, Promise<void>>()
  let openUntil = 0

  const heldOf = (id: string): Held | undefined => {
    const found = held.get(id)
    return found === undefined || found.endsAt <= performance.now() ? undefined : found
  }

  const refill = async (id: string, { count, quota, windowSeconds }: Asked): Promise<void> => {
    const before = heldOf(id)
    const wanted = Math.max(count - (before?.granted ?? 0), Math.ceil((before?.left ?? quota) / PART))
    const grant = await inTime(ask({ subject: id, wanted, quota, windowSeconds }))
    const now = performance.now()
    const rest = before !== undefined && before.endsAt > now ? before.granted : 0
    held.delete(id)
    held.set(id, { ...grant, granted: grant.granted + rest, endsAt: now + grant.endsInMs })
    if (held.size > SUBJECTS) shrink(held, now)
  }

  const takeHeld = (id: string, { policy, count, quota, windowSeconds }: Asked): RateVerdict | undefined => {
    const mine = heldOf(id)
    if (mine === undefined || (mine.granted < count && mine.left > 0)) return undefined
    const isAllowed = mine.granted >= count
    if (isAllowed) mine.granted -= count
    const at = performance.now()
    const resetSeconds = Math.max(1, Math.ceil((mine.endsAt - at) / 1000))
    return { isAllowed, policy, quota, windowSeconds, left: mine.granted + mine.left, resetSeconds, at }
  }

  const takeAfterAsking = async (id: string, asked: Asked): Promise<RateVerdict | undefined> => {
    for (;;) {
      if (performance.now() < openUntil) return undefined
      const verdict = takeHeld(id, asked)
      if (verdict !== undefined) return verdict
      const begun = asking.get(id)
      if (begun !== undefined) {
        await begun
        continue
      }
      const refilling = refill(id, asked)
        .catch((error: unknown) => {
          openUntil = performance.now() + PAUSE_MS
          onFault(error)
        })
        .finally(() => asking.delete(id))
      asking.set(id, refilling)
      await refilling
    }
  }

  return {
    take(policy, subject, count = 1) {
      const limit = limits[policy]
      if (limit === undefined) return undefined
      const id = idOf(policy, subject)
      const asked = { policy, count, ...limit }
      return takeHeld(id, asked) ?? takeAfterAsking(id, asked)
    },
    giveBack(subject, { policy, windowSeconds, isAllowed, at }) {
      const mine = heldOf(idOf(policy, subject))
      // The next window is whole without it.
      if (isAllowed && mine !== undefined && mine.endsAt - windowSeconds * 1000 <= at) mine.granted += 1
    },
  }
}

const idOf = (policy: RatePolicy, subject: string) => `${policy} ${subject}`

interface Asked {
  policy: RatePolicy
  count: number
  quota: number
  windowSeconds: number
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('the database did not count in time')), PATIENCE_MS)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets go of what is over, and where that is not enough, of what was taken first: it costs a query to take it again. */
function shrink(held: Map<string, Held>, now: number): void {
  for (const [id, { endsAt }] of held) if (endsAt <= now) held.delete(id)
  for (const id of held.keys()) {
    if (held.size <= SUBJECTS / 2) break
    held.delete(id)
  }
}
