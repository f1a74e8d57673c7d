import { randomUUID } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { claim, isSuspect, lanes, type ClaimedEmail } from '@posthorn/outbox'
import type { Relays } from '../relays.ts'
import { createAnnouncer } from './announcer.ts'
import { createBudget } from './budget.ts'
import { deliver, type Deliverer, type Step } from './deliver.ts'
import { createFairShare, type Share } from './lanes.ts'
import { createLeases, leaseEndMs, type Held, type HeldClaim } from './leases.ts'
import { loadEmails, type LoadedEmail } from './load.ts'
import { notePauses } from './pauses.ts'
import { createPace } from './pace.ts'
import { waitAfter } from './retries.ts'
import { createSettler } from './settler.ts'
import { createTurns } from './turns.ts'
import { listenForMail, type ListeningClient } from './wake.ts'

export interface DeliveryOptions {
  db: Db
  relays: Relays
  /** Whether the relays are the built-in inbox. */
  captures: boolean
  /** Opens a connection of its own, to be woken on. */
  listen: () => Promise<ListeningClient>
  /** Told of what went wrong without ending the work. */
  onFault: (error: unknown) => void
  /** How long mail may wait at most when no wake-up arrives. */
  pollMs?: number
  /** Seconds to wait after a mail was put off for the nth time. */
  waitAfter?: (deferrals: number) => number
  /** A mail that could not be delivered for so long after it was first due has failed. Left out: three days. */
  lifeSeconds?: number | undefined
  /** Sees each email pass the points at which a worker may die. */
  onStep?: (step: Step, emailId: string) => void
}

export interface DeliveryWorker {
  /** Finishes what has begun, hands back what has not, and resolves when nothing of it is left. */
  stop(deadlineMs: number): Promise<void>
}

const BODY_BYTES = 32 * 1024 * 1024
const ATTACHMENT_BYTES = 192 * 1024 * 1024
const LOAD_BYTES = 4 * 1024 * 1024
const POLL_MS = 1_000

