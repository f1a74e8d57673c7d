import type { Db } from '@posthorn/db'
import { COUNTERS, hasEnded } from '@posthorn/outbox'
import { sql } from 'kysely'

const BATCH = 500

/**
 * How many domains a quarter of an hour counts by name before its day is over and the busiest are known: what somebody
 * who writes to a new domain with each mail can cost.
 */
const DOMAINS_PER_QUARTER = 500

const each = (of: (counter: string) => string) => sql.raw(COUNTERS.map(of).join(', '))

/**
 * Adds up what the statements counted, and answers how many there were. Several workers may do it at once; each takes
 * what no other has. A tally is added in the statement that deletes it, so whoever reads both has each mail once.
 */
export async function gatherTallies(db: Db, batch = BATCH): Promise<number> {
  let gathered = 0
  for (;;) {
    const count = await gatherSome(db, batch)
    gathered += count
    if (count < batch) return gathered
  }
}

async function gatherSome(db: Db, batch: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with taken as (
      delete from email_tallies where (project_id, id) in (
        select project_id, id from email_tallies where not ${hasEnded(sql`email_tallies.project_id`)}
        order by project_id, id limit ${batch} for update skip locked)
      returning *
    ), single as (
      select project_id, quarter, stream, coalesce(template_id::text, '') as template, domain,
        ${each((name) => `coalesce(sum(one.${name}), 0) as ${name}`)}
      from taken, unnest(streams, template_ids, domains, ${each((name) => `taken.${name}`)})
        as one (stream, template_id, domain, ${each((name) => name)})
      group by project_id, quarter, stream, template_id, domain
    ), met as (
      select project_id, quarter, domain, sum(accepted + sent + failed + deferred) as weight, exists(
          select from email_stats known where known.project_id = single.project_id and dimension = 'domain'
            and known.quarter = single.quarter and name = domain) as is_known
      from single group by project_id, quarter, domain
    ), ranked as (
      select *, row_number() over (partition by project_id, quarter, is_known order by weight desc, domain) as place
      from met
    ), room as (
      select project_id, quarter, ${DOMAINS_PER_QUARTER} - (
          select count(distinct name) from email_stats known where known.project_id = new.project_id
            and dimension = 'domain' and known.quarter = new.quarter) as left_over
      from ranked new where not is_known group by project_id, quarter
    ), named as (
      select project_id, quarter, domain, case when is_known or place <= left_over then domain else '' end as name
      from ranked left join room using (project_id, quarter)
    ), gathered as (
      insert into email_stats (project_id, dimension, quarter, name, stream, ${each((name) => name)})
      select project_id, dimension, quarter, counted.name, stream, ${each((name) => `sum(${name})`)}
      from single join named using (project_id, quarter, domain),
        lateral (values ('all', ''), ('template', template), ('domain', named.name)) counted (dimension, name)
      group by project_id, dimension, quarter, counted.name, stream
      order by project_id, dimension, quarter, counted.name, stream
      on conflict (project_id, dimension, quarter, name, stream) do update set
        ${each((name) => `${name} = email_stats.${name} + excluded.${name}`)}
    ), noted as (
      insert into email_stats_days (project_id, day)
      select distinct project_id, (quarter at time zone 'UTC')::date from ranked where not is_known order by 1, 2
      on conflict do nothing
    )
    select count(*)::integer as count from taken
  `.execute(db)
  return rows[0]?.count ?? 0
}
