import { LIMITS, operations, parseAddress, type Input } from '@posthorn/contracts'
import { splitData, type Data } from '../contacts/merge.ts'
import { restore } from '../csv.ts'
import { ApiError } from '../errors.ts'
import { readRounded } from '../exact-numbers.ts'
import type { Choices } from '../topics/choices.ts'
import { parseInput } from '../validation.ts'
import { choicesOf, READ, ROUNDED } from './cells.ts'
import { heard, READ_CONSENT, type Word } from './consent-cells.ts'
import type { ImportPlan } from './plan.ts'
import { DAMAGED } from './text.ts'

/** What a row wants a contact to be. */
export interface RowWish {
  row: number
  email: string
  patch: Data
  subscribed: boolean | undefined
  /** Who is not subscribed, and said so themselves, */
  refuses: boolean
  /** and since when, where that is known. */
  refusedAt: string | undefined
  topics: Choices
}

/** A row that is not stored as it stands in the file, and why. */
export interface RowProblem {
  row: number
  outcome: 'refused' | 'skipped' | 'kept-out'
  column: string | null
  email: string | null
  code: string
  message: string
}

export type ReadRow = { wish: RowWish } | { problem: RowProblem }

/** The most bytes that a character of text can come to in JSON. */
const BYTES_AT_MOST = 6

/** Reads rows as a plan says. They are held to the rules of an upsert, without the cost of its schema for each. */
export function rowReader(plan: ImportPlan): (row: number, cells: readonly string[]) => ReadRow {
  const readers = plan.fields.map((field) => ({ ...field, read: READ[field.type] }))
  const tellsOptOuts = plan.consent.some(({ to }) => to === 'optedOutAt')
  const bytesOfKeys = Buffer.byteLength(JSON.stringify(plan.fields.map(({ key }) => key))) + plan.fields.length

  return (row, cells) => {
    const given = restore(cells[plan.email.at] ?? '')
    const refuse = (column: string | null, code: string, message: string): ReadRow => ({
      problem: { row, outcome: 'refused', column, email: shown(given), code, message },
    })
    const damaged = cells.findIndex((cell) => cell.includes(DAMAGED))
    if (damaged !== -1)
      return refuse(
        null,
        'invalid_encoding',
        `Cell ${damaged + 1} of the row is damaged: it has bytes that are not UTF-8.`,
      )
    if (cells.length > plan.width && cells.slice(plan.width).some((cell) => cell.trim() !== '')) {
      const words = `The row has more cells than the ${plan.width} columns of the file: perhaps a cell needs quotes.`
      return refuse(null, 'too_many_cells', words)
    }
    const address = given.length > LIMITS.mailboxTextLength ? undefined : parseAddress(given)
    if (address?.ok !== true) {
      return refuse(plan.email.column, 'invalid_email', address?.problem ?? 'Not an e-mail address: it is too long.')
    }
    const email = address.value

    const said: Word[] = []
    for (const { at, column, to } of plan.consent) {
      const word = (cells[at] ?? '').trim()
      if (word === '') continue
      const read = READ_CONSENT[to](restore(word))
      if ('problem' in read) return refuse(column, 'invalid_cell', read.problem)
      said.push(read.value)
    }
    const chosen = plan.topics === null ? '' : restore(cells[plan.topics.at] ?? '').trim()
    const choices = chosen === '' ? NO_CHOICES : choicesOf(chosen)
    if (choices === undefined) {
      return refuse(plan.topics!.column, 'invalid_cell', 'Expected a JSON object such as {"weekly":false}.')
    }
    const word = { ...heard(said, { tellsOptOuts }), topics: choices }

    let patch: Data = {}
    let length = 0
    let isPlain = true
    for (const { at, column, key, type, read } of readers) {
      const cell = cells[at] ?? ''
      const isExported = type === 'any' || type === 'exportedText'
      if (cell === '' || (!isExported && cell.trim() === '')) continue
      if (cell.includes('\0')) return refuse(column, 'invalid_cell', 'The NUL character is not allowed.')
      const found = read(restore(cell))
      if ('problem' in found) return refuse(column, 'invalid_cell', found.problem)
      if (found.value === undefined) continue
      if (isExported || type === 'list') isPlain &&= typeof found.value === 'number'
      length += cell.length
      patch[key] = found.value
    }
    const others = plan.data && restore(cells[plan.data.at] ?? '').trim()
    if (others) {
      const facts = objectOf(others)
      if (facts === undefined) return refuse(plan.data!.column, 'invalid_cell', 'Expected a JSON object of fields.')
      if (readRounded(others) !== undefined) return refuse(plan.data!.column, 'invalid_cell', ROUNDED)
      isPlain = false
      length += others.length
      // Nothing is assigned, so that `__proto__` is a name, and refused.
      patch = { ...patch, ...facts }
    }
    let portions = [patch]
    if (bytesOfKeys + length * BYTES_AT_MOST > LIMITS.dataBytes || Object.keys(patch).length > LIMITS.dataKeys) {
      const { sizes, bytes } = sizesOf(patch)
      const [large] = sizes.find(([, size]) => size > LIMITS.dataBytes) ?? []
      if (large !== undefined) {
        const column = plan.fields.find(({ key }) => key === large)?.column ?? plan.data?.column ?? null
        const words = `\`${storable(large)}\` has more than ${LIMITS.dataBytes} bytes as JSON; shorten it, or part it into several fields.`
        return refuse(column, 'data_too_large', words)
      }
      if (bytes > LIMITS.contactDataBytes) {
        const words = `The fields of the row have more than ${LIMITS.contactDataBytes} bytes as JSON; leave some out.`
        return refuse(null, 'data_too_large', words)
      }
      portions = portionsOf(patch, sizes)
    }
    const wish = { row, email, patch, ...word }
    return isPlain ? { wish } : checked(wish, portions, refuse)
  }
}

