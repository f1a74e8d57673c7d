import type { Change } from '@posthorn/contracts'
import { toldChange, type Db } from '@posthorn/db'
import { sql } from 'kysely'

/** Tells those who look at the project that something of it changed, once the caller's transaction commits. */
export async function announce(db: Db, projectId: string, change: Change): Promise<void> {
  await toldChange(change, sql`${projectId}::uuid`).execute(db)
}
