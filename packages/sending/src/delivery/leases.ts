import type { Db } from '@posthorn/db'
import { forgetClaims, LEASE_SECONDS, release, renew } from '@posthorn/outbox'

/** Emails that were claimed together. */
export interface HeldClaim {
  projectId: string
  token: string
  /** Up to which place it is written down that they are about to begin. */
  announcedTo: number
  /** Whether anything of that kind may be written down. */
  isNoted: boolean
  /** How many of them this worker still has. */
  left: number
  /** Whether one of them was begun, and it could not be written down what became of it. */
  isInDoubt: boolean
}

export interface Held {
  claim: HeldClaim
  emailId: string
  /** Within its claim. */
  place: number
  /** False once the lease went to somebody else: nothing may be begun any more. */
  isHeld: boolean
  /** Whether the SMTP conversation has begun; after that it cannot be handed back as untried. */
  isBegun: boolean
  /** Whether it is written down what became of it. */
  isSettled: boolean
  /** On the monotonic clock of this process. */
  heldUntilMs: number
}

/** The emails that this worker has, kept leased for as long as it works on them. */
export interface Leases {
  add(held: Held): void
  /** Its SMTP conversation begins. */
  begin(held: Held): void
  remove(held: Held): void
  /** How many have not been begun. */
  readonly waiting: number
  /** Those that are still waiting to be begun. */
  untouched(): Held[]
  handBack(held: readonly Held[], options: { delaySeconds: number; reason?: string | undefined }): Promise<void>
  close(): Promise<void>
}

const RENEW_EVERY_MS = 15_000
/** A conversation that begins this close to the end of its lease could outlive it. */
const SAFETY_MS = 10_000

export const leaseEndMs = (): number => performance.now() + LEASE_SECONDS * 1000

/** Whether it is too late to begin, by a clock that nobody sets: the lease may be over before the conversation is. */
export const isTooLate = ({ heldUntilMs }: Held): boolean => performance.now() > heldUntilMs - SAFETY_MS

/** Whether the lease is over, by a clock that nobody sets, or known to be another's. */
export const isOver = ({ isHeld, heldUntilMs }: Held): boolean => !isHeld || performance.now() > heldUntilMs

export function createLeases(db: Db, onFault: (error: unknown) => void): Leases {
  const all = new Set<Held>()
  let finished: HeldClaim[] = []
  let waiting = 0

  const renewAll = async () => {
    for (const [{ projectId, token }, group] of byClaim(all)) {
      const endMs = leaseEndMs()
      const kept = new Set(await renew(db, projectId, { emailIds: idsOf(group), token, leaseSeconds: LEASE_SECONDS }))
      for (const held of group) {
        if (kept.has(held.emailId)) held.heldUntilMs = endMs
        else if (all.has(held)) held.isHeld = false
      }
    }
  }

  const forgetFinished = async () => {
    const byProject = Map.groupBy(finished.splice(0), ({ projectId }) => projectId)
    for (const [projectId, claims] of byProject) {
      await forgetClaims(
        db,
        projectId,
        claims.map(({ token }) => token),
      )
    }
  }

  const timer = setInterval(() => {
    void renewAll().catch(onFault)
    void forgetFinished().catch(onFault)
  }, RENEW_EVERY_MS)

  return {
    add(held) {
      all.add(held)
      held.claim.left += 1
      waiting += 1
    },
    begin(held) {
      held.isBegun = true
      waiting -= 1
    },
    remove(held) {
      const { claim, isBegun, isSettled } = held
      all.delete(held)
      if (!isBegun) waiting -= 1
      else if (!isSettled) claim.isInDoubt = true
      claim.left -= 1
      if (claim.left === 0 && claim.isNoted && !claim.isInDoubt) finished.push(claim)
    },
    get waiting() {
      return waiting
    },
    untouched: () => [...all].filter(({ isBegun }) => !isBegun),
    async handBack(given, options) {
      for (const [{ projectId, token }, group] of byClaim(given)) {
        await release(db, projectId, { emailIds: idsOf(group), token, ...options })
      }
    },
    async close() {
      clearInterval(timer)
      await forgetFinished().catch(onFault)
    },
  }
}

const idsOf = (group: readonly Held[]) => group.map(({ emailId }) => emailId)

const byClaim = (all: Iterable<Held>) => Map.groupBy(all, ({ claim }) => claim)
