import { LIMITS } from '@posthorn/contracts'
import type { z } from 'zod'

const OWN = 'data.'

/** The column of a field of `data`, among columns that have their names already, in upper or lower case. */
export function columnOf(field: string, taken: ReadonlySet<string>): string {
  return taken.has(field.toLowerCase()) || field.startsWith(OWN) ? `${OWN}${field}` : field
}

/**
 * The columns of those fields that can have one, as far as there is room, in the order of their names: spreadsheets and
 * imports take the blanks off names, and do not tell capitals apart.
 */
export function columnsFor(fields: readonly string[], taken: ReadonlySet<string>, room: number): Map<string, string> {
  const used = new Set(taken)
  const columns = new Map<string, string>()
  for (const field of fields) {
    const column = columnOf(field, taken)
    if (columns.size === room) break
    if (used.has(column.toLowerCase()) || !isPlain(column)) continue
    used.add(column.toLowerCase())
    columns.set(field, column)
  }
  return new Map([...columns].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const isPlain = (name: string) => name === name.trim() && name.length <= LIMITS.dataKeyLength && !/\p{Cc}/u.test(name)

/** The field of `data` that a column holds which `columnOf` named. */
export const fieldOf = (column: string): string => (column.startsWith(OWN) ? column.slice(OWN.length) : column)

/** The names of the columns that a row has by itself, as they are compared. */
export const namesOf = (row: z.ZodObject): ReadonlySet<string> =>
  new Set(Object.keys(row.shape).map((name) => name.toLowerCase()))
