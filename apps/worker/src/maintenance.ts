import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { pruneInbox } from '@posthorn/inbox'
import { forgetAbandonedClaims } from '@posthorn/outbox'
import { forgetAccountTraces, forgetIdempotencyKeys, forgetRequests, gatherStats } from '@posthorn/services'

const EVERY_MS = LIMITS.inboxPruneMinutes * 60_000

export interface MaintenanceOptions {
  /** How many days the log of API requests is kept. */
  apiLogDays: number
  onFault: (error: unknown) => void
}

/** Deletes what has had its time. Several workers may do it at once; they skip what another has at hand. */
export function startMaintenance(db: Db, { apiLogDays, onFault }: MaintenanceOptions): { stop(): Promise<void> } {
  let running: Promise<void> | undefined

  const chores: (() => Promise<unknown>)[] = [
    () => forgetIdempotencyKeys(db),
    () => forgetAccountTraces(db),
    () => pruneInbox(db),
    () => forgetRequests(db, apiLogDays),
    () => gatherStats(db),
    () => forgetAbandonedClaims(db),
  ]

  // One that fails must not keep the others from being done, this time and every time.
  const run = async () => {
    for (const chore of chores) await chore().catch(onFault)
    running = undefined
  }

  const timer = setInterval(() => void (running ??= run()), EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
