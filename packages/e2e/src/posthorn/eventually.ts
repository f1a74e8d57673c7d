import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE_MS = 15_000
const PAUSE_MS = 25

/** Looks until there is something, and fails in the words of `what` when it never comes. */
export async function eventually<Found>(find: () => Promise<Found | undefined>, what: string): Promise<Found> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const found = await find()
    if (found !== undefined) return found
    await sleep(PAUSE_MS)
  }
  throw new Error(`It never came to be: ${what}`)
}
