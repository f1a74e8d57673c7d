import { setImmediate } from 'node:timers/promises'

/** So long one file is taken apart before others have their turn. */
const TURN_MS = 5

// Of the process, since all uploads share its one thread: however many there are, of each round they take one turn.
let last: Promise<void> = Promise.resolve()

const nextTurn = () => (last = last.then(() => setImmediate()))

/** To be called often by what keeps the process busy: now and then it waits until everybody else had their turn. */
export function turns(): () => Promise<void> | undefined {
  let until = performance.now() + TURN_MS
  return () =>
    performance.now() < until ? undefined : nextTurn().then(() => void (until = performance.now() + TURN_MS))
}
