import type { Db, Tables } from '@posthorn/db'
import { sql, type RawBuilder, type Selectable } from 'kysely'
import { fits, type ContactFilter, type IndexedPart, type Mark } from './filter.ts'

/** What very many have is found among the newest contacts, so these are looked through first. */
export const NEWEST = 5_000

/** So many are looked at behind each hundredth of the others: what an import brought long ago can be unlike what is new. */
const SAMPLED_AT_ONCE = 10

export type Row = Selectable<Tables['contacts']>

export interface Wanted {
  projectId: string
  filter: ContactFilter
  /** The address that is looked for, as far as it is one: who has it stands first, and is not found once more. */
  except: string | undefined
  before: string | undefined
  limit: number
}

export const isWanted = ({ filter, except }: Wanted) =>
  except === undefined ? fits(filter) : sql<boolean>`(${fits(filter)} and email <> ${except})`

export const allOf = (marks: readonly Mark[], condition: (mark: Mark) => RawBuilder<boolean>) =>
  sql<boolean>`(${sql.join(marks.map(condition), sql` and `)})`

/** Where a page is empty, what is told of it stands beside a row of nulls. */
export const existing = <Found extends { id: string | null }>(rows: Found[]) => rows.filter(({ id }) => id !== null)

/** What was seen of contacts that were looked at. */
export interface Seen {
  looked: number
  fitting: number
  /** How many of them the index would have named, by all marks of each part, and by each of them. */
  named: { byAll: number; byEach: number[] }[]
}

export interface Looked {
  /** A page, as far as it is among the newest. */
  rows: Row[]
  newest: Seen
  /** Of contacts from all times before. */
  sample: Seen
  /** The last contact of the newest. */
  edge: string
  /** Nobody is left behind it. */
  isEnd: boolean
}

const spanOf = ({ projectId, filter: { subscribed } }: Wanted) => sql`
  from contacts where project_id = ${projectId}
    and ${typeof subscribed === 'boolean' ? sql`subscribed = ${subscribed}` : sql.lit(true)}`

const isBehind = (id: string | undefined) => (id === undefined ? sql.lit(true) : sql`id < ${id}`)

/** A page of all of this consent, whatever else is looked for. */
export async function plainRows(db: Db, wanted: Wanted): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select * ${spanOf(wanted)} and ${isBehind(wanted.before)} order by id desc limit ${wanted.limit + 1}
  `.execute(db)
  return rows
}

interface Look {
  atMost: number
  parts?: readonly IndexedPart[]
}

/** Looks at the newest contacts, wherever the page begins, since they tell how many fit in all; and at some of the others. */
export async function lookAtNewest(db: Db, wanted: Wanted, { atMost, parts = [] }: Look): Promise<Looked> {
  const { projectId, before, limit } = wanted
  const all = parts.flat()
  const hasMark = (mark: Mark) => sql<boolean>`is_named[${sql.lit(all.indexOf(mark) + 1)}]`
  const counts = parts
    .flatMap((marks) => [allOf(marks, hasMark), ...marks.map(hasMark)])
    .map((isNamed) => sql`count(*) filter (where ${isNamed})::int`)
  const tell = (from: RawBuilder<unknown>) => sql`
    select count(*)::int as looked, count(*) filter (where is_fit)::int as fitting, array[${sql.join(counts)}]::int[] as named
    from ${from}`
  const asked = sql`
    id, ${isWanted(wanted)} as is_fit, array[${sql.join(all.map(({ isNamed }) => isNamed))}]::boolean[] as is_named`
  const { rows } = await sql<Row & Told & { edge: string | null }>`
    with newest as materialized (select ${asked} ${spanOf(wanted)} order by id desc limit ${atMost}),
      edge as materialized (select id from newest order by id limit 1),
      sample as (
        select distinct block.* from pg_stats, edge, unnest(histogram_bounds::text::uuid[]) bound
          cross join lateral (
            select ${asked} ${spanOf(wanted)} and id < bound order by id desc limit ${SAMPLED_AT_ONCE}
          ) block
        where schemaname = current_schema() and tablename = 'contacts' and attname = 'id' and bound < edge.id
      )
    select page.*, newest_told.looked, newest_told.fitting, newest_told.named, sample_told.looked as "sampleLooked",
      sample_told.fitting as "sampleFitting", sample_told.named as "sampleNamed", (select id from edge) as edge
    from (${tell(sql`newest`)}) newest_told cross join (${tell(sql`sample`)}) sample_told
      left join lateral (
        select contacts.* from (
          select id from newest where is_fit and ${isBehind(before)} order by id desc limit ${limit + 1}
        ) fit join contacts on contacts.project_id = ${projectId} and contacts.id = fit.id
      ) page on true
    order by page.id desc
  `.execute(db)
  const told: Partial<Told> = rows[0] ?? {}
  const { looked = 0, fitting = 0, named = [], sampleLooked = 0, sampleFitting = 0, sampleNamed = [] } = told
  return {
    rows: existing(rows),
    newest: { looked, fitting, named: byPart(parts, named) },
    sample: { looked: sampleLooked, fitting: sampleFitting, named: byPart(parts, sampleNamed) },
    edge: rows[0]?.edge ?? '',
    isEnd: looked < atMost,
  }
}

interface Told {
  looked: number
  fitting: number
  named: number[]
  sampleLooked: number
  sampleFitting: number
  sampleNamed: number[]
}

function byPart(parts: readonly IndexedPart[], counts: readonly number[]): Seen['named'] {
  const left = [...counts]
  return parts.map((marks) => ({ byAll: left.shift() ?? 0, byEach: left.splice(0, marks.length) }))
}

/** As many of all as of those that were seen. */
export function reckon({ newest, sample }: Looked, all: number, countIn: (seen: Seen) => number): number {
  const others = sample.looked > 0 ? sample : newest
  const share = countIn(others) / Math.max(1, others.looked)
  return Math.round(countIn(newest) + share * Math.max(0, all - newest.looked))
}

/** How many fit of all that are behind a contact. */
export async function countBehind(db: Db, wanted: Wanted, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count ${spanOf(wanted)} and ${isBehind(id)} and ${isWanted(wanted)}
  `.execute(db)
  return rows[0]?.count ?? 0
}

export interface Further {
  rows: Row[]
  /** The last contact that was looked at; null where nobody is left behind. */
  edge: string | null
  isFull: boolean
}

/** Looks through those behind a contact until the page is full, or so many were looked at. */
export async function lookFurther(
  db: Db,
  wanted: Wanted,
  { behind, atMost, rowsLeft }: { behind: string; atMost: number; rowsLeft: number },
): Promise<Further> {
  const span = sql`${spanOf(wanted)} and ${isBehind(behind)} order by id desc`
  const { rows } = await sql<Row & { edge: string | null }>`
    with page as materialized (
      select * from (select * ${span} limit ${atMost}) contacts where ${isWanted(wanted)} limit ${rowsLeft}
    )
    select page.*, edge
    from (select case when (select count(*) from page) < ${rowsLeft}
        then (select id ${span} offset ${atMost - 1} limit 1) end as edge) told
      left join page on true
    order by page.id desc
  `.execute(db)
  const found = existing(rows)
  return { rows: found, edge: rows[0]?.edge ?? null, isFull: found.length === rowsLeft }
}
