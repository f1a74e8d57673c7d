/** How often relative times are said anew. */
export const TICK_MS = 15_000

let tickMs = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function tick() {
  tickMs = Date.now()
  for (const tell of listeners) tell()
}

/** One clock for the whole page, that stands still while nobody looks at it. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === undefined) {
    timer = setInterval(tick, TICK_MS)
    tick()
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/**
 * The time of the last tick in milliseconds, seen from a moment: one that came after the tick, and is past, is itself the
 * latest thing that happened.
 */
export function nowFor(at: string): number {
  const atMs = new Date(at).getTime()
  return atMs > tickMs && atMs <= Date.now() ? atMs : tickMs
}
