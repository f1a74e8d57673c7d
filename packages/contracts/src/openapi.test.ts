import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ERRORS } from './errors.ts'
import { EXAMPLES } from './openapi-examples.ts'
import { openApiDocument } from './openapi.ts'
import { operationList } from './operations.ts'

const Json = z.record(z.string(), z.unknown())
const Media = z.object({ schema: Json, example: Json.optional() })
// What takes or answers a file has media types of its own.
const Content = z.object({ 'application/json': Media.optional(), 'text/plain': Media.optional() })
const Described = z.object({
  operationId: z.string(),
  description: z.string().default(''),
  parameters: z
    .array(
      z.object({
        in: z.enum(['path', 'query', 'header']),
        name: z.string(),
        required: z.boolean().optional(),
        schema: Json,
        example: z.unknown().optional(),
      }),
    )
    .default([]),
  requestBody: z.object({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string(), z.object({ content: Content.optional(), headers: Json.optional() })),
})
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Described)),
  components: z.object({ schemas: z.record(z.string(), Json) }),
})

const raw = openApiDocument()
const document = Document.parse(raw)
const described = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  ),
)
const find = ({ rest }: (typeof operationList)[number]) => described.get(`${rest.method} ${rest.path}`)!

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'document', ...raw })
/** Complaints about a value, by a schema that stands in the document. */
function complaints(schema: object, value: unknown): unknown {
  const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object)
  return check(value) ? [] : check.errors
}

test('the document is valid OpenAPI 3.1 by the schema of the specification', async () => {
  expect(await new Validator().validate(structuredClone(raw) as Record<string, unknown>)).toEqual({ valid: true })
})

test.each(operationList)('$name is described at its address', (operation) => {
  const { operationId, parameters, requestBody, responses, description } = find(operation)
  const isQuery = operation.rest.method === 'GET'
  expect(operationId).toBe(operation.name)
  expect(description).toContain(`\`${operation.scope}\``)
  const bodySchema = requestBody?.content['application/json']?.schema['$ref'] as string | undefined
  const inBody =
    bodySchema === undefined ? {} : document.components.schemas[bodySchema.split('/').at(-1)!]?.['properties']
  const fields = [
    ...parameters.filter((one) => one.in !== 'header').map(({ name }) => name),
    ...Object.keys(inBody ?? {}),
  ]
  expect(fields.toSorted()).toEqual(Object.keys(operation.input.shape).toSorted())
  const wrongPlace = isQuery || operation.takes ? bodySchema : parameters.find((one) => one.in === 'query')
  expect(wrongPlace).toBeUndefined()
  expect(parameters.some(({ name }) => name === 'Idempotency-Key')).toBe(
    !isQuery && !operation.secretAnswer && !operation.takes,
  )
  expect(Object.keys(responses)).toEqual(
    expect.arrayContaining([String(operation.rest.status ?? 200), '400', '401', '403', '422', '500', '503']),
  )
})

test('operations and paths have no more than the table and the health of the server', () => {
  const names = [...described.values()].map(({ operationId }) => operationId).filter((id) => !id.startsWith('server.'))
  expect(names.toSorted()).toEqual(operationList.map(({ name }) => name).toSorted())
})

test('every reference leads to something, and every schema is referred to', () => {
  const references = [...JSON.stringify(raw).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer]) => pointer!)
  const lookUp = (pointer: string) =>
    pointer.split('/').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], raw)
  expect(references.filter((pointer) => lookUp(pointer) === undefined)).toEqual([])
  const rows = new Set([...JSON.stringify(raw).matchAll(/"x-row":"(\w+)"/g)].map(([, name]) => name))
  const unused = Object.keys(document.components.schemas).filter(
    (name) => !references.includes(`components/schemas/${name}`) && !rows.has(name),
  )
  expect(unused).toEqual([])
})

test.each(operationList.filter(({ name }) => name in EXAMPLES))(
  'the examples of $name are what they show',
  (operation) => {
    const { parameters, requestBody, responses } = find(operation)
    const bodies = [requestBody?.content, responses[operation.rest.status ?? 200]?.content].map(
      (content) => content?.['application/json'],
    )
    const shown = [...bodies, ...parameters].filter((part) => part?.example !== undefined)
    expect(shown.length).toBeGreaterThan(0)
    for (const body of shown) expect(complaints(body!.schema, body!.example)).toEqual([])
  },
)

test.each(operationList)('$name shows a request for people to start from, which the server takes', (operation) => {
  const { parameters, requestBody } = find(operation)
  const inPlaces = parameters.filter((one) => one.example !== undefined)
  const body = requestBody?.content['application/json']?.example
  const missing = [
    ...parameters.filter((one) => (one.in === 'path' || one.required === true) && one.example === undefined),
    ...(requestBody !== undefined && !operation.takes && body === undefined ? ['the body'] : []),
  ]
  expect(missing, 'Give it an example in openapi-examples.ts').toEqual([])
  const request = { ...Object.fromEntries(inPlaces.map(({ name, example }) => [name, example])), ...body }
  expect(Object.keys(request)).toEqual(
    expect.arrayContaining(Object.keys(EXAMPLES[operation.name as keyof typeof EXAMPLES]?.request ?? {})),
  )
  expect(operation.input.safeDecode(request).error?.issues).toBeUndefined()
})

test('what takes a public key is described as text too, as browsers send it who can add no header', () => {
  const isText = (operation: (typeof operationList)[number]) =>
    !operation.takes && find(operation).requestBody?.content['text/plain'] !== undefined
  expect(operationList.filter(isText).map(({ name }) => name)).toEqual(
    operationList.filter((one) => one.scope === 'events:track' && one.rest.method === 'POST').map(({ name }) => name),
  )
  const { schema } = find(operationList.find(({ name }) => name === 'events.track')!).requestBody!.content[
    'text/plain'
  ]!
  const [shown] = z.tuple([z.string()]).parse(schema['examples'])
  expect(JSON.parse(shown)).toEqual({ key: 'pk_ph_…', ...EXAMPLES['events.track']?.request })
})

test('an answer in both of Plunk’s dialects is promised whole', () => {
  const { responses } = find(operationList.find(({ name }) => name === 'events.track')!)
  const { schema } = responses['200']!.content!['application/json']!
  const receipt = {
    contact: '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11',
    event: '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11',
    timestamp: '2026-01-31T09:30:00.000Z',
  }
  expect(complaints(schema, { success: true, data: receipt, ...receipt })).toEqual([])
  expect(complaints(schema, receipt)).not.toEqual([])
  expect(complaints(schema, { success: true, data: receipt })).not.toEqual([])
})

test('every code of the table of errors is in the document with its meaning', () => {
  const { enum: codes, description } = z
    .object({ enum: z.array(z.string()), description: z.string() })
    .parse(document.components.schemas['ErrorCode'])
  expect(codes).toEqual(Object.keys(ERRORS))
  for (const { meaning } of Object.values(ERRORS)) expect(description).toContain(meaning)
})
