import { normaliseDomain } from '@posthorn/contracts'
import { sql, type RawBuilder } from 'kysely'
import { fieldRefusal } from '../errors.ts'

/** What contacts can be narrowed to. */
export interface ContactFilter {
  /** A part of the address. */
  search?: string | null | undefined
  subscribed?: boolean | null | undefined
  /** Who has this field, and of those who has this value in it. */
  field?: string | null | undefined
  value?: string | null | undefined
}

/** Whether a row of `contacts` fits. Each part is written so that the index of its kind can answer it. */
export function fits(filter: ContactFilter): RawBuilder<boolean> {
  const { search, subscribed, field, value } = filter
  const parts = [
    ...(typeof search === 'string' ? [sql`email like ${patternOf(asStored(search))}`] : []),
    ...(typeof subscribed === 'boolean' ? [sql`subscribed = ${subscribed}`] : []),
    ...(typeof field === 'string' ? [typeof value === 'string' ? hasValue(field, value) : hasField(field)] : []),
  ]
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(parts, sql` and `)}`
}

/** Refuses a value of no field, for which nothing could be looked. */
export function requireField<Filter extends ContactFilter>(filter: Filter): Filter {
  if (typeof filter.value !== 'string' || typeof filter.field === 'string') return filter
  throw fieldRefusal('field', 'Say of which field this is the value.')
}

/** Whether it is about more than consent, of which an index has the very rows. */
export const isSearch = ({ search, field }: ContactFilter): boolean =>
  typeof search === 'string' || typeof field === 'string'

/** Something that an index knows of a contact. */
export interface Mark {
  /** Written so that the index answers it. */
  fits: RawBuilder<boolean>
  /** Whether the index names a row, which is to be looked at then. */
  isNamed: RawBuilder<boolean>
}

/** A part of a filter that an index can answer, by what all that fit have. */
export type IndexedPart = readonly Mark[]

/** What an address has in it must be long enough for the index of its parts. */
export function indexedParts({ search, field, value }: ContactFilter): IndexedPart[] {
  const words = typeof search === 'string' ? wordsOf(asStored(search)).map(asMark) : []
  if (typeof field !== 'string' || typeof value !== 'string') return words.length > 0 ? [words] : []
  const fits = hasValue(field, value)
  return [...(words.length > 0 ? [words] : []), [{ fits, isNamed: fits }]]
}

/** As pg_trgm takes a text apart: word by word, by three signs, of which the edge of a word is one. */
const INDEXED_PART = /[a-z\d]{3}|[^a-z\d][a-z\d]{2}|[a-z\d]{2}[^a-z\d]|[^a-z\d][a-z\d][^a-z\d]/i

/** Its words that the index can tell, with their edges, where there are any. */
function wordsOf(text: string): string[] {
  const words = [...text.matchAll(/[a-z\d]+/gi)]
    .map(({ 0: word, index }) => text.slice(Math.max(0, index - 1), index + word.length + 1))
    .filter((word) => INDEXED_PART.test(word))
  return [...new Set(words)].toSorted((one, other) => other.length - one.length).slice(0, MOST_WORDS)
}

/** Each is looked for in each of the newest contacts; the longest tell the most. */
const MOST_WORDS = 8

/** To the index, whatever ends a word is the same. */
function asMark(word: string): Mark {
  const edges = /[^a-z\d]/gi
  // The letters first: few have them, and to translate an address takes as long as all else about it.
  const hasLetters = sql`email like ${`%${word.toLowerCase().replaceAll(edges, '_')}%`}`
  return {
    fits: sql<boolean>`email like ${patternOf(word)}`,
    isNamed: sql<boolean>`(${hasLetters} and translate(email, '@_+-', '....') like ${patternOf(word.replaceAll(edges, '.'))})`,
  }
}

/** A part of an address with each label of its domain in the form in which it is stored. A part of a label has no such form. */
function asStored(part: string): string {
  const domainAt = part.lastIndexOf('@') + 1
  return (
    part.slice(0, domainAt) + part.slice(domainAt).replaceAll(FOREIGN_LABEL, (label) => labelAsStored(label) ?? label)
  )
}

const FOREIGN_LABEL = /[^.@]*\P{ASCII}[^.@]*/gu

/** Only a domain of several labels is one. */
const labelAsStored = (label: string) => normaliseDomain(`${label}.example`)?.slice(0, -'.example'.length)

/** Addresses are kept in lower case. */
const patternOf = (part: string) => `%${part.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`

/** The field as the API names it: `data.plan` is the same as `plan`, as in a template. */
export const fieldName = (field: string): string => (/^data\../.test(field) ? field.slice('data.'.length) : field)

const hasField = (field: string) => sql`data ? ${fieldName(field)}`

/** The value as text and as what else it can stand for; a path looks into lists by itself. */
function hasValue(field: string, value: string): RawBuilder<boolean> {
  const at = `$.${JSON.stringify(fieldName(field))}`
  const alike = [JSON.stringify(value), ...(OTHER_THAN_TEXT.test(value) ? [value] : [])]
  return sql<boolean>`data @@ ${alike.map((json) => `${at} == ${json}`).join(' || ')}::jsonpath`
}

/** Yes and no, and numbers as JSON writes them. */
const OTHER_THAN_TEXT = /^(?:true|false|-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?)$/
