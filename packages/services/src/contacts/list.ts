import type { Input, Output } from '@posthorn/contracts'
import { LIMITS, parseAddress } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { pageOf, readCursor, writeCursor } from '../cursor.ts'
import { countOfField } from './field-counts.ts'
import { fieldName, fits, indexedParts, isSearch, requireField, type ContactFilter } from './filter.ts'
import { findAll, namingFew } from './find-by-index.ts'
import {
  countBehind,
  lookAtNewest,
  lookFurther,
  NEWEST,
  plainRows,
  reckon,
  type Looked,
  type Row,
  type Wanted,
} from './look.ts'
import { present } from './read.ts'
import { totalsOf } from './totals.ts'

/** The index is not asked for what it seems to name more contacts of: looking at all of them takes longer. */
const NAMED_AT_MOST = 20_000

/** What many have of whom none is new takes long to look up; then it is better to look through. */
const GIVEN_UP_MS = 200

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
  const [looked, all] = await Promise.all([lookAtNewest(db, wanted, { atMost: NEWEST, parts }), countOf(db, wanted)])
  if (looked.isEnd) return { ...pageOf(looked.rows, limit, present), ...exactly(looked.newest.fitting) }
  const isSmall = all <= lookAtMost
  const namedAtMost = isSmall ? LIMITS.countedContacts : NAMED_AT_MOST
  const isAnswered = looked.rows.length > limit && isPlainlyMany(looked, all)
  const seldom = isAnswered ? [] : namingFew({ parts, looked, all, namedAtMost })
  const found = seldom.length > 0 ? await findAll(db, wanted, { seldom, giveUpMs }) : undefined
  if (found !== undefined && found.count <= LIMITS.countedContacts) {
    return { ...pageOf(found.rows, limit, present), ...exactly(found.count) }
  }
  const page = await pageBehind(db, wanted, { looked, atMost: lookAtMost - NEWEST })
  return { ...page, ...(await totalOf(db, wanted, { looked, all, isSmall, counted: found?.count ?? 0 })) }
}

/** More than are counted by so much that no chance makes it: the index would be read in vain. */
const isPlainlyMany = (looked: Looked, all: number) =>
  looked.sample.fitting * 20 > looked.sample.looked &&
  reckon(looked, all, ({ fitting }) => fitting) > 2 * LIMITS.countedContacts

/** A page that begins among the newest, if it does, and goes on behind them. */
async function pageBehind(db: Db, wanted: Wanted, { looked, atMost }: { looked: Looked; atMost: number }) {
  const { before, limit } = wanted
  const rowsLeft = limit + 1 - looked.rows.length
  if (rowsLeft === 0) return pageOf(looked.rows, limit, present)
  const behind = before !== undefined && before < looked.edge ? before : looked.edge
  const further = await lookFurther(db, wanted, { behind, atMost, rowsLeft })
  const page = pageOf([...looked.rows, ...further.rows], limit, present)
  return further.edge === null ? page : { ...page, cursor: writeCursor(further.edge), hasMore: true }
}

type Total = Pick<Output<'contacts', 'list'>, 'total' | 'totalIs'>

const exactly = (total: number): Total => ({ total, totalIs: 'exact' })

interface Known {
  looked: Looked
  all: number
  /** All can be looked at. */
  isSmall: boolean
  /** By the index, which has more. */
  counted: number
}

/** The same on each page, since no page is reckoned from. */
async function totalOf(db: Db, wanted: Wanted, { looked, all, isSmall, counted }: Known): Promise<Total> {
  const known = await countOfLoneField(db, wanted)
  if (known !== undefined) return exactly(known)
  if (isSmall) return exactly(looked.newest.fitting + (await countBehind(db, wanted, looked.edge)))
  const atLeast = Math.max(counted, looked.newest.fitting + looked.sample.fitting)
  const total = reckon(looked, all, ({ fitting }) => fitting)
  return total > atLeast ? { total, totalIs: 'estimate' } : { total: atLeast, totalIs: 'at-least' }
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
