import { LIMITS } from '@posthorn/contracts'
import { endsRefusal } from '../consent/agreed.ts'
import type { Consent } from '../consent/proof.ts'
import type { Choices, Kept } from '../topics/choices.ts'
import type { RowProblem, RowWish } from './rows.ts'

/** A row of a piece as it is stored: its cells, or how many blank rows stand here. */
export type PieceRow = string[] | number

export type OnConflict = 'merge' | 'skip' | 'replace'

export interface CombinedWish extends RowWish {
  /** The rows that speak of this contact, in their order. */
  rows: number[]
  /** Those of them that want it subscribed, and that none below takes back. */
  askingRows: number[]
  /** The same of each topic. */
  choosingRows: Map<string, number[]>
}

/**
 * What the rows of a piece come to for each contact: the same as so many upserts one after the other, in one order for
 * all, so that two transactions never wait for each other.
 */
export function combineRows(wishes: readonly RowWish[], { onConflict, consent, waits }: Combining): CombinedWish[] {
  const combined = new Map<string, CombinedWish>()
  for (const wish of wishes) {
    // As if it said nothing, but that it is told.
    const subscribed = wish.subscribed && waits ? undefined : wish.subscribed
    const before = combined.get(wish.email)
    if (before === undefined) {
      const askingRows = wish.subscribed ? [wish.row] : []
      const choosingRows = choosing(new Map(), wish)
      combined.set(wish.email, { ...wish, subscribed, rows: [wish.row], askingRows, choosingRows })
      continue
    }
    before.rows.push(wish.row)
    if (onConflict === 'skip') continue
    if (wish.subscribed) before.askingRows.push(wish.row)
    if (wish.subscribed === false) before.askingRows = []
    choosing(before.choosingRows, wish)
    before.patch = onConflict === 'replace' ? wish.patch : { ...before.patch, ...wish.patch }
    before.topics = laterChoices(before.topics, wish.topics, consent)
    // Who refused a row above comes back by a consent alone that is newer.
    const isKeptOut = before.refuses && !wish.refuses && !(subscribed && endsRefusal(consent, before.refusedAt))
    if (isKeptOut || subscribed === undefined) continue
    before.subscribed = subscribed
    before.refusedAt = before.refuses && wish.refuses ? latest(before.refusedAt, wish.refusedAt) : wish.refusedAt
    before.refuses = wish.refuses
  }
  return [...combined.values()].sort((a, b) => (a.email < b.email ? -1 : 1))
}

interface Combining {
  onConflict: OnConflict
  /** One that says since when. */
  consent: Consent | undefined
  /** Whether these people have yet to confirm, so that none of them is subscribed. */
  waits: boolean
}

function choosing(rows: CombinedWish['choosingRows'], { row, topics }: RowWish): CombinedWish['choosingRows'] {
  for (const [topic, isChosen] of Object.entries(topics)) {
    const before = rows.get(topic)
    if (!isChosen) rows.delete(topic)
    else if (before === undefined) rows.set(topic, [row])
    else before.push(row)
  }
  return rows
}

/** Of two refusals the newer; one without a time is of now. */
const latest = (one: string | undefined, other: string | undefined) =>
  one === undefined || other === undefined ? undefined : Date.parse(one) > Date.parse(other) ? one : other

function laterChoices(before: Choices, later: Choices, consent: Consent | undefined): Choices {
  const isHeard = (topic: string, subscribed: boolean) => !subscribed || before[topic] !== false || endsRefusal(consent)
  return { ...before, ...Object.fromEntries(Object.entries(later).filter((choice) => isHeard(...choice))) }
}

/** What became of a contact that rows speak of. */
export type Outcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'erased' | 'full'

export interface RowCounts {
  rows: number
  created: number
  updated: number
  unchanged: number
  skipped: number
  refused: number
  keptOut: number
}

export const NO_ROWS: RowCounts = { rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0, keptOut: 0 }

/** Counts row by row what became of contacts: of several rows the first made it, and the others changed it. */
export function countRows(wish: CombinedWish, outcome: Outcome, onConflict: OnConflict): Partial<RowCounts> {
  const count = wish.rows.length
  if (outcome === 'erased') return { skipped: count }
  if (outcome === 'full') return { refused: count }
  if (outcome !== 'created') return { [outcome]: count }
  return { created: 1, [onConflict === 'skip' ? 'skipped' : 'updated']: count - 1 }
}

