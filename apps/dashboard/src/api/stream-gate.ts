import type { AppRouter } from '@posthorn/contracts'
import type { TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'

/** How long a page waits for the stream of changes before it asks without it. */
const PATIENCE_MS = 2_000

interface Gate {
  /** Resolves when what is read from then on is kept current, or when that is not to be waited for. */
  opened: Promise<void>
  isOpen: boolean
  open(): void
}

const gates = new Map<string, Gate>()

/** Holds the queries of a project back until its stream of changes is open, and for no more than a moment. */
export function closeGate(projectId: string): Gate {
  const { promise, resolve } = Promise.withResolvers<void>()
  const gate: Gate = {
    opened: promise,
    isOpen: false,
    open() {
      clearTimeout(timer)
      gate.isOpen = true
      resolve()
    },
  }
  const timer = setTimeout(() => gate.open(), PATIENCE_MS)
  gates.set(projectId, gate)
  return gate
}

/**
 * What changes between the answer to a query and the opening of the stream is told to nobody. So the stream goes first,
 * and no page has to ask twice.
 */
export function gateLink(projectId: string): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) => {
      const gate = gates.get(projectId)
      if (op.type !== 'query' || gate === undefined || gate.isOpen) return next(op)
      return observable((observer) => {
        let running: Unsubscribable | undefined
        let isGone = false
        const ask = async () => {
          await gate.opened
          if (!isGone) running = next(op).subscribe(observer)
        }
        void ask()
        return () => {
          isGone = true
          running?.unsubscribe()
        }
      })
    }
}
