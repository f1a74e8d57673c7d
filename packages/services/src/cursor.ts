import { ApiError } from './errors.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The id that a page ended with, from the opaque text that callers hand back. */
export function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (UUID.test(id)) return id
  throw badCursor()
}

export const badCursor = () =>
  new ApiError('BAD_REQUEST', 'This cursor is not one that Posthorn gave out.', {
    suggestion: 'Hand in the `cursor` of the page before, unchanged, or leave it out for the first page.',
  })

/** What `readCursor` reads. */
export const writeCursor = (id: string) => Buffer.from(id, 'latin1').toString('base64url')

/** One page of rows that were read with a limit one larger than asked for. */
export function pageOf<Row extends { id: string }, Item>(rows: Row[], limit: number, present: (row: Row) => Item) {
  const hasMore = rows.length > limit
  const shown = hasMore ? rows.slice(0, limit) : rows
  const last = shown.at(-1)
  return { data: shown.map(present), cursor: hasMore && last ? writeCursor(last.id) : null, hasMore }
}
