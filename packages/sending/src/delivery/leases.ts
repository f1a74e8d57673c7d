import type { Db } from '@posthorn/db'
import { LEASE_SECONDS, release, renew } from '@posthorn/outbox'

export interface Held {
  projectId: string
  emailId: string
  token: string
  /** False once the lease went to somebody else: nothing may be begun any more. */
  isHeld: boolean
  /** Whether the SMTP conversation has begun; after that it cannot be handed back as untried. */
  isBegun: boolean
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
  close(): void
}

const RENEW_EVERY_MS = 15_000
/** A conversation that begins this close to the end of its lease could outlive it. */
export const SAFETY_MS = 10_000

export const leaseEndMs = (): number => performance.now() + LEASE_SECONDS * 1000

export function createLeases(db: Db, onFault: (error: unknown) => void): Leases {
  const all = new Set<Held>()
  let waiting = 0

  const renewAll = async () => {
    for (const group of grouped(all)) {
      const [first] = group
      if (first === undefined) continue
      const endMs = leaseEndMs()
      const kept = new Set(
        await renew(db, first.projectId, { emailIds: idsOf(group), token: first.token, leaseSeconds: LEASE_SECONDS }),
      )
      for (const held of group) {
        if (kept.has(held.emailId)) held.heldUntilMs = endMs
        else if (all.has(held)) held.isHeld = false
      }
    }
  }

  const timer = setInterval(() => void renewAll().catch(onFault), RENEW_EVERY_MS)

  return {
    add(held) {
      all.add(held)
      waiting += 1
    },
    begin(held) {
      held.isBegun = true
      waiting -= 1
    },
    remove(held) {
      all.delete(held)
      if (!held.isBegun) waiting -= 1
    },
    get waiting() {
      return waiting
    },
    untouched: () => [...all].filter(({ isBegun }) => !isBegun),
    async handBack(given, options) {
      for (const group of grouped(given)) {
        const [first] = group
        if (first === undefined) continue
        await release(db, first.projectId, { emailIds: idsOf(group), token: first.token, ...options })
      }
    },
    close: () => clearInterval(timer),
  }
}

const idsOf = (group: readonly Held[]) => group.map(({ emailId }) => emailId)

function grouped(all: Iterable<Held>): Held[][] {
  return [...Map.groupBy(all, ({ projectId, token }) => `${projectId} ${token}`).values()]
}
