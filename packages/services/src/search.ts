import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql, type Expression, type SelectQueryBuilder } from 'kysely'
import { pageOf, writeCursor } from './cursor.ts'

/** What every list can be narrowed to that is ordered by ids. */
export interface Span {
  before: string | undefined
  since?: Date | undefined
  until?: Date | undefined
}

/** An id is made just before its row is stored, on another clock, so a moment of the row is looked for around its id. */
const CLOCKS_APART_MS = 60_000

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** The least id (UUIDv7, RFC 9562) of a moment. */
export function firstIdAt(at: number): string {
  const hex = Math.max(0, at).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

/** The ids that a page can have: the first that counts, and the first that does not. */
export function idsOf({ before, since, until }: Span): { from: string; to: string | undefined } {
  const end = until && firstIdAt(until.getTime() + CLOCKS_APART_MS)
  return {
    from: since === undefined ? FIRST_ID : firstIdAt(since.getTime() - CLOCKS_APART_MS),
    to: before !== undefined && end !== undefined ? (before < end ? before : end) : (before ?? end),
  }
}

/** Whether a text has a part in it, in upper or lower case. What is looked for is no pattern. */
export const hasPart = (text: Expression<string>, part: string) =>
  sql<boolean>`strpos(lower(${text}), lower(${part})) > 0`

interface Search<Row> {
  /**
   * The ids that an index gives, newest first; the search looks through so many of them and no further. Undefined: an
   * index gives the very rows.
   */
  // oxlint-disable-next-line typescript/no-explicit-any -- a query over whichever tables
  walk: SelectQueryBuilder<any, any, { id: string }> | undefined
  /** The rows among the ids from the one that is handed in, newest first. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a query over whichever tables
  rows: (from: Expression<string>) => SelectQueryBuilder<any, any, Row>
  limit: number
}

/**
 * One page of what no index answers by itself, in one query whose cost is bounded however little is found. A page that
 * found less than asked for leads on to where it stopped looking.
 */
export async function searchPage<Row extends { id: string }, Item>(
  db: Db,
  { walk, rows, limit }: Search<Row>,
  present: (row: Row) => Item,
) {
  if (walk === undefined)
    return pageOf(
      await rows(sql.val(FIRST_ID))
        .limit(limit + 1)
        .execute(),
      limit,
      present,
    )
  const from = sql<string>`coalesce(edge.id, ${FIRST_ID})`
  const { rows: found } = await sql<Row & { edge: string | null }>`
    with edge as materialized (
      select (${walk.offset(LIMITS.searchedPerPage).limit(1)}) as id
    )
    select page.*, edge.id as edge from edge left join lateral ${rows(from).limit(limit + 1)} page on true
    order by page.id desc
  `.execute(db)
  const edge = found[0]?.edge ?? null
  const page = pageOf(
    found.filter(({ id }) => id !== null),
    limit,
    present,
  )
  return page.hasMore || edge === null ? page : { ...page, cursor: writeCursor(edge), hasMore: true }
}
