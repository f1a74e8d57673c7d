export interface HealthSettings {
  /** The first pause and the longest one; each failure in a row doubles it. */
  pause: { minMs: number; maxMs: number }
}

/** A conversation as the relay's health sees it, from its start. */
export interface Watch {
  succeeded: () => void
  failed: (reason: string) => void
  /** Always, when it is over. */
  ended: () => void
}

/** Whether a relay is worth talking to: after trouble it is left alone for a while, then tried with one conversation. */
export interface Health {
  readonly isPaused: boolean
  /** Whether one conversation more may begin, as far as health goes. */
  readonly mayBegin: boolean
  /** Whether only one conversation at a time may begin, to see whether it works again. */
  readonly isOnTrial: boolean
  /** On the monotonic clock of this process, so that nobody who sets its clock makes a pause longer or shorter. */
  readonly pausedUntilMs: number | undefined
  /** What went wrong last, until something goes right. */
  readonly reason: string | undefined
  begin: () => Watch
}

export function createHealth({ pause }: HealthSettings): Health {
  let failures = 0
  let until = 0
  let reason: string | undefined
  let isBeingTried = false
  // Ten connections that break together are one trouble, not ten.
  let troubles = 0

  const isPaused = () => performance.now() < until

  return {
    get isPaused() {
      return isPaused()
    },
    get mayBegin() {
      return !isPaused() && !(failures > 0 && isBeingTried)
    },
    get isOnTrial() {
      return failures > 0
    },
    get pausedUntilMs() {
      return isPaused() ? until : undefined
    },
    get reason() {
      return reason
    },
    begin() {
      const troublesBefore = troubles
      const isTrial = failures > 0
      if (isTrial) isBeingTried = true
      return {
        succeeded() {
          failures = 0
          until = 0
          reason = undefined
        },
        failed(why) {
          reason = why
          if (troubles !== troublesBefore) return
          troubles++
          const ms = Math.min(pause.maxMs, pause.minMs * 2 ** failures)
          failures++
          // Several workers should not come back in the same instant.
          until = performance.now() + ms * (0.75 + Math.random() / 2)
        },
        ended() {
          if (isTrial) isBeingTried = false
        },
      }
    },
  }
}
