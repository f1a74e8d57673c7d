import type { Db } from '@posthorn/db'
import { sql } from 'kysely'

export interface ContactTotals {
  total: number
  subscribed: number
}

/** How many contacts a project has: read where they are counted, so none of them is looked at. */
export async function totalsOf(db: Db, projectId: string): Promise<ContactTotals> {
  const { rows } = await sql<ContactTotals>`
    select coalesce(sum(total), 0)::float8 as total, coalesce(sum(subscribed), 0)::float8 as subscribed
    from contact_totals where project_id = ${projectId}
  `.execute(db)
  return rows[0] ?? { total: 0, subscribed: 0 }
}
