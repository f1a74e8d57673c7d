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

  const run = async () => {
    try {
      await forgetIdempotencyKeys(db)
      await forgetAccountTraces(db)
      await pruneInbox(db)
      await forgetRequests(db, apiLogDays)
      await gatherStats(db)
      await forgetAbandonedClaims(db)
    } catch (error) {
      onFault(error)
    } finally {
      running = undefined
    }
  }

  const timer = setInterval(() => void (running ??= run()), EVERY_MS)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
