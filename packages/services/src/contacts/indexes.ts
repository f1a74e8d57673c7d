import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

/**
 * Sorts what is new into the index that contacts are searched by, so that no search has to, and nobody who writes. Answers
 * with how many pages of 8 KiB that was.
 */
export async function sortIntoIndex(db: Db): Promise<number> {
  const { rows } = await sql<{ pages: number }>`
    select gin_clean_pending_list('contacts_by_content')::int as pages
  `.execute(db)
  return rows[0]!.pages
}
