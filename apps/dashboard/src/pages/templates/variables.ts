import { fitsType } from '@posthorn/contracts/variable-types'
import type { Template } from './kinds.tsx'

type Variable = Template['variables'][number]
type Fallback = NonNullable<Variable['fallback']> | null

/** A declared value as it is typed. */
export interface VariableRow {
  name: string
  type: Variable['type']
  /** Empty: none, so that a send has to bring the value along. */
  fallback: string
}

const WANTED: Record<Variable['type'], string> = {
  string: 'Expected a text.',
  number: 'Expected a number, such as 12.5.',
  boolean: 'Expected true or false.',
  date: 'Expected a date, such as 2026-01-31.',
  list: 'Expected a list as JSON, such as ["a", "b"].',
  object: 'Expected an object as JSON, such as {"a": 1}.',
}

const isText = (type: Variable['type']) => type === 'string' || type === 'date'
/** Only so can an empty text be told from none. */
const QUOTED = /^".*"$/s
const NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u

function typedOf(type: Variable['type'], fallback: Fallback | undefined): string {
  if (fallback === undefined) return ''
  const isPlain = isText(type) && typeof fallback === 'string' && fallback !== '' && !QUOTED.test(fallback)
  return isPlain ? fallback : JSON.stringify(fallback)
}

/** Throws where it cannot be read. */
function fallbackOf({ type, fallback }: VariableRow): Fallback | undefined {
  if (fallback.trim() === '') return undefined
  return isText(type) && !QUOTED.test(fallback) ? fallback : (JSON.parse(fallback) as Fallback) // Safe because it is JSON.
}

export const writeRows = (rows: readonly VariableRow[]): string => (rows.length === 0 ? '' : JSON.stringify(rows))

/** The rows that a form holds. */
export const readRows = (text: string): VariableRow[] => (text === '' ? [] : (JSON.parse(text) as VariableRow[])) // Safe because `writeRows` wrote it.

export const writeVariables = (variables: readonly Variable[]): string =>
  writeRows(variables.map(({ name, type, fallback }) => ({ name, type, fallback: typedOf(type, fallback) })))

/** What the rows of a form declare; undefined while something is wrong with one. */
export function variablesIn(text: string): Variable[] | undefined {
  if (Object.keys(problemsIn(text)).length > 0) return undefined
  return readRows(text).map((row) => {
    const fallback = fallbackOf(row)
    return { name: row.name, type: row.type, ...(fallback !== undefined && { fallback }) }
  })
}

/** What is wrong, by the path of the field. */
export function problemsIn(text: string): Record<string, string> {
  const rows = readRows(text)
  const names = rows.map(({ name }) => name)
  return Object.fromEntries(
    rows.flatMap((row, place) => [
      ...said(`variables.${place}.name`, whyNoName(row.name, names.indexOf(row.name) < place)),
      ...said(`variables.${place}.fallback`, whyNoFallback(row)),
    ]),
  )
}

const said = (path: string, problem: string | undefined): [string, string][] =>
  problem === undefined ? [] : [[path, problem]]

function whyNoName(name: string, isTwice: boolean): string | undefined {
  if (name === '') return 'A value needs a name.'
  if (!NAME.test(name)) return 'Letters, digits, - and _ only, and a letter or _ first.'
  return isTwice ? 'This name is declared above.' : undefined
}

function whyNoFallback(row: VariableRow): string | undefined {
  try {
    const fallback = fallbackOf(row)
    return fallback === undefined || fallback === null || fitsType(row.type, fallback) ? undefined : WANTED[row.type]
  } catch {
    return WANTED[row.type]
  }
}
