// A spreadsheet takes what begins so for a formula and runs it (OWASP, CSV injection), also in full width and behind
// quotes and blanks. What begins with an apostrophe gets one more, so that taking one away restores every cell.
const DANGEROUS = /^(?:'|["\s\u00a0\ufeff]*[=+\-@\t\r\n＝＋－＠])/

/** A text that no spreadsheet runs. */
export const inert = (text: string): string => (DANGEROUS.test(text) ? `'${text}` : text)

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Rows as CSV (RFC 4180), each with its line end. Nothing in it runs in a spreadsheet. */
export const csvOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map((cell) => quoted(inert(cell))).join(',')}\r\n`).join('')
