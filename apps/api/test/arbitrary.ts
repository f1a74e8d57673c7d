import fc from 'fast-check'
import { z } from 'zod'

type Schema = z.core.JSONSchema.JSONSchema
type Definitions = Record<string, Schema>

const made = new WeakMap<z.ZodObject, fc.Arbitrary<Record<string, unknown>>>()

/** Inputs as the contract of an operation describes them on the wire. What only its code checks may be wrong in them. */
export function inputsOf(input: z.ZodObject): fc.Arbitrary<Record<string, unknown>> {
  const before = made.get(input)
  if (before !== undefined) return before
  const { $defs = {}, ...schema } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
  // Safe because the schema is that of an object.
  const inputs = valuesOf(schema, $defs) as fc.Arbitrary<Record<string, unknown>>
  made.set(input, inputs)
  return inputs
}

const MOST_ITEMS = 3
const MOST_OPTIONAL = 4

function valuesOf(schema: Schema, defs: Definitions): fc.Arbitrary<unknown> {
  const { $ref, type, examples = [] } = schema
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? ''
    // Safe because it refers to one of these.
    return name === 'Json' ? fc.jsonValue({ maxDepth: 2 }) : valuesOf(defs[name] as Schema, defs)
  }
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Schema[] // Safe because zod prints no booleans there.
  if (alternatives.length > 0) return fc.oneof(...alternatives.map((one) => valuesOf(one, defs)))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const shown = examples.map((example) => fc.constant(example))
  if (type === 'string') return fc.oneof(textOf(schema), ...shown)
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'integer' || type === 'number') return numberOf(schema)
  if (type === 'array') return listOf(schema, defs)
  if (type === 'object') return objectOf(schema, defs)
  return fc.jsonValue({ maxDepth: 2 })
}

function numberOf({ type, minimum, maximum }: Schema): fc.Arbitrary<number> {
  const [min, max] = [minimum ?? -1e9, maximum ?? 1e9]
  if (type === 'integer') return fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
  return fc.double({ min, max, noNaN: true })
}

function textOf({ format, pattern, minLength = 0, maxLength = 1_000 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  if (format === 'date-time') {
    const date = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    return fc.oneof(
      date.map((date) => date.toISOString()),
      fc.integer({ min: -1_000, max: 400_000 }).map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString()),
    )
  }
  if (format === 'date') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(-24, -14))
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u')).map((text) => text.slice(0, maxLength))
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) }
  const long = { minLength: maxLength, maxLength }
  return fc.oneof(
    { weight: 6, arbitrary: fc.string({ ...length, unit: 'grapheme' }) },
    { weight: 3, arbitrary: fc.string({ ...length, unit: 'binary' }) },
    { weight: 2, arbitrary: fc.emailAddress().filter((address) => address.length <= maxLength) },
    ...(maxLength <= 300 ? [{ weight: 1, arbitrary: fc.string(long) }] : []),
  )
}

function listOf({ items, minItems = 0, maxItems = MOST_ITEMS }: Schema, defs: Definitions): fc.Arbitrary<unknown[]> {
  const item = typeof items === 'object' && !Array.isArray(items) ? valuesOf(items, defs) : fc.jsonValue()
  return fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, MOST_ITEMS)) })
}

function objectOf({ properties = {}, required = [], additionalProperties, propertyNames }: Schema, defs: Definitions) {
  const fields = Object.entries(properties).map(([name, field]) => [name, valuesOf(field as Schema, defs)] as const) // Safe because zod prints no booleans there.
  if (fields.length === 0 && typeof additionalProperties === 'object') {
    const names = typeof propertyNames === 'object' ? valuesOf({ type: 'string', ...propertyNames }, defs) : fc.string()
    // Safe because the names of an object are texts.
    return fc.dictionary(names as fc.Arbitrary<string>, valuesOf(additionalProperties, defs), { maxKeys: MOST_ITEMS })
  }
  const optional = fields.filter(([name]) => !required.includes(name))
  // With all of them at once, hardly anything would be right.
  return fc
    .subarray(optional, { maxLength: Math.min(optional.length, MOST_OPTIONAL) })
    .chain((some) => fc.record(Object.fromEntries([...fields.filter(([name]) => required.includes(name)), ...some])))
}

/** Names that have broken somebody's database, or were cut in the middle of a sign. */
export const STRANGE_NAMES = ['a\0b', 'a\ud800b', '\udc00\ud800', `${'x'.repeat(63)}🦉`, '__proto__', '', ' ']

/** The input with such a name in one of the objects that it is made of. */
export function withName(input: Record<string, unknown>, place: number, name: string): Record<string, unknown> {
  const copy = structuredClone(input)
  const objects = objectsIn(copy)
  Object.defineProperty(objects[place % objects.length], name, { value: 1, enumerable: true })
  return copy
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inside : [value, ...inside]
}
