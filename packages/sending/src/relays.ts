import { createRelay } from './relay.ts'
import type { RelayOptions } from './relay-settings.ts'
import type { Relay } from './transport.ts'

/** Several relays as one. Each keeps its own connections and its own health, so that one that stalls holds up none of the others. */
export interface Relays extends Relay {
  readonly relays: readonly Relay[]
}

export function createRelays(urls: readonly string[], options: RelayOptions = {}): Relays {
  if (urls.length === 0) throw new Error('There is no SMTP URL.')
  const relays = urls.map((url) => createRelay(url, options))
  const sum = (of: (relay: Relay) => number) => relays.reduce((total, relay) => total + of(relay), 0)
  const nextUp = () => relays.toSorted((a, b) => resumesAt(a) - resumesAt(b))[0]

  return {
    relays,
    name: relays.map(({ name }) => name).join(', '),
    get free() {
      return sum(({ free }) => free)
    },
    get waiting() {
      return sum(({ waiting }) => waiting)
    },
    get pausedUntilMs() {
      return nextUp()?.pausedUntilMs
    },
    get pauseReason() {
      return nextUp()?.pauseReason
    },
    send: (message) => mostReady(relays).send(message),
    async close(deadlineMs) {
      await Promise.all(relays.map((relay) => relay.close(deadlineMs)))
    },
  }
}

const resumesAt = ({ pausedUntilMs }: Relay) => pausedUntilMs ?? 0

/** A paused one comes last; then the most free connections decide, then whether it works, then the shorter line. */
function mostReady(relays: readonly Relay[]): Relay {
  const [best] = relays.toSorted(
    (a, b) => resumesAt(a) - resumesAt(b) || b.free - a.free || inTrouble(a) - inTrouble(b) || a.waiting - b.waiting,
  )
  // Safe because there is at least one.
  return best!
}

const inTrouble = ({ pauseReason }: Relay) => (pauseReason === undefined ? 0 : 1)
