import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

const BATCH = 5_000

/** Deletes Idempotency-Keys that nobody has to remember any more, in batches that lock little. */
export async function forgetIdempotencyKeys(db: Db): Promise<number> {
  let deleted = 0
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from idempotency_keys where (project_id, key) in (
        select project_id, key from idempotency_keys
        where created_at < now() - make_interval(hours => ${LIMITS.idempotencyHours})
        limit ${BATCH} for update skip locked)
    `.execute(db)
    deleted += Number(numAffectedRows)
    if (numAffectedRows < BATCH) return deleted
  }
}
