import { LIMITS, operations, parseAddress, type Input } from '@posthorn/contracts'
import { topicChoices } from '@posthorn/contracts/topic-choices'
import { splitData, type Data } from '../contacts/merge.ts'
import { restore, valueOf } from '../csv.ts'
import { ApiError } from '../errors.ts'
import type { Choices } from '../topics/choices.ts'
import { parseInput } from '../validation.ts'
import { READ } from './cells.ts'
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
    const choices = choicesOf(plan.topics === null ? '' : restore(cells[plan.topics.at] ?? '').trim())
    if (choices === undefined) {
      return refuse(plan.topics!.column, 'invalid_cell', 'Expected a JSON object such as {"weekly":false}.')
    }
    const word = { ...heard(said, { tellsOptOuts }), topics: choices }

    const patch: Data = {}
    let length = 0
    let isPlain = true
    for (const { at, column, key, type, read } of readers) {
      const cell = cells[at] ?? ''
      if (cell === '' || (type !== 'any' && cell.trim() === '')) continue
      if (cell.includes('\0')) return refuse(column, 'invalid_cell', 'The NUL character is not allowed.')
      const found = read(restore(cell))
      if ('problem' in found) return refuse(column, 'invalid_cell', found.problem)
      if (found.value === undefined) continue
      if (type === 'any' || type === 'list') isPlain &&= typeof found.value === 'number'
      length += cell.length
      patch[key] = found.value
    }
    const others = plan.data && restore(cells[plan.data.at] ?? '').trim()
    if (others) {
      const facts = objectOf(others)
      if (facts === undefined) return refuse(plan.data!.column, 'invalid_cell', 'Expected a JSON object of fields.')
      isPlain = false
      Object.assign(patch, facts)
    }
    if (!isPlain) return checked({ row, email, patch, ...word }, refuse)
    if (bytesOfKeys + length * BYTES_AT_MOST > LIMITS.dataBytes && !isWithin(patch)) {
      return refuse(null, 'data_too_large', `The fields of the row have more than ${LIMITS.dataBytes} bytes as JSON.`)
    }
    return { wish: { row, email, patch, ...word } }
  }
}

/** What can hold anything is held to the schema itself. */
function checked(wish: RowWish, refuse: (column: string | null, code: string, message: string) => ReadRow): ReadRow {
  try {
    // Safe because this is the schema that it is checked against.
    const { data } = parseInput(operations.contacts.upsert, { email: wish.email, data: wish.patch }) as Input<
      'contacts',
      'upsert'
    >
    const { persistent } = splitData(data)
    // In an import nothing deletes: a field that is null was given no value.
    return {
      wish: { ...wish, patch: Object.fromEntries(Object.entries(persistent).filter(([, value]) => value !== null)) },
    }
  } catch (error) {
    const fault = error instanceof ApiError ? error.errors?.[0] : undefined
    if (fault === undefined) throw error
    return refuse(null, 'invalid_data', `${fault.field}: ${fault.message}`)
  }
}

const isWithin = (patch: Data) => Buffer.byteLength(JSON.stringify(patch)) <= LIMITS.dataBytes

/** What stands there as the address, for the report. */
const shown = (given: string) =>
  given === ''
    ? null
    : given.slice(0, LIMITS.emailAddressLength).toWellFormed().replaceAll('\0', '').replaceAll(DAMAGED, '\ufffd')

const NO_CHOICES: Choices = {}

function choicesOf(cell: string): Choices | undefined {
  if (cell === '') return NO_CHOICES
  const parsed = topicChoices.safeParse(valueOf(cell))
  return parsed.success ? parsed.data : undefined
}

function objectOf(text: string): Data | undefined {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : undefined // Safe because JSON makes nothing else.
  } catch {
    return undefined
  }
}