export function sumCounts(before: RowCounts, parts: readonly Partial<RowCounts>[]): RowCounts {
  const sum = { ...before }
  for (const part of parts) {
    for (const name of Object.keys(part) as (keyof RowCounts)[]) sum[name] += part[name] ?? 0
  }
  return sum
}

/** What rows want for a contact and do not get, and why. */
interface KeptOut {
  mail: Kept | undefined
  topics: ReadonlyMap<string, Kept>
}

const NO_TOPICS: ReadonlyMap<string, Kept> = new Map()

/** What a contact is kept out of: `contact` is there where it is not subscribed, `topics` where its topics were looked at. */
export function keptOf(
  wish: CombinedWish,
  { contact, topics }: { contact: { isOut: boolean } | undefined; topics: ReadonlyMap<string, Kept> | undefined },
): KeptOut {
  const left = [...wish.choosingRows.keys()].filter((topic) => wish.topics[topic] === false)
  return {
    mail:
      contact === undefined || wish.askingRows.length === 0 ? undefined : contact.isOut ? 'opted_out' : 'not_confirmed',
    topics:
      topics === undefined ? NO_TOPICS : new Map([...topics, ...left.map((topic) => [topic, 'opted_out'] as const)]),
  }
}

/** Why the rows of a contact are in the report, one entry for each; none where they are not. */
export function problemsOf(
  wish: CombinedWish,
  { outcome, kept, topicColumn }: { outcome: Outcome; kept: KeptOut; topicColumn: string | null },
): RowProblem[] {
  const { email } = wish
  if (outcome === 'erased') return wish.rows.map((row) => ({ row, column: null, email, ...ERASED }))
  if (outcome === 'full') return wish.rows.map((row) => ({ row, column: null, email, ...FULL }))
  const topics = Map.groupBy(
    [...kept.topics].flatMap(([topic, why]) =>
      (wish.choosingRows.get(topic) ?? []).map((row) => ({ row, topic, why })),
    ),
    ({ row }) => row,
  )
  const asking = new Set(kept.mail === undefined ? [] : wish.askingRows)
  return [...new Set([...asking, ...topics.keys()])].map((row) => {
    const ofRow = topics.get(row) ?? []
    const mail = asking.has(row) ? kept.mail : undefined
    const byReason = Map.groupBy(ofRow, ({ why }) => why)
    const words = [...byReason].map(([why, named]) =>
      KEPT_FROM[why](named.map(({ topic }) => `\`${topic}\``).join(', ')),
    )
    return {
      row,
      outcome: 'kept-out',
      column: mail === undefined ? topicColumn : null,
      email,
      code: mail ?? ofRow[0]!.why, // Safe because a row is here for its mail or for a topic.
      message: [...(mail === undefined ? [] : [KEPT_OUT[mail]]), ...words].join(' '),
    }
  })
}

type Words = Pick<RowProblem, 'outcome' | 'code' | 'message'>

const NEWER = 'a `consent` with a time (`at`) that is newer (and `confirmed`, with double opt-in)'
const THEY_ALONE = `they alone, or ${NEWER}, change that`
const WHERE_CONFIRMED = 'send `consent` with `confirmed: true` where these people have confirmed'
const ERASED: Words = {
  outcome: 'skipped',
  code: 'erased',
  message: `This person refused and was erased or deleted since, and is not stored again but by ${NEWER}.`,
}
const FULL: Words = {
  outcome: 'refused',
  code: 'data_too_large',
  message: `The contact would hold more than ${LIMITS.contactDataBytes} bytes of data; leave fields out, or delete some that it has.`,
}
const KEPT_OUT: Record<Kept, string> = {
  opted_out: `This person opted out and stays unsubscribed; ${THEY_ALONE}.`,
  not_confirmed: `The project asks people to confirm (double opt-in), and this person is not subscribed; ${WHERE_CONFIRMED}.`,
}
const KEPT_FROM: Record<Kept, (topics: string) => string> = {
  opted_out: (topics) => `This person left ${topics} and stays out of it; ${THEY_ALONE}.`,
  not_confirmed: (topics) => `${topics} asks people to confirm (double opt-in), and is not chosen; ${WHERE_CONFIRMED}.`,
}
