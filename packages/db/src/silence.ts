/** What can be watched: a connection that counts its questions and their answers. */
export interface Answering {
  readonly asked: number
  readonly answered: number
  /** Whether nobody is in the middle of something on it. */
  readonly isIdle: boolean
  /** Asks something whose answer does not matter. */
  ask(): void
  /** Ends the connection and everything that waits on it. */
  giveUp(silentMs: number): void
}

export interface Patience {
  /** How long a question may go without an answer, while nothing else is answered either. */
  silenceMs: number
  /** Asked after so long without a question, where nobody would notice otherwise that the other end is gone. */
  heartbeatMs?: number
}

export interface SilenceWatch {
  watch(connection: Answering, patience: Patience): void
  forget(connection: Answering): void
  close(): void
}

const CHECK_MS = 1_000

/**
 * Finds connections whose other end was lost without a word, as where a network drops what it should carry; TCP itself
 * takes a quarter of an hour to notice. One timer looks at all of them, so that a statement costs none.
 */
export function watchForSilence(): SilenceWatch {
  const watched = new Map<Answering, { patience: Patience; answered: number; isWaiting: boolean; checks: number }>()

  /** What has lost one has likely lost them all, and should not find that out from one after the other. */
  const lose = (lost: Answering, silentMs: number) => {
    lost.giveUp(silentMs)
    for (const connection of watched.keys()) if (connection.isIdle) connection.giveUp(silentMs)
  }

  const check = () => {
    for (const [connection, state] of watched) {
      const { answered, asked } = connection
      const isWaiting = asked > answered
      // Checks are counted rather than time, or a process that was suspended would blame the others for it.
      const checks = answered === state.answered && isWaiting === state.isWaiting ? state.checks + 1 : 0
      Object.assign(state, { answered, isWaiting, checks })
      const { silenceMs, heartbeatMs = Number.POSITIVE_INFINITY } = state.patience
      if (isWaiting && checks * CHECK_MS >= silenceMs) lose(connection, checks * CHECK_MS)
      else if (!isWaiting && checks * CHECK_MS >= heartbeatMs) connection.ask()
    }
  }

  const timer = setInterval(check, CHECK_MS).unref()
  return {
    watch: (connection, patience) =>
      void watched.set(connection, { patience, answered: connection.answered, isWaiting: false, checks: 0 }),
    forget: (connection) => void watched.delete(connection),
    close: () => clearInterval(timer),
  }
}
