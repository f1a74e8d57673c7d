import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

/**
 * Holds a job until the transaction ends. In turn, unlike the lock of a row: between two steps, who wants to cancel it
 * would else hardly ever come before the next step.
 */
export async function holdJob(db: Db, jobId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`project job ${jobId}`}, 0))`.execute(db)
}
