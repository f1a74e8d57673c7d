import { LIMITS } from '@posthorn/contracts'
import { ApiError } from '@posthorn/services'

const MIB = 1024 * 1024

/** A body that is about to be read. */
export interface Upload {
  /** How large it can come to be. */
  bytes: number
  /** The largest body that the operation takes. */
  limitBytes: number
}

export interface Reservation {
  /** Gives back what turned out not to be needed. */
  shrinkTo(bytes: number): void
}

/** Bounds how many bytes of request bodies a process holds at once. */
export interface UploadBudget {
  /** What requests under way may hold at this moment. */
  readonly reservedBytes: number
  /**
   * Waits for its turn, and reserves the bytes until the signal. Refuses with SERVER_BUSY where nothing comes free in
   * time, and with BAD_REQUEST once the signal says that nobody waits any more.
   */
  reserve(upload: Upload, until: AbortSignal): Promise<Reservation>
}

export interface UploadBudgetOptions {
  /** How many MiB of bodies are held at once. */
  megabytes: number
  waitMs?: number
}

/** A budget in two parts, of which mail has three quarters. */
export function uploadBudget({
  megabytes,
  waitMs = LIMITS.uploadWaitSeconds * 1000,
}: UploadBudgetOptions): UploadBudget {
  // Anybody can hold a public key, and whoever fills the one part with it must not hold up mail.
  const mail = lane((megabytes * MIB * 3) / 4, waitMs)
  const others = lane((megabytes * MIB) / 4, waitMs)
  return {
    get reservedBytes() {
      return mail.reservedBytes() + others.reservedBytes()
    },
    reserve: ({ bytes, limitBytes }, until) => (limitBytes > LIMITS.requestBytes ? mail : others).reserve(bytes, until),
  }
}

/** Whoever comes first is served first, so that a large body does not starve behind ones that fit. */
function lane(capacityBytes: number, waitMs: number) {
  let reserved = 0
  const waiting: { bytes: number; enter: () => void }[] = []

  const fits = (bytes: number) => reserved + bytes <= capacityBytes
  const admit = () => {
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift()
      next.enter()
    }
  }

  const grant = (bytes: number, until: AbortSignal): Reservation => {
    let held = bytes
    reserved += bytes
    const shrinkTo = (size: number) => {
      const left = Math.min(held, size)
      reserved -= held - left
      held = left
      admit()
    }
    until.addEventListener('abort', () => shrinkTo(0), { once: true })
    return { shrinkTo }
  }

  const wait = (bytes: number, until: AbortSignal) =>
    new Promise<Reservation>((resolve, reject) => {
      const turn = { bytes, enter: () => leave(() => resolve(grant(bytes, until))) }
      const leave = (then: () => void) => {
        clearTimeout(timer)
        until.removeEventListener('abort', goAway)
        then()
      }
      const giveUp = (refusal: ApiError) => {
        waiting.splice(waiting.indexOf(turn), 1)
        leave(() => reject(refusal))
        admit()
      }
      const goAway = () => giveUp(goneAway())
      const timer = setTimeout(() => giveUp(busy()), waitMs)
      until.addEventListener('abort', goAway)
      waiting.push(turn)
    })

  return {
    reservedBytes: () => reserved,
    async reserve(bytes: number, until: AbortSignal): Promise<Reservation> {
      if (until.aborted) throw goneAway()
      return waiting.length === 0 && fits(bytes) ? grant(bytes, until) : wait(bytes, until)
    },
  }
}

const goneAway = () => new ApiError('BAD_REQUEST', 'The connection ended before the request did.')

const busy = () =>
  new ApiError('SERVER_BUSY', 'Too many large requests are under way at the moment.', {
    suggestion: 'Try again in a few seconds; with the same Idempotency-Key it happens once.',
  })
