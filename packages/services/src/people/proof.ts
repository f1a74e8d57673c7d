import type { Caller } from '../context.ts'
import { ApiError } from '../errors.ts'

/** How long nothing asks for the password again. */
export const PROOF_SECONDS = 15 * 60

/** Until when a proof counts. */
export const provenUntil = (provenAt: Date): Date => new Date(provenAt.getTime() + PROOF_SECONDS * 1000)

/**
 * Refuses a session that has not shown for a while that the right person sits before it. Keys and the command line
 * have no sessions that somebody else could find open.
 */
export function requireRecentProof(caller: Caller): void {
  if (caller.kind !== 'user' && caller.kind !== 'person') return
  if (provenUntil(caller.person.provenAt).getTime() > Date.now()) return
  throw new ApiError('PROOF_NEEDED', 'Confirm that it is you to go on.', {
    suggestion: 'Give your password again, or sign in anew.',
  })
}
