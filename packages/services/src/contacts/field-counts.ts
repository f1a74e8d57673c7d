import type { FieldType } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { hasPart } from '../search.ts'

/** A field, and how many contacts have a value of each type in it. */
export type CountedField = { name: string } & Record<FieldType, number>

interface Wanted {
  projectId: string
  search?: string | undefined
  limit: number
}

/** Fields in the order of their names, which is that of the index, so that no more of them are read than are wanted. */
export async function countedFields(db: Db, { projectId, search, limit }: Wanted): Promise<CountedField[]> {
  const { rows } = await sql<CountedField>`
    select name, sum(strings)::float8 as string, sum(numbers)::float8 as number, sum(booleans)::float8 as boolean,
      sum(dates)::float8 as date, sum(lists)::float8 as list, sum(objects)::float8 as object
    from contact_fields
    where project_id = ${projectId} and ${search === undefined ? sql.lit(true) : hasPart(sql.ref('name'), search)}
    group by name having sum(strings + numbers + booleans + dates + lists + objects) > 0
    order by name limit ${limit}
  `.execute(db)
  return rows
}

/** The names of the fields that contacts have, as far as so many of them. */
export async function fieldNamesOf(db: Db, projectId: string, limit: number): Promise<string[]> {
  return (await countedFields(db, { projectId, limit })).map(({ name }) => name)
}

/** The names of the fields that most contacts have, those first. */
export async function commonFields(db: Db, projectId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from contact_fields where project_id = ${projectId}
    group by name having sum(strings + numbers + booleans + dates + lists + objects) > 0
    order by sum(strings + numbers + booleans + dates + lists + objects) desc, name limit ${limit}
  `.execute(db)
  return rows.map(({ name }) => name)
}

/** How many contacts have a field. */
export async function countOfField(db: Db, { projectId, name }: { projectId: string; name: string }): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(strings + numbers + booleans + dates + lists + objects), 0)::float8 as count
    from contact_fields where project_id = ${projectId} and name = ${name}
  `.execute(db)
  return rows[0]?.count ?? 0
}

const BATCH = 5_000

/** Forgets fields that nobody has any more. Their rows add up to nothing, so that no number changes with them. */
export async function forgetFields(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with held as materialized (
      select project_id, name, shard, strings, numbers, booleans, dates, lists, objects from contact_fields
      where (project_id, name) in (
        select project_id, name from contact_fields group by project_id, name
        having sum(strings) = 0 and sum(numbers) = 0 and sum(booleans) = 0 and sum(dates) = 0 and sum(lists) = 0
          and sum(objects) = 0
        limit ${BATCH})
      for update skip locked
    ), gone as (
      delete from contact_fields using (
        select project_id, name, array_agg(shard) as shards from held group by project_id, name
        having sum(strings) = 0 and sum(numbers) = 0 and sum(booleans) = 0 and sum(dates) = 0 and sum(lists) = 0
          and sum(objects) = 0
      ) empty
      where contact_fields.project_id = empty.project_id and contact_fields.name = empty.name
        and contact_fields.shard = any(empty.shards)
      returning 1
    )
    select count(*)::int as count from gone
  `.execute(db)
  return rows[0]?.count ?? 0
}
