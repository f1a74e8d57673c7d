import { createSession } from './relay-session.ts'
import type { Session } from './relay-session.ts'
import type { RelaySettings } from './relay-settings.ts'
import type { Trouble } from './relay-trouble.ts'

/** Connections that are kept between messages. How many there are at once is decided by whoever takes them. */
export interface Pool {
  /** One that has been used before and still stands, if there is one. */
  takeKept: () => Session | undefined
  /** A new one. Whoever stops waiting calls what `onInterruptible` was given last. */
  connect: (onInterruptible: (session: Session) => void) => Promise<{ session: Session } | { trouble: Trouble }>
  /** Keeps it or closes it, whichever is right; resolves when it takes up no place of its own any more. */
  giveBack: (session: Session, state: 'clean' | 'unfinished' | 'broken') => Promise<void>
  close: () => Promise<void>
}

export function createPool(settings: RelaySettings): Pool {
  const kept: { session: Session; timer: NodeJS.Timeout }[] = []
  const leaving = new Set<Promise<void>>()

  function dismiss(session: Session): Promise<void> {
    const leave = session.quit().finally(() => leaving.delete(leave))
    leaving.add(leave)
    return leave
  }

  function keep(session: Session): void {
    const entry = {
      session,
      timer: setTimeout(() => {
        kept.splice(kept.indexOf(entry), 1)
        void dismiss(session)
      }, settings.idleMs),
    }
    entry.timer.unref()
    kept.push(entry)
  }

  async function tryConnect(useTls: boolean, onInterruptible: (session: Session) => void) {
    const session = createSession(settings, useTls)
    onInterruptible(session)
    const trouble = await session.open()
    if (trouble === undefined) return { session }
    session.close()
    return { trouble }
  }

  return {
    takeKept() {
      for (let entry = kept.pop(); entry !== undefined; entry = kept.pop()) {
        clearTimeout(entry.timer)
        if (entry.session.isOpen) return entry.session
      }
      return undefined
    },
    async connect(onInterruptible) {
      const first = await tryConnect(true, onInterruptible)
      const mayGoPlain = settings.tls === 'opportunistic' && !settings.implicitTls && settings.auth === undefined
      if ('session' in first || first.trouble.reason !== 'tls' || !mayGoPlain) return first
      return tryConnect(false, onInterruptible)
    },
    async giveBack(session, state) {
      if (state === 'broken') return session.close()
      if (state === 'unfinished' && (await session.reset()) !== undefined) return session.close()
      if (!session.isOpen) return
      if (session.sent >= settings.messagesPerConnection) return dismiss(session)
      keep(session)
    },
    async close() {
      for (const { session, timer } of kept.splice(0)) {
        clearTimeout(timer)
        void dismiss(session)
      }
      await Promise.all(leaving)
    },
  }
}
