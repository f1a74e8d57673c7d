import { LIMITS, listsJudgedAlone, type FieldError, type NamedOperation } from '@posthorn/contracts'
import type { z } from 'zod'
import { ApiError } from './errors.ts'
import { unknownFields } from './unknown-fields.ts'

type Issue = z.core.$ZodIssue

const INVALID = 'The request has fields that are missing or wrong.'

/** Stands for an item that is judged for itself and found unfit: what it held is no more than its own refusal. */
class Unfit {
  readonly fault: FieldError
  constructor(fault: FieldError) {
    this.fault = fault
  }
}

/** Checks raw input against an operation: well-formed text first, then the schema, then for fields that it has not. */
export function parseInput(operation: Pick<NamedOperation, 'input' | 'ignores'>, raw: unknown): unknown {
  const { envelope, input = {} } = setApart(raw ?? undefined, listsJudgedAlone(operation.input))
  const unfit = findUnfit(envelope, [], 0)
  if (unfit !== undefined) throw refusal([unfit])
  const parsed = operation.input.safeDecode(input as never) // Safe because decoding checks what it is given.
  const unknown = unknownFields(operation.input, input, operation.ignores)
  if (parsed.success && unknown.length === 0) return parsed.data
  const errors = [...unknown, ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => fieldErrors(issue, [])))]
  throw refusal(errors)
}

const refusal = (errors: readonly FieldError[]) =>
  new ApiError('VALIDATION_ERROR', INVALID, { errors: errors.slice(0, LIMITS.fieldErrorsPerRefusal).map(storable) })

/** It has names from the input in it, and answers and reports that are kept have it in them. */
const storable = ({ field, message, code }: FieldError): FieldError => ({
  field: storableText(field),
  message: storableText(message),
  code,
})

const storableText = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd')

/** Apart from the lists whose items are judged for themselves, what an input is; and it, with what stands for unfit items. */
function setApart(raw: unknown, lists: readonly string[]): { envelope: unknown; input: unknown } {
  if (lists.length === 0 || typeof raw !== 'object' || raw === null) return { envelope: raw, input: raw }
  const fields: [string, unknown][] = Object.entries(raw)
  const isJudged = ([name, value]: [string, unknown]) => lists.includes(name) && Array.isArray(value)
  return {
    envelope: Object.fromEntries(fields.filter((field) => !isJudged(field))),
    input: Object.fromEntries(
      fields.map((field) => (isJudged(field) ? [field[0], (field[1] as unknown[]).map(orUnfit)] : field)),
    ),
  }
}

function orUnfit(item: unknown): unknown {
  const fault = findUnfit(item, [], 0)
  return fault === undefined ? item : new Unfit(fault)
}

const fieldName = (path: readonly PropertyKey[]) => path.map(String).join('.')

/** What cannot be stored as it is: PostgreSQL has no NUL, half a surrogate pair is not text, and no schema keeps `__proto__`. */
function findUnfit(value: unknown, path: PropertyKey[], depth: number): FieldError | undefined {
  if (value instanceof Unfit) return value.fault
  const refuse = (message: string) => ({ field: fieldName(path), message, code: 'custom' })
  if (typeof value === 'string') {
    if (value.includes('\0')) return refuse('The NUL character is not allowed.')
    return value.isWellFormed() ? undefined : refuse('This text is not well-formed Unicode.')
  }
  if (Number.isNaN(value)) return refuse('This number has more digits than a JSON number keeps: send it as a text.')
  if (typeof value === 'number' && !Number.isFinite(value))
    return refuse('This number is too large: send it as a text.')
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= LIMITS.jsonDepth) return refuse(`At most ${LIMITS.jsonDepth} levels of nesting.`)
  for (const [key, inner] of Object.entries(value)) {
    // Schemas of records skip it in silence, and then a value would be lost.
    if (key === '__proto__') return { ...refuse('This name is reserved.'), field: fieldName([...path, key]) }
    const unfit = findUnfit(key, [...path, key], depth) ?? findUnfit(inner, [...path, key], depth + 1)
    if (unfit !== undefined) return unfit
  }
  return undefined
}

/** The branch of a union that came closest is the one whose problems help. */
function closest(branches: readonly Issue[][]): Issue[] {
  const depth = (issues: Issue[]) =>
    Math.max(...issues.map((issue) => issue.path.length + (isOfWrongType(issue) ? 0 : 1)))
  return branches.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best))
}

const isOfWrongType = (issue: Issue): boolean =>
  issue.code === 'invalid_type' || (issue.code === 'invalid_union' && expectedTypes(issue) !== undefined)

const REQUIRED = 'This field is required.'

const isMissing = (issue: Issue): boolean =>
  issue.code === 'invalid_union'
    ? issue.errors.some((branch) => branch.some(isMissing))
    : issue.code === 'invalid_type' && issue.message.endsWith('received undefined')

/** As zod 3 named them, which clients of Plunk know. */
const CODES: Partial<Record<Issue['code'], string>> = {
  invalid_format: 'invalid_string',
  invalid_value: 'invalid_enum_value',
}

function fieldErrors(issue: Issue, prefix: readonly PropertyKey[]): FieldError[] {
  const path = [...prefix, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && issue.message === 'Invalid input') {
    const expected = expectedTypes(issue)
    if (expected !== undefined) {
      const message = isMissing(issue) ? REQUIRED : `Expected ${expected}.`
      return [{ field: fieldName(path), message, code: 'invalid_type' }]
    }
    return closest(issue.errors).flatMap((inner) => fieldErrors(inner, path))
  }
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => fieldErrors({ ...inner, path: [] }, path))
  if (issue.code === 'invalid_type') {
    const message = isMissing(issue)
      ? REQUIRED
      : issue.message.replace('Invalid input: e', 'E').replace('Expected record', 'Expected object')
    return [{ field: fieldName(path), message, code: issue.code }]
  }
  const code = issue.code === 'custom' && typeof issue.params?.['code'] === 'string' ? issue.params['code'] : issue.code
  return [{ field: fieldName(path), message: bounds(issue) ?? issue.message, code: CODES[issue.code] ?? code }]
}

/** Of a bound that has no words of its own, what it is. */
function bounds(issue: Issue): string | undefined {
  if (issue.code === 'too_small' && issue.message.startsWith('Too small'))
    return `At least ${amount(issue.minimum, issue)}.`
  if (issue.code === 'too_big' && issue.message.startsWith('Too big')) return `At most ${amount(issue.maximum, issue)}.`
  return undefined
}

const UNITS: Record<string, readonly [one: string, several: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
}

function amount(bound: number | bigint, { origin }: { origin: string }): string {
  const unit = UNITS[origin]?.[Number(bound) === 1 ? 0 : 1]
  return unit === undefined ? String(bound) : `${bound} ${unit}`
}

/** `a string, an object or an array`, when a union failed because the value was of none of its types. */
function expectedTypes(issue: Issue): string | undefined {
  const types: string[] = []
  const collect = (issues: readonly Issue[]): boolean =>
    issues.every((inner) => {
      if (inner.path.length > 0) return false
      if (inner.code === 'invalid_union') return inner.errors.every((branch) => collect(branch))
      if (inner.code !== 'invalid_type') return false
      types.push(inner.expected)
      return true
    })
  const named = () => types.map((type) => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`)).join(' or ')
  return collect([{ ...issue, path: [] }]) ? named() : undefined
}