/** What can hold anything is held to the schema itself, in portions that it takes. */
function checked(
  wish: RowWish,
  portions: readonly Data[],
  refuse: (column: string | null, code: string, message: string) => ReadRow,
): ReadRow {
  try {
    const entries = portions.flatMap((portion) => {
      // Safe because this is the schema that it is checked against.
      const { data } = parseInput(operations.contacts.upsert, { email: wish.email, data: portion }) as Input<
        'contacts',
        'upsert'
      >
      return Object.entries(splitData(data).persistent)
    })
    // In an import nothing deletes: a field that is null was given no value.
    return { wish: { ...wish, patch: Object.fromEntries(entries.filter(([, value]) => value !== null)) } }
  } catch (error) {
    const fault = error instanceof ApiError ? error.errors?.[0] : undefined
    if (fault === undefined) throw error
    return refuse(null, 'invalid_data', `${fault.field}: ${fault.message}`)
  }
}

type Size = [key: string, bytes: number]

/** How large each field is by itself as JSON, and all together: each but the first has a comma in place of brackets. */
function sizesOf(patch: Data): { sizes: Size[]; bytes: number } {
  const sizes = Object.entries(patch).map(([key, value]): Size => [
    key,
    Buffer.byteLength(JSON.stringify({ [key]: value })),
  ])
  return { sizes, bytes: sizes.reduce((sum, [, size]) => sum + size - 1, 1) }
}

/** A contact holds more than one request may bring: the fields in as many portions as there would be requests. */
function portionsOf(patch: Data, sizes: readonly Size[]): Data[] {
  const portions: string[][] = []
  let room = 0
  for (const [key, size] of sizes) {
    if (size > room || portions.at(-1)?.length === LIMITS.dataKeys) {
      portions.push([])
      room = LIMITS.dataBytes
    }
    portions.at(-1)!.push(key)
    room -= size
  }
  return portions.map((keys) => Object.fromEntries(keys.map((key) => [key, patch[key]!])))
}

/** What stands there as the address, for the report. */
const shown = (given: string) =>
  given === '' ? null : storable(given.slice(0, LIMITS.emailAddressLength)).replaceAll(DAMAGED, '\ufffd')

const storable = (text: string) => text.toWellFormed().replaceAll('\0', '')

const NO_CHOICES: Choices = {}

function objectOf(text: string): Data | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : undefined // Safe because JSON makes nothing else.
  } catch {
    return undefined
  }
}
