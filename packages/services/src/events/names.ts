import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Handlers } from '../handlers.ts'
import { hasPart } from '../search.ts'

interface Counted {
  name: string
  count: number
  firstAt: Date
  lastAt: Date
}

const COUNTED = sql`
  name, sum(count)::float8 as count, min(first_at) as "firstAt", max(last_at) as "lastAt" from event_names`

/** How many events there are of a name. */
export async function countOf(db: Db, { projectId, name }: { projectId: string; name: string }): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(count), 0)::float8 as count from event_names where project_id = ${projectId} and name = ${name}
  `.execute(db)
  return rows[0]?.count ?? 0
}

/** Which events there are and how many: read where they are counted, so none of them is looked at. */
export const nameCalls: Pick<Handlers<'events'>, 'names' | 'stats' | 'days' | 'usage'> = {
  async names({ db, actor }, { search, limit }) {
    const { rows } = await sql<{ name: string }>`
      select name from event_names
      where project_id = ${actor.projectId} and ${search === undefined ? sql.lit(true) : hasPart(sql.ref('name'), search)}
      group by name having sum(count) > 0 order by name limit ${limit + 1}
    `.execute(db)
    return { eventNames: rows.slice(0, limit).map(({ name }) => name), isComplete: rows.length <= limit }
  },

  async stats({ db, actor }, { limit }) {
    const { rows } = await sql<Counted>`
      select ${COUNTED} where project_id = ${actor.projectId}
      group by name having sum(count) > 0 order by count desc, name limit ${limit + 1}
    `.execute(db)
    return { data: rows.slice(0, limit), isComplete: rows.length <= limit }
  },

  async days({ db, actor }, { name, days }) {
    const { rows } = await sql<{ date: string; count: number }>`
      select asked.day::text as date, coalesce(sum(count), 0)::float8 as count
      from (select (now() at time zone 'UTC')::date - back as day from generate_series(0, ${days}::integer - 1) back) asked
      left join event_days on event_days.project_id = ${actor.projectId} and event_days.day = asked.day
        and ${name === undefined ? sql.lit(true) : sql`event_days.name = ${name}`}
      group by asked.day order by asked.day
    `.execute(db)
    return { total: rows.reduce((total, { count }) => total + count, 0), days: rows }
  },

  async usage({ db, actor }, { name }) {
    const { rows } = await sql<Counted>`
      select ${COUNTED} where project_id = ${actor.projectId} and name = ${name}
      group by name having sum(count) > 0
    `.execute(db)
    return rows[0] ?? { name, count: 0, firstAt: null, lastAt: null }
  },
}
