import type { Db } from '@posthorn/db'
import { settle, type Settlement } from '@posthorn/outbox'

/** Gathers what became of emails, and writes it down in few statements. */
export interface Settler {
  /** Resolves when it is written. Never rejects: what could not be written is due again when its lease ends. */
  add(projectId: string, settlement: Settlement): Promise<void>
}

const GATHER_MS = 4
const LARGEST_BATCH = 200

export function createSettler(db: Db, onFault: (error: unknown) => void): Settler {
  const waiting = new Map<string, { settlement: Settlement; done: () => void }[]>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  const write = async () => {
    // One statement names one project, so that statements that lock rows never wait for each other in a circle.
    for (const [projectId, entries] of waiting) {
      const batch = entries.splice(0, LARGEST_BATCH)
      if (entries.length === 0) waiting.delete(projectId)
      if (batch.length === 0) continue
      try {
        await settle(
          db,
          projectId,
          batch.map(({ settlement }) => settlement),
        )
      } catch (error) {
        onFault(error)
      }
      for (const { done } of batch) done()
    }
    if (waiting.size > 0) schedule()
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
        const entries = waiting.get(projectId) ?? []
        entries.push({ settlement, done })
        waiting.set(projectId, entries)
        schedule()
      }),
  }
}
