import type { AppRouter, ErrorCode } from '@posthorn/contracts'
import type { TRPCLink } from '@trpc/client'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { codeOf, isOutage } from './problem.ts'
import { reactions } from './reactions.ts'

/** In the context of a call: its page deals with a missing session itself. */
export const VISITORS_TOO = { context: { visitorsToo: true } }

/** What belongs to a project is refused as to a program without a key. */
export const isSignedOut = (code: ErrorCode | undefined): boolean =>
  code === 'SIGN_IN_NEEDED' || code === 'MISSING_AUTH'

/**
 * The one place that answers refusals that are about the session rather than the call. A call that needs a fresh proof
 * waits for it and is then made again, so pages never hear of it.
 */
export function reactingLink(projectId: string | undefined): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) =>
      observable((observer) => {
        let running: Unsubscribable | undefined
        const attempt = (isRepeated: boolean) => {
          running = next(op).subscribe({
            next(value) {
              // A stream says that it connects, too; that is no answer.
              if (op.type !== 'subscription') reactions().outage(false)
              observer.next(value)
            },
            complete: () => observer.complete(),
            error(error) {
              const code = codeOf(error)
              if (code === 'PROOF_NEEDED' && !isRepeated) {
                void reactions()
                  .proofNeeded()
                  .then((isProven) => (isProven ? attempt(true) : observer.error(error)))
                return
              }
              if (isSignedOut(code) && op.context['visitorsToo'] !== true) reactions().signInNeeded()
              if (code === 'PROJECT_NOT_FOUND' && projectId !== undefined) reactions().projectNotFound(projectId)
              if (op.type !== 'subscription') reactions().outage(isOutage(error))
              observer.error(error)
            },
          })
        }
        attempt(false)
        return () => running?.unsubscribe()
      })
}
