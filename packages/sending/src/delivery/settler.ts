import type { Db } from '@posthorn/db'
import { LEASE_SECONDS, settle, type Settlement } from '@posthorn/outbox'

/** Gathers what became of emails, and writes it down in few statements. */
export interface Settler {
  /**
   * Resolves when it is written, or with `false` when that was given up: what could not be written is due again when
   * its lease ends. Never rejects.
   */
  add(projectId: string, settlement: Settlement): Promise<boolean>
  /** Tries each write once more at most. */
  close(): void
}

interface Entry {
  settlement: Settlement
  done: (isWritten: boolean) => void
  giveUpAtMs: number
}

const GATHER_MS = 8
const LARGEST_BATCH = 200
const AGAIN_MS = 500

export interface SettlerOptions {
  /** How long mail may be tried; see `settle`. */
  lifeSeconds?: number | undefined
  onFault: (error: unknown) => void
}

export function createSettler(db: Db, { lifeSeconds, onFault }: SettlerOptions): Settler {
  const waiting = new Map<string, Entry[]>()
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  const write = async () => {
    // One statement names one project, so that statements that lock rows never wait for each other in a circle.
    for (const projectId of Array.from(waiting.keys())) {
      const entries = waiting.get(projectId) ?? []
      const batch = entries.splice(0, LARGEST_BATCH)
      if (entries.length === 0) waiting.delete(projectId)
      await settleAll(projectId, batch)
    }
    if (waiting.size > 0) schedule()
  }

  const settleAll = async (projectId: string, batch: Entry[]): Promise<void> => {
    try {
      await settle(
        db,
        projectId,
        batch.map(({ settlement }) => settlement),
        lifeSeconds,
      )
      for (const { done } of batch) done(true)
    } catch (error) {
      if (batch.length > 1 && isRefusal(error)) {
        for (const entry of batch) await settleAll(projectId, [entry])
        return
      }
      onFault(error)
      const mayTryAgain = (entry: Entry) => !isClosed && !isRefusal(error) && performance.now() < entry.giveUpAtMs
      const again = batch.filter(mayTryAgain)
      for (const { done } of batch.filter((entry) => !mayTryAgain(entry))) done(false)
      if (again.length > 0) setTimeout(() => queue(projectId, again), AGAIN_MS)
    }
  }

  const queue = (projectId: string, added: Entry[]) => {
    const entries = waiting.get(projectId) ?? []
    entries.push(...added)
    waiting.set(projectId, entries)
    schedule()
  }

  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      writing = writing.then(write)
    }, GATHER_MS)
  }

  return {
    add: (projectId, settlement) =>
      new Promise((done) => {
        // Mail that was delivered must not be sent again only because the database was away for a moment.
        queue(projectId, [{ settlement, done, giveUpAtMs: performance.now() + LEASE_SECONDS * 1000 }])
      }),
    close() {
      isClosed = true
    },
  }
}

/** Whether the database understood and said no (SQLSTATE classes 22 and 23), so that asking again changes nothing. */
function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('22') || code.startsWith('23')
}
