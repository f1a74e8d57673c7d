import type { Input, Output } from '@posthorn/contracts'
import { LIMITS, parseAddress } from '@posthorn/contracts'
import type { Db, Tables } from '@posthorn/db'
import { sql, type RawBuilder, type Selectable } from 'kysely'
import { sqlState } from '../errors.ts'
import { inTransaction, type Context } from '../context.ts'
import { pageOf, readCursor, writeCursor } from '../cursor.ts'
import { countOfField } from './field-counts.ts'
import {
  fieldName,
  fits,
  indexedParts,
  isSearch,
  requireField,
  type ContactFilter,
  type IndexedPart,
  type Mark,
} from './filter.ts'
import { present } from './read.ts'
import { totalsOf } from './totals.ts'

/** What very many have is found among the newest contacts, so these are looked through first. */
const NEWEST = 5_000

/** The index is not asked for what it names more contacts of, by the newest: looking at all of them takes longer. */
const NAMED_AT_MOST = 20_000

/** A word that so many times fewer have is looked for alone. */
const HARDLY_ANY = 10

/** What more than so many of a hundred have is not asked of the index: to read all that it names takes long, and sorts out few. */
const COMMON_PERCENT = 25

/** What many have of whom none is new takes long to look up; then it is better to look through. */
const GIVEN_UP_MS = 200

type Row = Selectable<Tables['contacts']>

interface Wanted {
  projectId: string
  filter: ContactFilter
  /** The address that is looked for, as far as it is one: who has it stands first, and is not found once more. */
  except: string | undefined
  before: string | undefined
  limit: number
}

/** How far a search goes before it leads on. */
interface Bounds {
  giveUpMs: number
  lookAtMost: number
}

const BOUNDS: Bounds = { giveUpMs: GIVEN_UP_MS, lookAtMost: LIMITS.contactsSearchedPerPage }

/**
 * One page, newest first, behind whoever has the very address that is looked for. What it costs is bounded, however many
 * contacts there are and however many of them fit.
 */
export async function listContacts(
  { db, actor: { projectId } }: Context,
  { limit, cursor, ...asked }: Input<'contacts', 'list'>,
  bounds = BOUNDS,
): Promise<Output<'contacts', 'list'>> {
  const filter = requireField(asked)
  const wanted: Wanted = { projectId, filter, except: addressIn(filter), before: readCursor(cursor), limit }
  if (!isSearch(filter)) {
    const [rows, all] = await Promise.all([plainRows(db, wanted), countOf(db, wanted)])
    return { ...pageOf(rows, limit, present), ...exactly(all) }
  }
  const whole = await findWhole(db, wanted)
  if (whole === undefined) return search(db, wanted, bounds)
  const first = wanted.before === undefined ? [present(whole)] : []
  const page = await search(db, { ...wanted, limit: limit - first.length }, bounds)
  const cursorOfNext = page.hasMore ? (page.cursor ?? writeCursor(BEFORE_ALL)) : null
  return { ...page, data: [...first, ...page.data], cursor: cursorOfNext, total: page.total + 1 }
}

/** As it is stored. */
function addressIn({ search }: ContactFilter): string | undefined {
  const address = typeof search === 'string' ? parseAddress(search) : undefined
  return address?.ok === true ? address.value : undefined
}

/** Comes before the id of every contact, by the newest. */
const BEFORE_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

async function findWhole(db: Db, { projectId, filter, except: email }: Wanted): Promise<Row | undefined> {
  if (email === undefined) return undefined
  const { rows } = await sql<Row>`
    select * from contacts where project_id = ${projectId} and email = ${email} and ${fits({ ...filter, search: undefined })}
  `.execute(db)
  return rows[0]
}

