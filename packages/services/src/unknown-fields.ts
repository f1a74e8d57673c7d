import { LIMITS, type FieldError } from '@posthorn/contracts'
import { distance } from 'fastest-levenshtein'
import { z } from 'zod'

/** One of the forms that a value may have, as far as it has fields or holds what has. */
interface Form {
  takes: 'object' | 'array'
  unknown(value: object, path: string): FieldError[]
}

const NONE: FieldError[] = []

/**
 * The fields that no schema knows, wherever they stand in a value. Ignored in silence, a misspelled `scheduledAt` would
 * send a mail at once. What stands in records is free.
 */
export function unknownFields(schema: z.core.$ZodType, value: unknown, ignored: readonly string[] = []): FieldError[] {
  const found = unknownIn(formsOf(schema), value, '')
  return found.length === 0 ? found : found.filter(({ field }) => !ignored.includes(field))
}

/** Of several forms the one that fits best is meant. */
function unknownIn(forms: readonly Form[], value: unknown, path: string): FieldError[] {
  if (typeof value !== 'object' || value === null) return NONE
  const kind = Array.isArray(value) ? 'array' : 'object'
  let fewest: FieldError[] | undefined
  for (const form of forms) {
    if (form.takes !== kind) continue
    const found = form.unknown(value, path)
    if (fewest === undefined || found.length < fewest.length) fewest = found
    if (found.length === 0) break
  }
  return fewest ?? NONE
}

const known = new WeakMap<z.core.$ZodType, Form[]>()

function formsOf(schema: z.core.$ZodType): Form[] {
  const read = known.get(schema)
  if (read !== undefined) return read
  // Known before it is read, for schemas that hold themselves.
  const forms: Form[] = []
  known.set(schema, forms)
  forms.push(...readForms(schema))
  return forms
}

function readForms(schema: z.core.$ZodType): Form[] {
  if (schema instanceof z.ZodObject) return [objectForm(schema)]
  if (schema instanceof z.ZodArray) return [arrayForm(formsOf(schema.element))]
  if (schema instanceof z.ZodRecord) return [recordForm(formsOf(schema.valueType))]
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(formsOf)
  // What comes over the wire is what goes into a codec.
  if (schema instanceof z.ZodPipe) return formsOf(schema.in)
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    return formsOf(schema.unwrap())
  }
  // Only free-form JSON is defined by itself.
  if (schema instanceof z.ZodLazy || schema instanceof z.ZodUnknown || schema instanceof z.ZodAny) return FREE
  return []
}

const FREE: Form[] = [
  { takes: 'object', unknown: () => NONE },
  { takes: 'array', unknown: () => NONE },
]

function objectForm({ shape, def }: z.ZodObject): Form {
  const fields = new Map(Object.entries(shape).map(([name, field]) => [name, formsOf(field)]))
  const names = [...fields.keys()]
  const takesOthers = def.catchall !== undefined && !(def.catchall instanceof z.ZodNever)
  return {
    takes: 'object',
    unknown(value, path) {
      const found: FieldError[] = []
      for (const [name, field] of Object.entries(value)) {
        const forms = fields.get(name)
        if (forms === undefined && !takesOthers) found.push(refusal(name, { path, names }))
        if (forms !== undefined && forms.length > 0) found.push(...unknownIn(forms, field, `${path}${name}.`))
        if (found.length >= LIMITS.fieldErrorsPerRefusal) break
      }
      return found
    },
  }
}

const arrayForm = (items: Form[]) => holderForm('array', items)
const recordForm = (values: Form[]) => holderForm('object', values)

function holderForm(takes: Form['takes'], held: Form[]): Form {
  return {
    takes,
    unknown(value, path) {
      const found: FieldError[] = []
      if (held.length === 0) return found
      for (const [place, item] of Object.entries(value)) {
        found.push(...unknownIn(held, item, `${path}${place}.`))
        if (found.length >= LIMITS.fieldErrorsPerRefusal) break
      }
      return found
    },
  }
}

/** Longer names are nobody's misspelling of ours, and too long to be said again. */
const LONGEST_NAME = 64

/** More would be a page to read. */
const MOST_NAMES = 24

function refusal(name: string, { path, names }: { path: string; names: readonly string[] }): FieldError {
  const meant = name.length <= LONGEST_NAME ? nearest(name, names) : undefined
  const instead =
    names.length > MOST_NAMES || names.length === 0
      ? ''
      : ` Known here: ${names.map((known) => `\`${known}\``).join(', ')}.`
  return {
    field: path + name.slice(0, LONGEST_NAME),
    message: meant === undefined ? `There is no such field.${instead}` : `Did you mean \`${meant}\`?`,
    code: 'unrecognized_key',
  }
}

const squash = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '')
const lettersOf = (name: string) => Array.from(name).sort().join('')

/** The name that was surely meant: the same but for case, separators, the order of letters, or one letter in three. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const asked = squash(name)
  let best: string | undefined
  let fewest = Math.max(1, Math.floor(asked.length / 3)) + 1
  for (const known of names) {
    const meant = squash(known)
    const edits = asked !== meant && lettersOf(asked) === lettersOf(meant) ? 1 : distance(asked, meant)
    if (edits < fewest) [best, fewest] = [known, edits]
  }
  return best
}
