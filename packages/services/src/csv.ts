import type { JsonValue } from '@posthorn/contracts'

// A spreadsheet takes what begins so for a formula and runs it (OWASP, CSV injection), also in full width and behind
// quotes and blanks. What begins with an apostrophe gets one more, so that taking one away restores every cell.
const DANGEROUS = /^(?:'|["\s\u00a0\ufeff]*[=+\-@\t\r\n＝＋－＠])/

/** What stands in no text that a program writes for others: files that are binary have it. */
// oxlint-disable-next-line no-control-regex -- They are what is looked for.
export const CONTROL = /[\0-\x08\x0e-\x1f]/

/** A text that no spreadsheet runs. */
export const neutralise = (text: string): string => (DANGEROUS.test(text) ? `'${text}` : text)

/** What was neutralised, as it was. An apostrophe that somebody else put there stays. */
export const restore = (text: string): string =>
  text.startsWith("'") && DANGEROUS.test(text.slice(1)) ? text.slice(1) : text

/** Where the list separator is a semicolon, a spreadsheet parts a cell at it, and runs what comes behind. */
const quoted = (cell: string) => (/[",;|\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Rows as CSV (RFC 4180), each with its line end. Nothing in it runs in a spreadsheet. */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map((cell) => quoted(neutralise(cell))).join(',')}\r\n`).join('')

/**
 * A value of `data` as the text of a cell: plain where that is clear, and as JSON where the plain text would be taken for
 * something else. An empty cell is no value.
 */
export function cellOf(value: JsonValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value !== 'string') return JSON.stringify(value)
  return value === '' || parsed(value) !== undefined || CONTROL.test(value) ? JSON.stringify(value) : value
}

/** What `cellOf` made a cell of, so that each value comes back with its type. */
export function valueOf(cell: string): JsonValue | undefined {
  if (cell === '') return undefined
  const value = parsed(cell)
  return value === undefined ? cell : value
}

/** Undefined for what is no JSON, or more than JSON can say; `null` stands for itself. */
function parsed(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue
    return typeof value === 'number' && !Number.isFinite(value) ? undefined : value
  } catch {
    return undefined
  }
}
