import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'

const SHARDS = 16

/**
 * Table expressions that count events by name and day: for each of `rows`, which has a project_id, a name and created_at.
 * They are for the statement that stores them.
 */
export const addedEvents = (rows: RawBuilder<unknown>): RawBuilder<unknown> => count(rows, { sign: 1, at: sql`now()` })

/** As `addedEvents`, for the statement that deletes them. */
export const removedEvents = (rows: RawBuilder<unknown>): RawBuilder<unknown> =>
  count(rows, { sign: -1, at: sql`null::timestamptz` })

function count(
  rows: RawBuilder<unknown>,
  { sign, at }: { sign: 1 | -1; at: RawBuilder<unknown> },
): RawBuilder<unknown> {
  // Statements at the same time would wait for each other on one row, up to the end of the other's commit.
  const shard = Math.floor(Math.random() * SHARDS)
  return sql`counted as (
    insert into event_names (project_id, name, shard, count, first_at, last_at)
    select project_id, name, ${shard}::smallint, count(*) * ${sql.lit(sign)}, ${at}, ${at} from (${rows}) counted
    group by project_id, name order by project_id, name
    on conflict (project_id, name, shard) do update set count = event_names.count + excluded.count,
      first_at = coalesce(event_names.first_at, excluded.first_at),
      last_at = greatest(event_names.last_at, excluded.last_at)
  ), counted_by_day as (
    insert into event_days (project_id, day, name, shard, count)
    select project_id, (created_at at time zone 'UTC')::date as day, name, ${shard}::smallint,
      count(*) * ${sql.lit(sign)} from (${rows}) counted
    group by project_id, day, name order by project_id, day, name
    on conflict (project_id, day, name, shard) do update set count = event_days.count + excluded.count
  )`
}

/** Forgets the days before the first event that a project still has, but for one: ids and times are of two clocks. */
export async function forgetDays(db: Db, projectId: string): Promise<void> {
  await sql`
    delete from event_days where project_id = ${projectId} and day < coalesce(
      (select (created_at at time zone 'UTC')::date from events where project_id = ${projectId} order by id limit 1),
      (now() at time zone 'UTC')::date) - 1
  `.execute(db)
}

/** Forgets a name of which nothing is left, and since when it was known, and its days of which nothing is left. */
export async function forgetName(db: Db, { projectId, name }: { projectId: string; name: string }): Promise<void> {
  await sql`
    with held as materialized (
      select shard, count from event_names where project_id = ${projectId} and name = ${name}
      order by shard for update
    )
    delete from event_names using held
    where project_id = ${projectId} and name = ${name} and event_names.shard = held.shard
      and (select sum(count) from held) = 0
  `.execute(db)
  await sql`
    with held as materialized (
      select day, shard, count from event_days where project_id = ${projectId} and name = ${name}
      order by day, shard for update
    )
    delete from event_days using held
    where project_id = ${projectId} and name = ${name} and event_days.day = held.day and event_days.shard = held.shard
      and held.day in (select day from held group by day having sum(count) = 0)
  `.execute(db)
}