async function search(db: Db, wanted: Wanted, { giveUpMs, lookAtMost }: Bounds): Promise<Output<'contacts', 'list'>> {
  const { filter, limit } = wanted
  const parts = indexedParts(filter)
  const newest = await lookThrough(db, wanted, { atMost: NEWEST, parts })
  const isAnswered = newest.rows.length > limit || newest.isEnd
  const seldom = isAnswered ? [] : await namingFew(db, wanted, { parts, newest })
  const found = seldom.length > 0 ? await findAll(db, wanted, { seldom, giveUpMs }).catch(giveUp) : undefined
  if (found !== undefined && found.count <= LIMITS.countedContacts) {
    return { ...pageOf(found.rows, limit, present), ...exactly(found.count) }
  }
  const looked = isAnswered ? newest : await lookFurther(db, wanted, { newest, lookAtMost })
  const page = pageOf(looked.rows, limit, present)
  const leadsOn = page.hasMore || looked.isEnd ? {} : { cursor: writeCursor(looked.edge), hasMore: true }
  if (looked.isEnd && wanted.before === undefined) return { ...page, ...leadsOn, ...exactly(looked.fitting) }
  const total = seldom.length > 0 ? atLeast(found?.count ?? looked.fitting) : await reckon(db, wanted, looked)
  return { ...page, ...leadsOn, ...total }
}

const isWanted = ({ filter, except }: Wanted) =>
  except === undefined ? fits(filter) : sql<boolean>`(${fits(filter)} and email <> ${except})`

type Total = Pick<Output<'contacts', 'list'>, 'total' | 'totalIs'>

const exactly = (total: number): Total => ({ total, totalIs: 'exact' })
const atLeast = (total: number): Total => ({ total, totalIs: 'at-least' })

interface Named {
  byAll: number
  byEach: number[]
}

interface Looked {
  rows: Row[]
  looked: number
  fitting: number
  /** How many of them the index would have named, by each mark of each part, and by all marks of one. */
  named: Named[]
  /** The last contact that was looked at. */
  edge: string
  /** Nobody is left behind it. */
  isEnd: boolean
}

/** As many of all as of those that were looked at. */
async function reckon(db: Db, wanted: Wanted, { looked, fitting }: Looked): Promise<Total> {
  const known = await countOfLoneField(db, wanted)
  if (known !== undefined) return exactly(known)
  const all = await countOf(db, wanted)
  return { total: Math.max(fitting, Math.round((fitting / Math.max(1, looked)) * all)), totalIs: 'estimate' }
}

/** How many have a field is counted, where nothing else is looked for. */
async function countOfLoneField(db: Db, { projectId, filter }: Wanted): Promise<number | undefined> {
  const { field, value, search, subscribed } = filter
  if (typeof field !== 'string' || value !== undefined || search !== undefined || subscribed !== undefined)
    return undefined
  return countOfField(db, { projectId, name: fieldName(field) })
}

/** How many there are of this consent, whatever else is looked for. */
async function countOf(db: Db, { projectId, filter }: Wanted): Promise<number> {
  const { total, subscribed } = await totalsOf(db, projectId)
  if (typeof filter.subscribed !== 'boolean') return total
  return filter.subscribed ? subscribed : total - subscribed
}

const spanOf = ({ projectId, filter: { subscribed }, before }: Wanted) => sql`
  from contacts where project_id = ${projectId}
    and ${typeof subscribed === 'boolean' ? sql`subscribed = ${subscribed}` : sql.lit(true)}
    and ${before === undefined ? sql.lit(true) : sql`id < ${before}`}`

async function plainRows(db: Db, wanted: Wanted): Promise<Row[]> {
  const { rows } = await sql<Row>`select * ${spanOf(wanted)} order by id desc limit ${wanted.limit + 1}`.execute(db)
  return rows
}

interface Look {
  atMost: number
  parts?: readonly IndexedPart[]
}

