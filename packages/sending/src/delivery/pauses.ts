import type { Db } from '@posthorn/db'
import type { Relay } from '../transport.ts'

/** Keeps in the database which relays are left alone at the moment, so that everybody can be told why mail waits. */
export interface PauseNotes {
  update(): Promise<void>
}

export function notePauses(db: Db, relays: readonly Relay[]): PauseNotes {
  const noted = new Map<string, number>()

  return {
    async update() {
      for (const { name, pausedUntil, pauseReason } of relays) {
        const until = pausedUntil?.getTime()
        if (until === noted.get(name)) continue
        if (until === undefined) {
          // A pause that has run out says nothing yet; only a delivery proves that the relay is back.
          if (pauseReason !== undefined) continue
          noted.delete(name)
          await db.deleteFrom('relay_pauses').where('relay', '=', name).execute()
        } else {
          noted.set(name, until)
          const pause = { paused_until: new Date(until), reason: pauseReason ?? '' }
          await db
            .insertInto('relay_pauses')
            .values({ relay: name, ...pause })
            .onConflict((conflict) => conflict.column('relay').doUpdateSet(pause))
            .execute()
        }
      }
    },
  }
}
