import type { WireInput } from '@posthorn/contracts'
import type { Template } from './kinds.tsx'
import { variablesIn, writeVariables } from './variables.ts'
import { orderedJson } from './visual/design.ts'

/** A template as its form has it; what is empty stands for nothing. */
export interface TemplateValues extends Record<string, unknown> {
  name: string
  type: Template['type']
  subject: string
  from: string
  fromName: string
  replyTo: string
  body: string
  /** What the visual editor made the body of, as JSON. */
  design: string
  text: string
  /** Its rows, as JSON. */
  variables: string
}

export const valuesOf = (template: Template): TemplateValues => ({
  name: template.name,
  type: template.type,
  subject: template.subject,
  from: template.from ?? '',
  fromName: template.fromName ?? '',
  replyTo: template.replyTo ?? '',
  body: template.body,
  design: template.design === null ? '' : orderedJson(template.design),
  text: template.text ?? '',
  variables: writeVariables(template.variables),
})

type Changes = Omit<WireInput<'templates', 'update'>, 'id' | 'publish'>

const MAY_BE_NOTHING = new Set(['from', 'fromName', 'replyTo', 'text'])

function wired([field, value]: [string, unknown]): [string, unknown] {
  if (field === 'variables') return [field, variablesIn(String(value))]
  if (field === 'design') return [field, value === '' ? null : JSON.parse(String(value))]
  return [field, value === '' && MAY_BE_NOTHING.has(field) ? null : value]
}

/** Only what was changed, so that what somebody else changes meanwhile stays. Undefined: nothing was. */
export function changesOf(values: TemplateValues, before: TemplateValues): Changes | undefined {
  // A design goes with the body that was made of it, even where that came out the same.
  const isDesigned = values.design !== before.design
  const changed = Object.entries(values).filter(
    ([field, value]) => value !== before[field] || (isDesigned && field === 'body'),
  )
  if (changed.length === 0) return undefined
  return Object.fromEntries(changed.map(wired)) as Changes // Safe because the fields are those of the contract, by name.
}
