import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { COUNTERS } from '@posthorn/outbox'
import { sql } from 'kysely'

const BATCH = 10_000

const each = (of: (counter: string) => string) => sql.raw(COUNTERS.map(of).join(', '))

/**
 * Counts together all but the busiest domains of each day that is over, and forgets what templates and domains there
 * were long ago. In steps that each are one statement; can be stopped or killed anywhere, and begun again.
 */
export async function tidyStats(db: Db, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    if (!(await mergeRareDomains(db))) break
  }
  for (;;) {
    signal.throwIfAborted()
    if (!(await forgetDetails(db))) break
  }
}

/** Of one day, an hour after its end. */
async function mergeRareDomains(db: Db): Promise<boolean> {
  const { rows } = await sql`
    with done as (
      delete from email_stats_days where (project_id, day) in (
        select project_id, day from email_stats_days
        where day < (now() at time zone 'UTC' - interval '1 hour')::date
        order by project_id, day limit 1 for update skip locked)
      returning project_id, day::timestamp at time zone 'UTC' as begins, (day + 1)::timestamp at time zone 'UTC' as ends
    ), rare as (
      select email_stats.project_id, name, begins, ends from email_stats join done using (project_id)
      where dimension = 'domain' and quarter >= begins and quarter < ends and name <> ''
      group by 1, 2, 3, 4
      order by sum(accepted + sent + failed + deferred) desc, name offset ${LIMITS.domainsPerDay}
    ), gone as (
      delete from email_stats using rare
      where email_stats.project_id = rare.project_id and dimension = 'domain' and email_stats.name = rare.name
        and quarter >= begins and quarter < ends
      returning email_stats.*
    ), merged as (
      insert into email_stats (project_id, dimension, quarter, name, stream, ${each((name) => name)})
      select project_id, dimension, quarter, '', stream, ${each((name) => `sum(${name})`)} from gone
      group by project_id, dimension, quarter, stream order by project_id, dimension, quarter, stream
      on conflict (project_id, dimension, quarter, name, stream) do update set
        ${each((name) => `${name} = email_stats.${name} + excluded.${name}`)}
    )
    select from done
  `.execute(db)
  return rows.length > 0
}

async function forgetDetails(db: Db): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    delete from email_stats where (project_id, dimension, quarter, name, stream) in (
      select old.project_id, old.dimension, old.quarter, old.name, old.stream
      from projects cross join (values ('template'), ('domain')) detail (dimension)
        join email_stats old on old.project_id = projects.id and old.dimension = detail.dimension
          and quarter < now() - make_interval(days => ${LIMITS.statsDetailDays})
      limit ${BATCH} for update of old skip locked)
  `.execute(db)
  return numAffectedRows === BigInt(BATCH)
}
