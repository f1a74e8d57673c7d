import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Relay } from '../transport.ts'

/** Keeps in the database which relays are left alone at the moment, so that everybody can be told why mail waits. */
export interface PauseNotes {
  update(): Promise<void>
}

export function notePauses(db: Db, relays: readonly Relay[]): PauseNotes {
  /** Undefined: found well. Missing: nothing noted yet, though a worker that died may have left a note. */
  const noted = new Map<string, number | undefined>()

  const note = async ({ name, pausedUntilMs: until, pauseReason }: Relay) => {
    if (noted.has(name) && until === noted.get(name)) return
    // A pause that has run out says nothing yet; only a delivery proves that the relay is back.
    if (until === undefined && pauseReason !== undefined) return
    noted.set(name, until)
    if (until === undefined) {
      await db.deleteFrom('relay_pauses').where('relay', '=', name).execute()
      return
    }
    const seconds = (until - performance.now()) / 1000
    const pause = {
      paused_until: sql<Date>`now() + make_interval(secs => ${seconds})`,
      reason: pauseReason ?? '',
    }
    await db
      .insertInto('relay_pauses')
      .values({ relay: name, ...pause })
      .onConflict((conflict) => conflict.column('relay').doUpdateSet(pause))
      .execute()
  }

  return {
    async update() {
      for (const relay of relays) await note(relay)
    },
  }
}
