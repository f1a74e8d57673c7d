import { operationList, peopleOperationList } from '@posthorn/contracts'
import { distance } from 'fastest-levenshtein'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ApiError } from './errors.ts'
import { parseInput } from './validation.ts'

type Schema = z.core.JSONSchema.JSONSchema

/** An object somewhere in an input: the names that it has, and an input in which a value stands in its place. */
interface Place {
  names: string[]
  input: (value: object) => object
  path: string
}

/** The objects of an input that have names of their own, found in its JSON Schema. */
function placesIn(input: z.ZodObject): Place[] {
  const root = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })
  const seen = new Set<Schema>()
  const inside = (schema: Schema, wrap: Place['input'], path: string): Place[] => {
    const { $ref, properties = {}, items } = schema
    if ($ref !== undefined) return inside(root.$defs?.[$ref.split('/').at(-1) ?? ''] as Schema, wrap, path) // Safe because it refers to one of these.
    if (seen.has(schema)) return []
    seen.add(schema)
    const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Schema[] // Safe because zod prints no booleans there.
    if (alternatives.some(isFree)) return []
    const names = Object.keys(properties)
    return [
      ...(names.length > 0 && !isFree(schema) ? [{ names, input: wrap, path }] : []),
      ...alternatives.flatMap((one) => inside(one, wrap, path)),
      ...names.flatMap((name) =>
        inside(properties[name] as Schema, (value) => wrap({ [name]: value }), `${path}${name}.`),
      ),
      ...(typeof items === 'object' ? inside(items as Schema, (value) => wrap([value]), `${path}0.`) : []),
    ]
  }
  return inside(root, (value) => value, '')
}

const isFree = ({ $ref, type, additionalProperties, anyOf }: Schema): boolean =>
  ($ref?.endsWith('/Json') ?? false) ||
  (type === 'object' && additionalProperties !== undefined && additionalProperties !== false) ||
  (type === undefined && anyOf === undefined && $ref === undefined)

const typosOf = (name: string) => {
  const middle = Math.floor(name.length / 2)
  const [before, letter, after] = [name.slice(0, middle), name.slice(middle, middle + 1), name.slice(middle + 1)]
  return [
    before + after,
    before + letter + letter + after,
    `${before}ä${after}`,
    `${before}_${letter.toUpperCase()}${after}`,
  ]
}

const operations = [...operationList, ...peopleOperationList].map((operation) => ({ name: operation.name, operation }))

function errorsOf(operation: (typeof operations)[number]['operation'], input: object) {
  try {
    parseInput(operation, input)
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, errors: error.errors ?? [] }
    throw error
  }
  return { code: undefined, errors: [] }
}

test.each(operations)(
  '$name refuses a field that is misspelled, wherever it stands, and says what was meant',
  ({ operation }) => {
    const ignored = 'ignores' in operation ? (operation.ignores ?? []) : []
    for (const { names, input, path } of placesIn(operation.input)) {
      for (const typo of names
        .flatMap(typosOf)
        .filter((typo) => typo !== '' && !names.includes(typo) && !ignored.includes(typo))) {
        const { code, errors } = errorsOf(operation, input({ [typo]: 'a' }))
        expect(code).toBe('VALIDATION_ERROR')
        const error = errors.find(({ field }) => field === path + typo)
        const meant = /^Did you mean `(\w+)`\?$/.exec(error?.message ?? '')?.[1] ?? ''
        expect(names, `${path}${typo}: ${error?.message ?? 'taken'}`).toContain(meant)
        expect(distance(typo.replace('_', '').toLowerCase(), meant.toLowerCase())).toBeLessThan(2)
      }
    }
  },
)

test.each(operations)('$name refuses a field that nobody knows', ({ operation }) => {
  for (const { input, path } of placesIn(operation.input)) {
    const { errors } = errorsOf(operation, input({ zzzzzzzz: 'a' }))
    expect(errors).toContainEqual({
      field: `${path}zzzzzzzz`,
      message: expect.stringMatching(/^There is no such field\./),
      code: 'unrecognized_key',
    })
  }
  const { errors } = errorsOf(operation, { zzzzzzzz: 'a' })
  expect(errors.map(({ field }) => field)).toContain('zzzzzzzz')
})

test.each(operations)('$name ignores nothing that it knows', ({ operation }) => {
  const ignored = 'ignores' in operation ? (operation.ignores ?? []) : []
  expect(ignored.filter((name) => name in operation.input.shape)).toEqual([])
  expect(errorsOf(operation, Object.fromEntries(ignored.map((name) => [name, 'a']))).errors).not.toContainEqual(
    expect.objectContaining({ code: 'unrecognized_key' }),
  )
})

test('schemas that hold themselves are read once', () => {
  const Node = z.object({
    name: z.string(),
    get children() {
      return z.array(Node).optional()
    },
  })
  const operation = { input: z.object({ root: Node }) }
  expect(() => parseInput(operation, { root: { name: 'a', children: [{ name: 'b', nmae: 'c' }] } })).toThrow(
    expect.objectContaining({ errors: [expect.objectContaining({ field: 'root.children.0.nmae' })] }),
  )
})
