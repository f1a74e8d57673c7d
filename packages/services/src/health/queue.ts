import type { Db } from '@posthorn/db'
import { lanes } from '@posthorn/outbox'
import type { HealthCheck } from './check.ts'

const MOST_OVERDUE_MS = 5 * 60_000

/** Whether workers keep up: how long the oldest mail has been due. */
export async function checkQueue(db: Db): Promise<HealthCheck> {
  const name = 'queue'
  const waiting = await lanes(db)
  const overdueMs = Math.max(0, ...waiting.map(({ dueInMs }) => -dueInMs))
  if (overdueMs <= MOST_OVERDUE_MS) {
    return { name, status: 'ok', message: waiting.length === 0 ? 'No mail waits.' : 'No mail is overdue.' }
  }
  return {
    name,
    status: 'wrong',
    message: `The oldest mail has been due for ${Math.floor(overdueMs / 60_000)} min.`,
    advice: 'Check that a worker runs and what its log says. Run: pnpm posthorn emails why',
  }
}
