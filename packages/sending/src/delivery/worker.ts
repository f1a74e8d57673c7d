import { randomUUID } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { claim, lanes, type ClaimedEmail, type Lane } from '@posthorn/outbox'
import type { Relays } from '../relays.ts'
import { createBudget } from './budget.ts'
import { deliver, type Deliverer, type Step } from './deliver.ts'
import { createFairShare } from './lanes.ts'
import { createLeases, leaseEndMs, type Held } from './leases.ts'
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
  /** Opens a connection of its own, to be woken on. */
  listen: () => Promise<ListeningClient>
  /** Told of what went wrong without ending the work. */
  onFault: (error: unknown) => void
  /** How long mail may wait at most when no wake-up arrives. */
  pollMs?: number
  /** Seconds to wait after a mail was put off for the nth time. */
  waitAfter?: (deferrals: number) => number
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
  const working = new Set<Promise<void>>()
  const deliverer: Deliverer = {
    db,
    relays,
    settler: createSettler(db, onFault),
    attachments: createBudget(ATTACHMENT_BYTES),
    turn: () => turns.next(),
    waitAfter: options.waitAfter ?? waitAfter,
    onStep: options.onStep ?? (() => {}),
    onDelivery: () => void pauses.update().catch(onFault),
  }
  let isStopping = false
  let pumping: Promise<void> | undefined
  let isWanted = false
  let timer: NodeJS.Timeout | undefined

  const wake = () => {
    isWanted = true
    if (isStopping) return
    pumping ??= pump().finally(() => {
      pumping = undefined
      if (isWanted) wake()
    })
  }

  const sleep = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(wake, Math.max(1, Math.min(ms, pollMs)))
  }

  /** How many emails more this worker should have. One that is paused has none, one on trial a single one. */
  const capacity = (): number => {
    if (relays.free === 0 && relays.pausedUntil !== undefined) return 0
    return (relays.pauseReason === undefined ? pace.window : 1) - leases.size
  }

  const pump = async () => {
    try {
      while (isWanted && !isStopping) {
        isWanted = false
        sleep(pollMs)
        const room = capacity()
        if (room <= 0) break
        const all = await lanes(db)
        const due = all.filter(({ dueInMs }) => dueInMs <= 0)
        if (due.length === 0) {
          sleep(Math.min(pollMs, ...all.map(({ dueInMs }) => dueInMs)))
          continue
        }
        const taken = await Promise.all(shares.divide(due, room).map(({ lane, limit }) => take(lane, limit)))
        if (taken.some((count) => count > 0) && capacity() > pace.window / 2) isWanted = true
      }
    } catch (error) {
      onFault(error)
    }
  }

  const take = async (lane: Lane, limit: number): Promise<number> => {
    const token = randomUUID()
    const heldUntilMs = leaseEndMs()
    const claimed = await claim(db, { projectId: lane.projectId, stream: lane.stream, limit, token })
    const held = claimed.map(({ emailId }): Held => {
      deliverer.onStep('claimed', emailId)
      const one = { projectId: lane.projectId, emailId, token, isHeld: true, isBegun: false, heldUntilMs }
      leases.add(one)
      return one
    })
    track(takeOn(lane.projectId, claimed, held))
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
      const loaded = await load(projectId, claimed.slice(start, end))
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
      // What could not be loaded now is due again when its lease ends.
      if (loaded !== undefined) await deliver(deliverer, held, { claimed, email: loaded.get(held.emailId) })
    } catch (error) {
      onFault(error)
    } finally {
      leases.remove(held)
      bodies.giveBack(claimed.sizeBytes)
      pace.completed()
      turns.admit()
      if (relays.free === 0 && relays.pausedUntil !== undefined) await standBack()
      else if (leases.size <= pace.window / 2) wake()
    }
  }

  /** While the relays are left alone, somebody else's worker may reach theirs; nothing is kept from it. */
  const standBack = async () => {
    const pausedForMs = (relays.pausedUntil?.getTime() ?? 0) - Date.now()
    sleep(pausedForMs)
    await letGo(Math.max(0, pausedForMs) / 1000, relays.pauseReason)
  }

  const letGo = async (delaySeconds: number, reason: string | undefined) => {
    const untouched = leases.untouched().filter(({ isHeld }) => isHeld)
    for (const held of untouched) held.isHeld = false
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
      while (working.size > 0) await Promise.all(working)
      leases.close()
    },
  }
}
