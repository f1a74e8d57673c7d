import { setTimeout } from 'node:timers/promises'
import type { Db } from './client.ts'

/** A deadlock, and what cannot be put in an order with what others did. */
const ENDED_FOR_OTHERS = new Set(['40P01', '40001'])
const TRIES = 5
/** Those who met each other come back at different times. */
const LONGEST_PAUSE_MS = 20

/**
 * Does work in a transaction of its own. Where the database ends it for the sake of another one, nothing of it has
 * happened and it is done again, so `work` changes nothing outside the transaction.
 */
export const transact = <T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> =>
  untilLetThrough(() => db.transaction().execute(work))

/** The same for work that is a transaction by itself, such as a single statement. */
export async function untilLetThrough<T>(work: () => Promise<T>): Promise<T> {
  for (let time = 1; ; time += 1) {
    try {
      return await work()
    } catch (error) {
      if (time === TRIES || !isEndedForOthers(error)) throw error
      await setTimeout(Math.random() * LONGEST_PAUSE_MS * 2 ** time)
    }
  }
}

const isEndedForOthers = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && ENDED_FOR_OTHERS.has(error.code)
