import { z } from 'zod'
import { Flag } from './primitives.ts'

/** What a file can be, with its media type. Each is UTF-8. */
export const FILE_FORMATS = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const

export type FileFormat = keyof typeof FILE_FORMATS

/** The media type alone, as documents have it. */
export const mediaTypeOf = (format: FileFormat): string => FILE_FORMATS[format].replace(/;.*/, '')

/** What an export takes beside the filters of its list. */
export const ExportQuery = {
  format: z
    .enum(['csv', 'jsonl'])
    .default('csv')
    .describe('`csv` for spreadsheets, or `jsonl` for programs: one JSON object on each line.'),
  bom: Flag.default(false).describe('Begin CSV with a byte order mark, by which Excel knows that it is UTF-8.'),
}

/** The filters of a list, without what turns its pages. */
export function withoutPages<Shape extends z.ZodRawShape>(shape: Shape): Omit<Shape, 'limit' | 'cursor'> {
  const { limit: _limit, cursor: _cursor, ...filters } = shape
  return filters
}

/** Said of every export. */
export const EXPORTED =
  'A stream without a limit: it is read as fast as you take it, and breaks off, without the end that HTTP has for it, where it cannot be finished. ' +
  'In CSV (RFC 4180) a cell that a spreadsheet would run has an apostrophe before it; lists and objects are JSON.'
