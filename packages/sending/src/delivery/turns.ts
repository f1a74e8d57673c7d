import type { Relays } from '../relays.ts'

/** Lets as many through as the relays have free connections, first come, first served. */
export interface Turns {
  next(): Promise<void>
  /** To be called when a connection may have become free. */
  admit(): void
  /** The same in the next turn of the event loop, by when a relay has put its connection back. */
  admitSoon(): void
  /** Lets everybody through who waits; they find that there is nothing left for them to do. */
  admitAll(): void
}

export function createTurns(relays: Pick<Relays, 'free'>): Turns {
  const line: (() => void)[] = []
  // Those let through who have not begun yet, because they go on in a later microtask.
  let onTheirWay = 0
  let isScheduled = false

  const admit = () => {
    isScheduled = false
    while (line.length > 0 && relays.free - onTheirWay > 0) {
      onTheirWay += 1
      queueMicrotask(() => {
        onTheirWay -= 1
      })
      line.shift()?.()
    }
  }

  return {
    next: () =>
      new Promise((go) => {
        line.push(go)
        admit()
      }),
    admit,
    admitSoon() {
      if (isScheduled) return
      isScheduled = true
      setImmediate(admit)
    },
    admitAll() {
      for (const go of line.splice(0)) go()
    },
  }
}
