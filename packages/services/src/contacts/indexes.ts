import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

/** Sorts what is new into the indexes that contacts are searched by, so that no search has to. */
export async function sortIntoIndexes(db: Db): Promise<void> {
  await sql`
    select gin_clean_pending_list(index::regclass) from unnest(array['contacts_by_part', 'contacts_by_field']) index
  `.execute(db)
}
