/** How many emails a worker should hold: about a tenth of a second's work. */
export interface Pace {
  readonly window: number
  /** How many emails are done in a millisecond, as far as that is known. */
  readonly perMs: number
  completed(): void
}

const SMALLEST = 20
const LARGEST = 400
const SPAN_MS = 100

/** A fast relay is fed in large bites; a slow one in small ones, so that other workers get the rest. */
export function createPace(now: () => number = () => performance.now()): Pace {
  let window = SMALLEST
  let count = 0
  let since = now()

  return {
    get window() {
      return window
    },
    get perMs() {
      return window / SPAN_MS
    },
    completed() {
      count += 1
      const elapsed = now() - since
      if (elapsed < SPAN_MS) return
      window = Math.round(Math.min(LARGEST, Math.max(SMALLEST, (count / elapsed) * SPAN_MS)))
      count = 0
      since = now()
    },
  }
}
