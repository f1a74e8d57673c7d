import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { fieldRefusal } from './errors.ts'
import type { Handlers } from './handlers.ts'

interface Day {
  date: string
  accepted: number
  sent: number
  failed: number
  deferred: number
}

export const stats: Handlers<'stats'> = {
  async get({ db, actor: { projectId } }, { days, timeZone }) {
    const { rows } = await countDays(db, { projectId, days, timeZone }).catch((error: unknown) => {
      // The names that PostgreSQL knows are not quite those that JavaScript knows.
      throw isUnknownZone(error) ? fieldRefusal('timeZone', 'The database does not know this time zone.') : error
    })
    const total = { accepted: 0, sent: 0, failed: 0, deferred: 0 }
    for (const day of rows) {
      for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += day[name]
    }
    return {
      timeZone: rows[0]?.zone ?? timeZone ?? 'UTC',
      total,
      days: rows.map(({ zone: _zone, ...day }) => day),
    }
  },
}

function countDays(
  db: Db,
  { projectId, days, timeZone }: { projectId: string; days: number; timeZone: string | undefined },
) {
  return sql<Day & { zone: string }>`
    with zone as materialized (
      select coalesce(${timeZone ?? null}, (select time_zone from projects where id = ${projectId}), 'UTC') as name
    ), today as materialized (
      select name, (now() at time zone name)::date as date from zone
    ), counted as (
      select (quarter at time zone name)::date as date, sum(accepted)::integer as accepted, sum(sent)::integer as sent,
        sum(failed)::integer as failed, sum(deferred)::integer as deferred
      from email_stats, today
      where project_id = ${projectId}
        and quarter >= (today.date - ${days - 1}::integer)::timestamp at time zone name
      group by 1
    )
    select today.name as zone, to_char(day, 'YYYY-MM-DD') as date, coalesce(accepted, 0) as accepted,
      coalesce(sent, 0) as sent, coalesce(failed, 0) as failed, coalesce(deferred, 0) as deferred
    from today
      cross join generate_series((today.date - ${days - 1}::integer)::timestamp, today.date::timestamp, '1 day') day
      left join counted on counted.date = day::date
    order by day
  `.execute(db)
}

const isUnknownZone = (error: unknown) => error instanceof Error && 'code' in error && error.code === '22023'

const BATCH = 5_000

/** Brings the numbers of a quarter of an hour together in one row, once nothing counts there any more. */
export async function gatherStats(db: Db): Promise<number> {
  let gathered = 0
  for (;;) {
    const { rows } = await sql<{ count: number }>`
      with spread as (
        delete from email_stats where (project_id, quarter, shard) in (
          select project_id, quarter, shard from email_stats
          where shard > 0 and quarter < now() - interval '1 hour'
          order by project_id, quarter, shard limit ${BATCH} for update skip locked)
        returning *
      ), gathered as (
        insert into email_stats (project_id, quarter, shard, accepted, sent, failed, deferred)
        select project_id, quarter, 0, sum(accepted), sum(sent), sum(failed), sum(deferred) from spread
        group by project_id, quarter order by project_id, quarter
        on conflict (project_id, quarter, shard) do update set accepted = email_stats.accepted + excluded.accepted,
          sent = email_stats.sent + excluded.sent, failed = email_stats.failed + excluded.failed,
          deferred = email_stats.deferred + excluded.deferred
      )
      select count(*)::integer as count from spread
    `.execute(db)
    const count = rows[0]?.count ?? 0
    gathered += count
    if (count < BATCH) return gathered
  }
}
