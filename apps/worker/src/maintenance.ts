import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { pruneInbox } from '@posthorn/inbox'
import { forgetAbandonedClaims } from '@posthorn/outbox'
import {
  forgetAccountTraces,
  forgetFields,
  forgetIdempotencyKeys,
  forgetRateLimits,
  forgetRequests,
  gatherTallies,
  removeObjects,
  sortIntoIndex,
  type Bucket,
} from '@posthorn/services'

const EVERY_MS = LIMITS.inboxPruneMinutes * 60_000
/** Who asks for numbers adds up what is not: this bounds it. */
const GATHER_EVERY_MS = 15_000
const SORT_EVERY_MS = 1_000
/** An import fills the list of what is new in half a second, and would then have to sort that in itself: */
const SORT_AGAIN_MS = 100
/** where so much was new (some sixty contacts), more is. */
const MUCH_PAGES = 8

export interface MaintenanceOptions {
  /** How many days the log of API requests is kept. */
  apiLogDays: number
  /** Where pictures are kept, if not in the database. */
  bucket?: Bucket | undefined
  onFault: (error: unknown) => void
}

/** Deletes what has had its time. Several workers may do it at once; they skip what another has at hand, or wait for it. */
export function startMaintenance(
  db: Db,
  { apiLogDays, bucket, onFault }: MaintenanceOptions,
): { stop(): Promise<void> } {
  const chores: Chore[] = [
    () => forgetIdempotencyKeys(db),
    () => forgetAccountTraces(db),
    () => forgetRateLimits(db),
    () => pruneInbox(db),
    () => forgetFields(db),
    () => forgetRequests(db, apiLogDays),
    () => forgetAbandonedClaims(db),
    ...(bucket === undefined ? [] : [() => removeObjects(db, bucket)]),
  ]

  const stopping = new AbortController()
  const sortWhatIsNew = async () => {
    while (!stopping.signal.aborted && (await sortIntoIndex(db)) >= MUCH_PAGES) await sleep(SORT_AGAIN_MS)
  }

  const loops = [
    every(EVERY_MS, chores, onFault),
    every(GATHER_EVERY_MS, [() => gatherTallies(db)], onFault),
    every(SORT_EVERY_MS, [sortWhatIsNew], onFault),
  ]
  return {
    async stop() {
      stopping.abort()
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}

type Chore = () => Promise<unknown>

function every(ms: number, chores: readonly Chore[], onFault: (error: unknown) => void): { stop(): Promise<void> } {
  let running: Promise<void> | undefined

  // One that fails must not keep the others from being done, this time and every time.
  const run = async () => {
    for (const chore of chores) await chore().catch(onFault)
    running = undefined
  }

  const timer = setInterval(() => void (running ??= run()), ms)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
