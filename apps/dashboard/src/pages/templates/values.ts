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

type Changes = Omit<WireInput<'templates', 'update'>, 'id' | 'ifRevision' | 'publish'>

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

/** The fields that two have changed, each in another way; undefined: there are none. A design counts as the body that was made of it. */
export function clashesIn(mine: TemplateValues, theirs: TemplateValues, before: TemplateValues): Field[] | undefined {
  const ofMine = new Set(changedFields(mine, before))
  const clashes = changedFields(theirs, before).filter((field) => ofMine.has(field) && !isSame(field, mine, theirs))
  return clashes.length === 0 ? undefined : clashes
}

/** What is saved, with what only somebody else has changed as it was before: that is not in the form yet. */
export function baseOf(saved: TemplateValues, { typed, before }: Record<'typed' | 'before', TemplateValues>) {
  const isOthers = (field: string) => typed[field] === before[field]
  return Object.fromEntries(
    Object.entries(saved).map(([field, value]) => [field, isOthers(field) ? before[field] : value]),
  ) as TemplateValues // Safe because it has the same fields.
}

export type Field = 'name' | 'type' | 'subject' | 'from' | 'fromName' | 'replyTo' | 'body' | 'text' | 'variables'

export const isSameIn = (a: TemplateValues, b: TemplateValues): boolean => changedFields(a, b).length === 0

const isSame = (field: Field, a: TemplateValues, b: TemplateValues) =>
  a[field] === b[field] && (field !== 'body' || a.design === b.design)

const changedFields = (after: TemplateValues, before: TemplateValues): Field[] =>
  // Safe because the fields are those of the form, by name.
  (Object.keys(before) as (Field | 'design')[]).filter(
    (field): field is Field => field !== 'design' && !isSame(field, after, before),
  )
