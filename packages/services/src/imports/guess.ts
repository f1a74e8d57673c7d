import { LIMITS, parseAddress } from '@posthorn/contracts'
import type { ColumnType } from '@posthorn/contracts/imports'
import type { StoredImportColumn } from '@posthorn/db/tables/imports'
import { restore } from '../csv.ts'
import { fieldOf } from '../exports/columns.ts'
import { READ } from './cells.ts'
import { consentColumn, maybeConsent, topicsColumn } from './consent-cells.ts'
import { faultOfName } from './field-names.ts'
import { DAMAGED } from './text.ts'

const SAMPLES = 5
const SAMPLE_LENGTH = 100
/** Of the cells of a column so many have to be addresses for it to be taken for the one that has them. */
const LIKELY = 0.3
/** What an export has of each contact, and no import can set. */
const OF_THE_CONTACT = new Set(['id', 'createdat', 'updatedat'])

const isAddress = (cell: string) => cell.length <= LIMITS.mailboxTextLength && parseAddress(restore(cell)).ok

/** Whether a first row names the columns. */
export const isHeader = (cells: readonly string[]): boolean => !cells.some(isAddress)

/** The names of columns, each once: `Column 3` where there is none, `Name 2` for the second of a name. */
export function namesOf(cells: readonly string[], hasHeader: boolean): string[] {
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const named = hasHeader
      ? restore(cell.replaceAll(/\p{Cc}/gu, ' ').trim())
          .slice(0, LIMITS.importColumnLength - 5)
          .toWellFormed()
      : ''
    const wanted = named === '' ? `Column ${index + 1}` : named
    let name = wanted
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${wanted} ${count}`
    taken.add(name.toLowerCase())
    return name
  })
}

/** What each column seems to be, by its name and by what stands in the first rows. */
export function columnsOf(names: readonly string[], rows: readonly (readonly string[])[]): StoredImportColumn[] {
  const cellsOf = (index: number) => rows.map((row) => row[index] ?? '').filter((cell) => cell.trim() !== '')
  const isExport = looksExported(names)
  const address = addressColumn(names, cellsOf)
  return names.map((column, index) => {
    const cells = cellsOf(index)
    const samples = rows.slice(0, SAMPLES).map((row) => sampleOf(row[index] ?? ''))
    if (index === address) return { name: column, samples, suggestion: { column, to: 'email' }, unsure: false }
    if (isExport) return { name: column, samples, suggestion: exported(column), unsure: false }
    return { name: column, samples, suggestion: found(column, cells), unsure: maybeConsent(column, cells) }
  })
}

/** What people are shown; the database has no NUL, and a cut can go through a letter. */
const sampleOf = (cell: string) =>
  cell.slice(0, SAMPLE_LENGTH).toWellFormed().replaceAll('\0', '').replaceAll(DAMAGED, '\ufffd')

/** Whether the names are those that an export has. */
export const looksExported = (names: readonly string[]) =>
  names.some((name) => name === 'optedOutAt' || name === 'data') && names.includes('createdAt')

function addressColumn(names: readonly string[], cellsOf: (index: number) => string[]): number | undefined {
  const share = (index: number) => {
    const cells = cellsOf(index)
    return cells.length === 0 ? 0 : cells.filter(isAddress).length / cells.length
  }
  const indices = [...names.keys()]
  const named = indices.find((index) => /^e-?mail(?:[ _-]?(?:address|adresse))?$/i.test(names[index]!))
  if (named !== undefined) return named
  const likely = indices.filter((index) => share(index) > LIKELY)
  return likely.toSorted((a, b) => share(b) - share(a) || a - b)[0]
}

function exported(column: string): StoredImportColumn['suggestion'] {
  if (OF_THE_CONTACT.has(column.toLowerCase())) return { column, to: 'ignore' }
  if (column === 'subscribed' || column === 'optedOutAt' || column === 'topics' || column === 'data') {
    return { column, to: column }
  }
  return { column, to: 'field', field: fieldOf(column), type: column === 'locale' ? 'string' : 'any' }
}

function found(column: string, cells: readonly string[]): StoredImportColumn['suggestion'] {
  const consent = consentColumn(column, cells)
  if (consent !== undefined) return { column, to: consent }
  if (topicsColumn(column, cells)) return { column, to: 'topics' }
  const type = column === 'locale' ? 'string' : typeOf(cells)
  const field = column.slice(0, LIMITS.dataKeyLength).toWellFormed()
  // Such as `id`: contacts have their own.
  if (field.toLowerCase() === 'id' || faultOfName(field) !== undefined) return { column, to: 'ignore' }
  return { column, to: 'field', field, type }
}

function typeOf(cells: readonly string[]): ColumnType {
  if (cells.length === 0) return 'string'
  const all = (type: ColumnType) => cells.every((cell) => 'value' in READ[type](cell))
  // A sign in front, and what is longer than numbers are, belong to codes and telephone numbers, as zeros in front do.
  if (all('number') && !cells.some((cell) => /^\+|\d{12}/.test(cell.trim()))) return 'number'
  if (cells.every((cell) => /^(?:true|false|yes|no)$/i.test(cell.trim()))) return 'boolean'
  if (all('date')) return 'date'
  if (cells.every((cell) => cell.trim().startsWith('[')) && all('list')) return 'list'
  return 'string'
}
