import { LIMITS } from '@posthorn/contracts'
import { endsRefusal } from '../consent/agreed.ts'
import type { Consent } from '../consent/proof.ts'
import type { Choices } from '../topics/choices.ts'
import type { RowProblem, RowWish } from './rows.ts'

/** A row of a piece as it is stored: its cells, or how many blank rows stand here. */
export type PieceRow = string[] | number

export type OnConflict = 'merge' | 'skip' | 'replace'

export interface CombinedWish extends RowWish {
  /** The rows that speak of this contact, in their order. */
  rows: number[]
  /** Those of them that want it subscribed, and that none below takes back. */
  askingRows: number[]
}

/**
 * What the rows of a piece come to for each contact: the same as so many upserts one after the other, in one order for
 * all, so that two transactions never wait for each other.
 */
export function combineRows(
  wishes: readonly RowWish[],
  { onConflict, consent }: { onConflict: OnConflict; consent: Consent | undefined },
): CombinedWish[] {
  const combined = new Map<string, CombinedWish>()
  for (const wish of wishes) {
    const before = combined.get(wish.email)
    if (before === undefined) {
      combined.set(wish.email, { ...wish, rows: [wish.row], askingRows: wish.subscribed ? [wish.row] : [] })
      continue
    }
    before.rows.push(wish.row)
    if (onConflict === 'skip') continue
    if (wish.subscribed) before.askingRows.push(wish.row)
    if (wish.subscribed === false) before.askingRows = []
    before.patch = onConflict === 'replace' ? wish.patch : { ...before.patch, ...wish.patch }
    before.topics = laterChoices(before.topics, wish.topics, consent)
    // Who refused a row above comes back by a consent alone that is newer.
    const isKeptOut = before.refuses && !wish.refuses && !(wish.subscribed && isNewer(consent, before.refusedAt))
    if (isKeptOut || wish.subscribed === undefined) continue
    before.subscribed = wish.subscribed
    before.refusedAt = before.refuses && wish.refuses ? latest(before.refusedAt, wish.refusedAt) : wish.refusedAt
    before.refuses = wish.refuses
  }
  return [...combined.values()].sort((a, b) => (a.email < b.email ? -1 : 1))
}

/** A consent that came without a time is of when the import was asked for, and a refusal without one of now. */
const isNewer = (consent: Consent | undefined, refusedAt?: string) =>
  consent?.at === undefined ? consent !== undefined && refusedAt !== undefined : endsRefusal(consent, refusedAt)

/** Of two refusals the newer; one without a time is of now. */
const latest = (one: string | undefined, other: string | undefined) =>
  one === undefined || other === undefined ? undefined : Date.parse(one) > Date.parse(other) ? one : other

function laterChoices(before: Choices, later: Choices, consent: Consent | undefined): Choices {
  const isHeard = (topic: string, subscribed: boolean) => !subscribed || before[topic] !== false || isNewer(consent)
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

/** Why the rows of a contact are in the report; undefined where they are not. */
export function problemsOf(wish: CombinedWish, outcome: Outcome, isKeptOut: boolean): RowProblem[] {
  const [words, rows] =
    outcome === 'erased'
      ? [ERASED, wish.rows]
      : outcome === 'full'
        ? [FULL, wish.rows]
        : [OPTED_OUT, isKeptOut ? wish.askingRows : []]
  return rows.map((row) => ({ row, column: null, email: wish.email, ...words }))
}

type Words = Pick<RowProblem, 'outcome' | 'code' | 'message'>

const ERASED: Words = {
  outcome: 'skipped',
  code: 'erased',
  message: 'This person refused and was erased or deleted since, and is not stored again unless a consent is newer.',
}
const FULL: Words = {
  outcome: 'refused',
  code: 'data_too_large',
  message: `The contact would hold more than ${LIMITS.contactDataBytes} bytes of data; delete some of its fields first.`,
}
const OPTED_OUT: Words = {
  outcome: 'kept-out',
  code: 'opted_out',
  message: 'This person opted out and stays unsubscribed; they alone, or a consent that is newer, change that.',
}
