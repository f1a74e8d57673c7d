import type { JsonValue } from '@posthorn/contracts'
import { z } from 'zod'
import { cellOf, csvOf } from '../csv.ts'
import type { WireRow } from '../downloads.ts'
import { columnsFor, namesOf } from './columns.ts'

interface Column {
  name: string
  cell(row: WireRow): string
}

/** Writes rows of a shape as CSV, with fields of their `data` in columns of their own where some are named. */
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
  const own = columnsFor(fields, taken)
  const dataOf = (row: WireRow) => row['data'] as Record<string, JsonValue> // Safe because the row has this shape.
  return [
    ...[...own].map(([field, name]) => ({
      name,
      cell: (row: WireRow) => (Object.hasOwn(dataOf(row), field) ? cellOf(dataOf(row)[field]) : ''),
    })),
    {
      name: 'data',
      cell(row) {
        const others = Object.entries(dataOf(row)).filter(([field]) => !own.has(field))
        return others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others))
      },
    },
  ]
}

/** What its column says the type of. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
