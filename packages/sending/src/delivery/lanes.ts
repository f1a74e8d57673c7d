import type { Lane } from '@posthorn/outbox'

export interface Share {
  lane: Lane
  limit: number
}

/** Divides what a worker can take on between the lines of mail, so that no line waits for another's end. */
export interface FairShare {
  divide(due: readonly Lane[], capacity: number): Share[]
}

const nameOf = ({ projectId, stream }: Lane) => `${projectId} ${stream}`

/**
 * Every lane that has mail due gets the same share of each round. Where there are more lanes than places, transactional
 * mail goes before bulk, and whoever was served longest ago comes first.
 */
export function createFairShare(): FairShare {
  let servedAt = new Map<string, number>()
  let round = 0

  return {
    divide(due, capacity) {
      round += 1
      const order = due.toSorted(
        (a, b) => a.stream - b.stream || (servedAt.get(nameOf(a)) ?? 0) - (servedAt.get(nameOf(b)) ?? 0),
      )
      // A few places are kept for bulk mail, or a steady flow of transactional mail would starve it; never all of them.
      const bulk = order.filter(({ stream }) => stream > 0).slice(0, Math.min(Math.ceil(capacity / 10), capacity - 1))
      const chosen =
        order.length <= capacity ? order : [...new Set([...order.slice(0, capacity - bulk.length), ...bulk])]
      const limit = Math.max(1, Math.floor(capacity / Math.max(1, chosen.length)))
      const known = new Set(due.map(nameOf))
      servedAt = new Map([...servedAt].filter(([name]) => known.has(name)))
      for (const lane of chosen) servedAt.set(nameOf(lane), round)
      return chosen.map((lane) => ({ lane, limit }))
    },
  }
}
