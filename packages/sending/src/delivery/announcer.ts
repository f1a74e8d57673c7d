import type { Db } from '@posthorn/db'
import { announce } from '@posthorn/outbox'
import { isTooLate, type Held, type HeldClaim } from './leases.ts'

/**
 * Writes down which emails are about to be on a wire, in few statements, and only a few emails ahead of the free
 * connections: should this worker die, there is no doubt about any other.
 */
export interface Announcer {
  /** Resolves when the email may begin, or must not because it is no longer held. Never rejects. */
  announce(held: Held): Promise<void>
  /** It has begun or never will, so that another may be announced. */
  pass(held: Held): void
  /** Lets everybody through who waits; to be called when they are no longer held. */
  admitAll(): void
}

export interface AnnouncerOptions {
  db: Db
  /** How many emails begin in a millisecond. */
  perMs: () => number
  onFault: (error: unknown) => void
}

interface Entry {
  held: Held
  go: () => void
}

const LEAST_AHEAD = 10
const LEAST_AHEAD_MS = 25
const MOST_AHEAD_MS = 100
const STATEMENTS_AHEAD = 4
const AGAIN_MS = 500

export function createAnnouncer({ db, perMs, onFault }: AnnouncerOptions): Announcer {
  const outstanding = new Set<Held>()
  const line: Entry[] = []
  let isScheduled = false
  let isWriting = false
  let statementMs = 3

  /** How many may be announced that have not begun. Where the database is slow they are more, so that none waits for it. */
  const ahead = () => {
    const ms = Math.min(MOST_AHEAD_MS, Math.max(LEAST_AHEAD_MS, statementMs * STATEMENTS_AHEAD))
    return Math.max(LEAST_AHEAD, Math.round(perMs() * ms))
  }

  const schedule = () => {
    if (isScheduled || isWriting || !mayWrite()) return
    isScheduled = true
    // So that those who come at the same time go together.
    setImmediate(() => {
      isScheduled = false
      void write()
    })
  }

  /** Half of the room at once, or each connection that becomes free would cost a statement of its own. */
  const mayWrite = () => line.length > 0 && ahead() - outstanding.size >= Math.min(line.length, ahead() / 2)

  const write = async () => {
    if (isWriting || !mayWrite()) return
    isWriting = true
    const batch = line.splice(0, ahead() - outstanding.size)
    for (const { held } of batch) outstanding.add(held)
    const groups = Map.groupBy(batch, ({ held }) => held.claim)
    const startedMs = performance.now()
    await Promise.all(Array.from(groups, ([claim, group]) => announceAll(claim, group)))
    statementMs += (performance.now() - startedMs - statementMs) / 8
    isWriting = false
    schedule()
  }

  const announceAll = async (claim: HeldClaim, group: readonly Entry[]) => {
    const [first] = group
    if (first === undefined) return
    const { projectId, token, announcedTo } = claim
    const place = group.reduce((furthest, { held }) => Math.max(furthest, held.place), announcedTo)
    claim.isNoted = true
    try {
      const isLeased = await announce(db, projectId, { token, emailId: first.held.emailId, place })
      claim.announcedTo = Math.max(claim.announcedTo, place)
      if (!isLeased) for (const { held } of group) held.isHeld = false
    } catch (error) {
      onFault(error)
      return putBack(group)
    }
    for (const { go } of group) go()
  }

  /** What could not be written may be written later, for as long as its lease lasts. */
  const putBack = (group: readonly Entry[]) => {
    for (const { held } of group) outstanding.delete(held)
    const isLost = ({ held }: Entry) => !held.isHeld || isTooLate(held)
    const { lost = [], again = [] } = Object.groupBy(group, (entry) => (isLost(entry) ? 'lost' : 'again'))
    for (const { go } of lost) go()
    if (again.length === 0) return
    setTimeout(() => {
      line.unshift(...again)
      schedule()
    }, AGAIN_MS)
  }

  return {
    announce(held) {
      if (held.place <= held.claim.announcedTo) {
        outstanding.add(held)
        return Promise.resolve()
      }
      return new Promise((go) => {
        line.push({ held, go })
        schedule()
      })
    },
    pass(held) {
      if (outstanding.delete(held)) schedule()
    },
    admitAll() {
      for (const { go } of line.splice(0)) go()
    },
  }
}
