import type { Input, Output } from '@posthorn/contracts'
import { fieldRefusal } from '../errors.ts'
import type { CellType } from './cells.ts'
import type { ConsentColumn } from './consent-cells.ts'
import { faultOfName } from './field-names.ts'
import { looksExported } from './guess.ts'

type Mapping = NonNullable<Input<'imports', 'start'>['columns']>[number]
type Column = Output<'imports', 'get'>['columns'][number]

export interface PlannedField {
  /** Which cell of a row. */
  at: number
  column: string
  key: string
  type: CellType
}

/** Which cell becomes what, as it is stored with the job. */
export interface ImportPlan {
  /** How many columns the file has. */
  width: number
  email: { at: number; column: string }
  /** The columns that say who gets mail. */
  consent: { at: number; column: string; to: ConsentColumn }[]
  /** A JSON object of topics. */
  topics: { at: number; column: string } | null
  /** A JSON object of fields. */
  data: { at: number; column: string } | null
  fields: PlannedField[]
}

/** What to do with each column, or a refusal of what was asked for. */
export function planOf(columns: readonly Column[], asked: readonly Mapping[] | undefined): ImportPlan {
  const places = new Map(columns.map(({ name }, at) => [name, at]))
  const isExport = looksExported(columns.map(({ name }) => name))
  const mappings = asked ?? understood(columns)
  const placed = mappings.map((mapping, index) => {
    const at = places.get(mapping.column)
    if (at === undefined) throw fieldRefusal(`columns.${index}.column`, 'The file has no column of this name.')
    return { ...mapping, at, index }
  })
  requireOnce(placed)
  const only = (to: Mapping['to']) => {
    const found = placed.filter((one) => one.to === to)
    if (found[1] !== undefined) throw fieldRefusal(`columns.${found[1].index}.to`, `One column can be \`${to}\`.`)
    return found[0] === undefined ? null : { at: found[0].at, column: found[0].column }
  }
  const email = only('email')
  if (email === null) {
    throw fieldRefusal('columns', 'Say which column has the addresses: `{"column": "…", "to": "email"}`.')
  }
  for (const to of ['subscribed', 'optedOutAt', 'status'] as const) only(to)
  const consent = placed.flatMap(({ at, column, to }) =>
    to === 'email' || to === 'topics' || to === 'field' || to === 'data' || to === 'ignore' ? [] : [{ at, column, to }],
  )
  const [topics, data] = [only('topics'), only('data')]
  return { width: columns.length, email, consent, topics, data, fields: fieldsOf(placed, isExport) }
}

/** Who refused elsewhere is not subscribed here by a column that nobody looked at. */
function understood(columns: readonly Column[]): Mapping[] {
  const column = columns.find(({ unsure }) => unsure)
  if (column === undefined) return columns.map(({ suggestion }) => suggestion)
  const { name, suggestion } = column
  const words = `The column \`${name}\` seems to say who gets mail, and it is not clear how. Upload the file to /v1/imports, and start it with \`columns\` that say what becomes of it`
  const example = suggestion.to === 'topics' ? ', such as `"to": "topics"`' : ''
  throw fieldRefusal('columns', `${words}${example}.`)
}

interface Placed extends Mapping {
  at: number
  index: number
}

function requireOnce(placed: readonly Placed[]): void {
  const seen = new Set<number>()
  for (const { at, index } of placed) {
    if (seen.has(at)) throw fieldRefusal(`columns.${index}.column`, 'This column is named twice.')
    seen.add(at)
  }
}

function fieldsOf(placed: readonly Placed[], isExport: boolean): PlannedField[] {
  const taken = new Set<string>()
  return placed
    .filter(({ to }) => to === 'field')
    .map(({ at, column, index, field: key = column, type = 'string' }) => {
      const refuse = (message: string) => fieldRefusal(`columns.${index}.field`, message)
      if (taken.has(key)) throw refuse('Two columns cannot become the same field.')
      taken.add(key)
      if (key === 'locale' && type !== 'string') throw refuse('`locale` is text such as `de` or `pt-BR`.')
      const fault = faultOfName(key)
      if (fault !== undefined) throw refuse(fault)
      return { at, column, key, type: key === 'locale' && isExport ? 'exportedText' : type }
    })
}
