import type { JsonValue } from '@posthorn/contracts'
import type { ColumnType } from '@posthorn/contracts/imports'
import { isDate, momentOfDate } from '@posthorn/contracts/iso-dates'
import { topicChoices } from '@posthorn/contracts/topic-choices'
import { valueOf } from '../csv.ts'
import { readRounded } from '../exact-numbers.ts'
import type { Choices } from '../topics/choices.ts'

/** What a cell says, or why it says nothing of this type. */
export type Read<Value> = { value: Value } | { problem: string }

/** Also text as an export writes it: as JSON where it would be taken for something else. */
export type CellType = ColumnType | 'exportedText'

/** Why JSON is not taken in which a number would come out as another one. */
export const ROUNDED =
  'A number has too many digits to be kept exactly; write it as text: in JSON, with quotes around it.'

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i
const YES = new Set(['true', 'yes', '1', 'y', 'on'])
const NO = new Set(['false', 'no', '0', 'n', 'off'])
const SEPARATORS = [';', '|', ',']

export function readBoolean(cell: string): Read<boolean> {
  const word = cell.trim().toLowerCase()
  if (YES.has(word)) return { value: true }
  if (NO.has(word)) return { value: false }
  return { problem: 'Expected `true` or `false`, `yes` or `no`, `1` or `0`.' }
}

/** How cells of each type are read. None is called with an empty one, which says nothing. */
export const READ: Record<CellType, (cell: string) => Read<JsonValue | undefined>> = {
  string: (cell) => ({ value: cell }),
  number(cell) {
    const text = cell.trim()
    const value = Number(text)
    if (!NUMBER.test(text) || !Number.isFinite(value)) return { problem: 'Expected a number such as 12.5.' }
    if (/^[+-]?0\d/.test(text)) {
      return { problem: 'A number keeps no zeros in front; import the column as text.' }
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      return { problem: 'A number has too many digits to be kept exactly; import the column as text.' }
    }
    return { value }
  },
  boolean: readBoolean,
  date(cell) {
    const text = cell.trim()
    return isDate(text) ? { value: text } : { problem: 'Expected a date or time such as 2026-01-31 (ISO 8601).' }
  },
  list(cell) {
    const text = cell.trim()
    if (text.startsWith('[')) {
      const value = valueOf(text)
      if (Array.isArray(value)) return readRounded(text) === undefined ? { value } : { problem: ROUNDED }
      return { problem: 'Expected a list: JSON, or words with `;` between them.' }
    }
    const separator = SEPARATORS.find((sign) => text.includes(sign))
    const words = separator === undefined ? [text] : text.split(separator)
    return { value: words.map((word) => word.trim()).filter((word) => word !== '') }
  },
  any(cell) {
    const value = valueOf(cell)
    if (typeof value !== 'string' && readRounded(cell) !== undefined) return { problem: ROUNDED }
    // A contact never holds one; in `data` it would delete.
    return { value: value === null ? undefined : value }
  },
  exportedText(cell) {
    const value = valueOf(cell)
    return { value: typeof value === 'string' ? value : cell }
  },
}

/** Which topics a cell chooses and leaves; undefined where it says something else. */
export function choicesOf(cell: string): Choices | undefined {
  const parsed = topicChoices.safeParse(valueOf(cell))
  return parsed.success ? parsed.data : undefined
}

/** Nobody left a mailing before there was any: such a date tells no moment. */
const EARLIEST = Date.UTC(1970, 0, 1)

/** The moment that a cell tells, as long as it has been. */
export function momentOf(cell: string): string | undefined {
  const time = momentOfDate(cell.trim())
  return time !== undefined && time >= EARLIEST && time <= Date.now() ? new Date(time).toISOString() : undefined
}
