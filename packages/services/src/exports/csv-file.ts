import { LIMITS, type JsonValue } from '@posthorn/contracts'
import { z } from 'zod'
import { splitData, type Data } from '../contacts/merge.ts'
import { cellOf, csvOf } from '../csv.ts'
import type { WireRow } from '../downloads.ts'
import { columnsFor, namesOf } from './columns.ts'

interface Column {
  name: string
  cell(row: WireRow): string
}

/**
 * Writes rows of a shape as CSV, with fields of their `data` in columns of their own where some are named: as many as an
 * import has room for beside the other columns. All others stand together in one.
 */
export function csvWriter(shape: z.ZodObject, fields?: readonly string[]) {
  const columns = columnsOf(shape, fields)
  return {
    head: csvOf([columns.map(({ name }) => name)]),
    write: (rows: readonly WireRow[]) => csvOf(rows.map((row) => columns.map(({ cell }) => cell(row)))),
  }
}

function columnsOf(shape: z.ZodObject, fields: readonly string[] | undefined): Column[] {
  return Object.entries(shape.shape).flatMap(([name, schema]): Column[] => {
    if (name === 'data' && fields !== undefined) return dataColumns(fields, namesOf(shape))
    if (!(schema instanceof z.ZodObject)) return [{ name, cell: (row) => plain(row[name]) }]
    return Object.keys(schema.shape).map((inner) => ({
      name: `${name}.${inner}`,
      cell: (row) => plain((row[name] as WireRow)[inner]), // Safe because the row has this shape.
    }))
  })
}

function dataColumns(fields: readonly string[], taken: ReadonlySet<string>): Column[] {
  const own = columnsFor(fields, taken, LIMITS.importColumns - taken.size)
  const dataOf = (row: WireRow) => row['data'] as Data // Safe because the row has this shape.
  return [
    ...[...own].map(([field, name]) => ({
      name,
      cell: (row: WireRow) => (Object.hasOwn(dataOf(row), field) ? cellOf(said(field, dataOf(row)[field]!)) : ''),
    })),
    {
      name: 'data',
      cell(row) {
        const others = Object.entries(dataOf(row)).flatMap(([field, value]) =>
          own.has(field) ? [] : [[field, said(field, value)]],
        )
        return others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others))
      },
    },
  ]
}

/** As a call says it: a value that looks like one that says of itself whether it is kept says so once more. */
const said = (field: string, value: JsonValue): JsonValue =>
  typeof value !== 'object' || splitData({ [field]: value }).all[field] === value ? value : { value, persistent: true }

/** What its column says the type of. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