/** Starts to deliver what the outbox holds. As many of these as one likes may work on one database. */
export function startDelivery(options: DeliveryOptions): DeliveryWorker {
  const { db, relays, onFault, pollMs = POLL_MS } = options
  const leases = createLeases(db, onFault)
  const bodies = createBudget(BODY_BYTES)
  const shares = createFairShare()
  const turns = createTurns(relays)
  const pace = createPace()
  const pauses = notePauses(db, relays.relays)
  const settler = createSettler(db, { lifeSeconds: options.lifeSeconds, onFault })
  const announcer = createAnnouncer({ db, onFault, perMs: () => pace.perMs })
  const working = new Set<Promise<void>>()
  const deliverer: Deliverer = {
    db,
    relays,
    captures: options.captures,
    settler,
    attachments: createBudget(ATTACHMENT_BYTES),
    announce: (held) => announcer.announce(held),
    turn: () => turns.next(),
    turnEnded: () => turns.admitSoon(),
    begin(held) {
      leases.begin(held)
      announcer.pass(held)
    },
    waitAfter: options.waitAfter ?? waitAfter,
    onStep: options.onStep ?? (() => {}),
    onDelivery: () => track(pauses.update().catch(onFault)),
  }
  let isStopping = false
  let pumping: Promise<void> | undefined
  let isWanted = false
  // Mail that workers may not have survived is had one at a time, so that it takes no other down with it again.
  let hasSuspect = false
  let timer: NodeJS.Timeout | undefined

  const wake = () => {
    isWanted = true
    if (isStopping) return
    // A pause of the relays ends with time, which is why the timer that wakes the worker also calls the next in line.
    turns.admit()
    pumping ??= pump().finally(() => {
      pumping = undefined
      if (isWanted) wake()
    })
  }

  const sleep = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(wake, Math.max(1, Math.min(ms, pollMs)))
  }

  const areAway = () => relays.free === 0 && relays.pausedUntilMs !== undefined
  const pausedForMs = () => Math.max(0, (relays.pausedUntilMs ?? 0) - performance.now())

  /**
   * How many emails more this worker should have waiting: none while the relays are away, a single one to try them
   * with. Those on their way do not count, or a relay that stalls would use up the places of the others.
   */
  const capacity = (): number => {
    if (areAway()) return 0
    const isTrial = relays.relays.every(({ pauseReason }) => pauseReason !== undefined)
    return (isTrial ? 1 : pace.window) - leases.waiting
  }

  const pump = async () => {
    try {
      while (isWanted && !isStopping) {
        isWanted = false
        sleep(areAway() ? pausedForMs() : pollMs)
        const room = capacity()
        if (room <= 0) break
        const all = await lanes(db)
        const due = all.filter(({ dueInMs }) => dueInMs <= 0)
        if (due.length === 0) {
          sleep(all.reduce((least, { dueInMs }) => Math.min(least, dueInMs), pollMs))
          continue
        }
        const divided = shares.divide(due, room)
        const withSuspect = hasSuspect ? undefined : divided[Math.floor(Math.random() * divided.length)]
        // What goes on a wire at once needs no statement of its own that says so.
        let straightAway = Math.max(0, relays.free - leases.waiting)
        const taken = await Promise.all(
          divided.map((share) => {
            const announced = Math.min(straightAway, share.limit)
            straightAway -= announced
            return take(share, { announced, withSuspect: share === withSuspect })
          }),
        )
        if (taken.some((count) => count > 0) && capacity() > pace.window / 2) isWanted = true
      }
    } catch (error) {
      onFault(error)
    }
  }

  const take = async (
    { lane: { projectId, stream }, limit }: Share,
    how: { announced: number; withSuspect: boolean },
  ): Promise<number> => {
    const token = randomUUID()
    const heldUntilMs = leaseEndMs()
    const claimed = await claim(db, { projectId, stream, limit, token, ...how })
    if (claimed.some(isSuspect)) hasSuspect = true
    const of: HeldClaim = { projectId, token, announcedTo: 0, isNoted: false, left: 0, isInDoubt: false }
    const held = claimed.map(({ emailId, place }): Held => {
      deliverer.onStep('claimed', emailId)
      const one = { claim: of, emailId, place, isHeld: true, isBegun: false, isSettled: false, heldUntilMs }
      leases.add(one)
      return one
    })
    track(takeOn(projectId, claimed, held))
    return claimed.length
  }

  /** Loads emails piece by piece, so that memory is bounded whatever their size. */
  const takeOn = async (projectId: string, claimed: ClaimedEmail[], held: Held[]) => {
    for (let start = 0; start < claimed.length;) {
      let end = start
      let bytes = 0
      do bytes += claimed[end++]?.sizeBytes ?? 0
      while (end < claimed.length && bytes + (claimed[end]?.sizeBytes ?? 0) <= LOAD_BYTES)
      await bodies.take(bytes)
      const isWanted = held.slice(start, end).some(({ isHeld }) => isHeld)
      const loaded = isWanted ? await load(projectId, claimed.slice(start, end)) : undefined
      for (let index = start; index < end; index += 1) {
        const [one, mine] = [claimed[index], held[index]]
        if (one !== undefined && mine !== undefined) track(work(mine, one, loaded))
      }
      start = end
    }
  }

  const load = async (projectId: string, claimed: ClaimedEmail[]) => {
    try {
      return await loadEmails(
        db,
        projectId,
        claimed.map(({ emailId }) => emailId),
      )
    } catch (error) {
      onFault(error)
      return undefined
    }
  }

  const work = async (held: Held, claimed: ClaimedEmail, loaded: Map<string, LoadedEmail> | undefined) => {
    try {
      await deliver(deliverer, held, { claimed, loaded })
    } catch (error) {
      onFault(error)
    } finally {
      leases.remove(held)
      announcer.pass(held)
      if (isSuspect(claimed)) hasSuspect = false
      bodies.giveBack(claimed.sizeBytes)
      pace.completed()
      turns.admit()
      if (areAway()) await standBack()
      else if (isSuspect(claimed) || capacity() >= pace.window / 2) wake()
    }
  }

  /** While the relays are left alone, somebody else's worker may reach theirs; nothing is kept from it. */
  const standBack = async () => {
    const ms = pausedForMs()
    sleep(ms)
    await letGo(ms / 1000, relays.pauseReason)
  }

  const letGo = async (delaySeconds: number, reason: string | undefined) => {
    const untouched = leases.untouched().filter(({ isHeld }) => isHeld)
    for (const held of untouched) held.isHeld = false
    announcer.admitAll()
    turns.admitAll()
    await leases.handBack(untouched, { delaySeconds, reason }).catch(onFault)
  }

  const track = (promise: Promise<void>) => {
    working.add(promise)
    void promise.finally(() => working.delete(promise))
  }

  const listener = listenForMail(options.listen, wake)
  wake()

  return {
    async stop(deadlineMs) {
      isStopping = true
      clearTimeout(timer)
      await listener.close()
      await pumping
      await letGo(0, undefined)
      await relays.close(deadlineMs)
      settler.close()
      while (working.size > 0) await Promise.all(working)
      await leases.close()
    },
  }
}
