import { LIMITS } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { inTransaction } from '../context.ts'
import { sqlState } from '../errors.ts'
import type { IndexedPart, Mark } from './filter.ts'
import { allOf, existing, isWanted, reckon, type Looked, type Row, type Wanted } from './look.ts'

/** A word that so many times fewer have is looked for alone. */
const HARDLY_ANY = 10

/** What more than so many of a hundred have is not asked of the index: to read all that it names takes long, and sorts out few. */
const COMMON_PERCENT = 25

interface Telling {
  parts: readonly IndexedPart[]
  looked: Looked
  all: number
  /** The index is not asked for what it seems to name more contacts of. */
  namedAtMost: number
}

/** What to ask the index for: of the parts of which it names few, as far as can be told, what is not common. */
export function namingFew({ parts, looked, all, namedAtMost }: Telling): Mark[] {
  return parts.flatMap((marks, part) => {
    const isFew = (count: number) => count <= namedAtMost
    if (!isFew(reckon(looked, all, ({ named }) => named[part]?.byAll ?? 0))) return []
    const byEach = marks.map((_, at) => reckon(looked, all, ({ named }) => named[part]?.byEach[at] ?? 0))
    const least = Math.min(...byEach)
    // Without the others it would name more.
    if (!isFew(least)) return marks
    // What hardly anybody has tells enough by itself, and is read fastest.
    if (isFew(least * HARDLY_ANY)) return marks.filter((_, at) => at === byEach.indexOf(least))
    const telling = marks.filter((_, at) => (byEach[at] ?? 0) * 100 <= all * COMMON_PERCENT)
    return telling.length > 0 ? telling : marks
  })
}

/**
 * A page of those that an index names, and how many it names. More than are counted are not looked at, since they would
 * have to be put in order; it then has no page. Undefined where it takes too long.
 */
export async function findAll(
  db: Db,
  wanted: Wanted,
  { seldom, giveUpMs }: { seldom: readonly Mark[]; giveUpMs: number },
): Promise<{ rows: Row[]; count: number } | undefined> {
  const { projectId, before, limit } = wanted
  return inTransaction({ db }, async ({ db: trx }) => {
    // The planner guesses how many fit a pattern, and where it guesses too many it would rather read the whole table.
    await sql`
      select set_config(name, value, true) from (values
        ('enable_seqscan', 'off'), ('enable_indexscan', 'off'), ('enable_indexonlyscan', 'off'),
        ('max_parallel_workers_per_gather', '0'), ('statement_timeout', ${`${giveUpMs}`})) setting (name, value)
    `.execute(trx)
    const { rows } = await sql<Row & { count: number }>`
      with found as materialized (
        select id from (
          select * from contacts where project_id = ${projectId}
            and ${allOf(seldom, (mark) => mark.fits)}
          offset 0
        ) named where ${isWanted(wanted)}
        limit ${LIMITS.countedContacts + 1}
      )
      select page.*, count
      from (select count(*)::int as count from found) told
        left join lateral (
          select contacts.* from (
            select id from found where ${before === undefined ? sql.lit(true) : sql`id < ${before}`}
              and count <= ${LIMITS.countedContacts}
            order by id desc limit ${limit + 1}
          ) newest join contacts on contacts.project_id = ${projectId} and contacts.id = newest.id
        ) page on true
      order by page.id desc
    `.execute(trx)
    return { rows: existing(rows), count: rows[0]?.count ?? 0 }
  }).catch(giveUp)
}

function giveUp(error: unknown): undefined {
  if (sqlState(error) !== QUERY_CANCELED) throw error
}

const QUERY_CANCELED = '57014'
