import { sql } from 'kysely'
import type { Db } from './client.ts'
import type { Tables } from './tables.ts'

/**
 * The projects that have rows in a table whose primary key begins with the project. Steps over the index from project
 * to project, so the cost does not grow with the number of rows.
 */
export async function projectsWith(db: Db, table: keyof Tables): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive project as (
      (select project_id as id from ${sql.table(table)} order by project_id limit 1)
      union all
      select next.id from project cross join lateral (
        select project_id as id from ${sql.table(table)} where project_id > project.id order by project_id limit 1
      ) next
    )
    select id from project
  `.execute(db)
  return rows.map(({ id }) => id)
}
