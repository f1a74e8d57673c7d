import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

/** Sorts what is new into the index that contacts are searched by, so that no search has to, and nobody who writes. */
export async function sortIntoIndex(db: Db): Promise<void> {
  await sql`select gin_clean_pending_list('contacts_by_content')`.execute(db)
}