/** Looks at so many contacts, one after the other, for a page of those that fit. */
async function lookThrough(db: Db, wanted: Wanted, { atMost, parts = [] }: Look): Promise<Looked> {
  const { projectId, limit } = wanted
  const all = parts.flat()
  const hasMark = (mark: Mark) => sql<boolean>`is_named[${sql.lit(all.indexOf(mark) + 1)}]`
  const counts = parts
    .flatMap((marks) => [allOf(marks, hasMark), ...marks.map(hasMark)])
    .map((isNamed) => sql`count(*) filter (where ${isNamed})::int`)
  const { rows } = await sql<Row & Pick<Looked, 'looked' | 'fitting'> & { named: number[]; edge: string | null }>`
    with looked as materialized (
      select id, ${isWanted(wanted)} as is_fit, array[${sql.join(all.map(({ isNamed }) => isNamed))}]::boolean[] as is_named
      ${spanOf(wanted)} order by id desc limit ${atMost}
    )
    select page.*, looked, fitting, named, edge
    from (select count(*)::int as looked, count(*) filter (where is_fit)::int as fitting,
        array[${sql.join(counts)}]::int[] as named,
        (select id from looked order by id limit 1) as edge from looked) told
      left join lateral (
        select contacts.* from (select id from looked where is_fit order by id desc limit ${limit + 1}) fit
          join contacts on contacts.project_id = ${projectId} and contacts.id = fit.id
      ) page on true
    order by page.id desc
  `.execute(db)
  const { looked = 0, fitting = 0, named = [], edge = null } = rows[0] ?? {}
  const left = [...named]
  const told = parts.map((marks): Named => ({ byAll: left.shift() ?? 0, byEach: left.splice(0, marks.length) }))
  return { rows: existing(rows), looked, fitting, named: told, edge: edge ?? '', isEnd: looked < atMost }
}

const allOf = (marks: readonly Mark[], condition: (mark: Mark) => RawBuilder<boolean>) =>
  sql<boolean>`(${sql.join(marks.map(condition), sql` and `)})`

/** Looks through those behind the newest as well. */
async function lookFurther(
  db: Db,
  wanted: Wanted,
  { newest, lookAtMost }: { newest: Looked; lookAtMost: number },
): Promise<Looked> {
  const behind = { ...wanted, before: newest.edge }
  const more = await lookThrough(db, behind, { atMost: lookAtMost - NEWEST })
  return {
    ...newest,
    rows: [...newest.rows, ...more.rows],
    looked: newest.looked + more.looked,
    fitting: newest.fitting + more.fitting,
    edge: more.edge === '' ? newest.edge : more.edge,
    isEnd: more.isEnd,
  }
}

/** What to ask the index for: of the parts of which it names few, as far as the newest can tell, what is not common. */
async function namingFew(
  db: Db,
  wanted: Wanted,
  { parts, newest: { named, looked } }: { parts: readonly IndexedPart[]; newest: Looked },
): Promise<Mark[]> {
  const all = parts.length > 0 ? await countOf(db, wanted) : 0
  const isFew = (count: number) => (count / Math.max(1, looked)) * all <= NAMED_AT_MOST
  return parts.flatMap((marks, part) => {
    const { byAll = 0, byEach = [] } = named[part] ?? {}
    if (!isFew(byAll)) return []
    const least = Math.min(...byEach)
    // Without the others it would name more.
    if (!isFew(least)) return marks
    // What hardly anybody has tells enough by itself, and is read fastest.
    if (isFew(least * HARDLY_ANY)) return marks.filter((_, at) => at === byEach.indexOf(least))
    const telling = marks.filter((_, at) => (byEach[at] ?? 0) * 100 <= looked * COMMON_PERCENT)
    return telling.length > 0 ? telling : marks
  })
}

/**
 * A page of those that an index names, and how many it names. More than are counted are not looked at, since they would
 * have to be put in order; it then has no page.
 */
async function findAll(
  db: Db,
  wanted: Wanted,
  { seldom, giveUpMs }: { seldom: readonly Mark[]; giveUpMs: number },
): Promise<{ rows: Row[]; count: number }> {
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
  })
}

function giveUp(error: unknown): undefined {
  if (sqlState(error) !== QUERY_CANCELED) throw error
}

const QUERY_CANCELED = '57014'

/** Where the page is empty, what is told of it stands beside a row of nulls. */
const existing = <Found extends { id: string | null }>(rows: Found[]) => rows.filter(({ id }) => id !== null)
