import { sql } from 'kysely'
import type { Db } from '@posthorn/db'
import { countedMails, SUMS, sumOf, type Numbers } from './analytics/counted.ts'
import { refusingUnknownZone } from './analytics/zones.ts'
import type { Handlers } from './handlers.ts'

export const stats: Handlers<'stats'> = {
  async get({ db, actor: { projectId } }, { days, timeZone }) {
    const rows = await refusingUnknownZone(() => countDays(db, { projectId, days, timeZone }))
    return {
      timeZone: rows[0]?.zone ?? timeZone ?? 'UTC',
      total: sumOf(rows),
      days: rows.map(({ zone: _zone, ...day }) => day),
    }
  },
}

interface Wanted {
  projectId: string
  days: number
  timeZone: string | undefined
}

async function countDays(db: Db, { projectId, days, timeZone }: Wanted) {
  const mails = countedMails({
    projectId,
    dimension: 'all',
    // A day more, as a midnight can come twice; what is of a day before is left out below.
    since: sql`(select (day - ${days}::integer)::timestamp at time zone name from today)`,
    until: sql`now()`,
  })
  const { rows } = await sql<Numbers & { zone: string; date: string }>`
    with zone as materialized (
      select coalesce(${timeZone ?? null}, (select time_zone from projects where id = ${projectId}), 'UTC') as name
    ), today as materialized (
      select name, (now() at time zone name)::date as day from zone
    ), counted as (
      select (quarter at time zone today.name)::date as date, ${SUMS} from (${mails}) mails, today group by 1
    )
    select today.name as zone, to_char(date, 'YYYY-MM-DD') as date, coalesce(accepted, 0) as accepted,
      coalesce(sent, 0) as sent, coalesce(failed, 0) as failed, coalesce(deferred, 0) as deferred
    from today
      cross join lateral (
        select at::date as date from generate_series((day - ${days - 1}::integer)::timestamp, day::timestamp, '1 day') at
      ) every_day
      left join counted using (date)
    order by date
  `.execute(db)
  return rows
}
