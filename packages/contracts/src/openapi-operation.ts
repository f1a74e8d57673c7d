import type { Taken } from './define.ts'
import { mediaTypeOf, type FileFormat } from './downloads.ts'
import { LIMITS } from './limits.ts'
import { EXAMPLE_ID, EXAMPLES, type ExampleFile } from './openapi-examples.ts'
import { takesIdempotencyKey, type OperationName } from './openapi-refusals.ts'
import { headers, jsonContent, refusals } from './openapi-responses.ts'
import { REFERENCE, type JsonSchema, type WireSchemas } from './openapi-schemas.ts'
import { asksByQuery, isQuery, type NamedOperation } from './operations.ts'
import { GRANTABLE_SCOPES, KEY_KINDS, KEY_SCOPES } from './scopes.ts'

/** One operation of the table as an operation object of OpenAPI. */
export function describeOperation(operation: NamedOperation, schemas: WireSchemas): object {
  const { path, rest } = schemas.request(operation)
  const example = EXAMPLES[operation.name as OperationName] // Safe because names are made of the same table.
  const request: Record<string, unknown> = { ...example?.request }
  const parameters = [
    ...path.map(([name, schema]) =>
      parameter({ in: 'path', name, required: true, example: request[name] ?? idFor(schema), schema }),
    ),
    ...(asksByQuery(operation) && rest !== undefined ? queryParameters(rest.schema, request) : []),
    ...(takesIdempotencyKey(operation) ? [IDEMPOTENCY_KEY] : []),
  ]
  return {
    operationId: operation.name,
    tags: [operation.noun],
    summary: operation.summary,
    description: describe(operation),
    'x-scope': operation.scope,
    'x-key-kinds': kindsOf(operation),
    ...(asksByQuery(operation) &&
      rest !== undefined && { 'x-query': { name: rest.name, description: rest.schema.description } }),
    ...(operation.answers !== undefined && { 'x-row': schemas.answer(operation) }),
    ...(parameters.length > 0 && { parameters }),
    ...(operation.takes !== undefined && { requestBody: rawBody(operation.takes, example?.file) }),
    ...(!asksByQuery(operation) &&
      rest !== undefined && { requestBody: requestBody(operation, rest, inBody(rest.schema, request)) }),
    responses: {
      [operation.rest.status ?? 200]: {
        description: 'Done.',
        headers: headers(
          'X-Request-ID',
          ...(takesIdempotencyKey(operation) ? (['Idempotency-Replayed'] as const) : []),
        ),
        ...(operation.rest.status !== 204 && {
          content:
            operation.answers === undefined
              ? jsonContent(...answer(operation, { name: schemas.answer(operation), example: example?.answer }))
              : fileContent(operation.answers, schemas.answer(operation)),
        }),
      },
      ...refusals(operation),
    },
  }
}

const IDEMPOTENCY_KEY = {
  in: 'header',
  name: 'Idempotency-Key',
  description: `Any text of your own, such as a UUID. For ${LIMITS.idempotencyHours} hours the same call with the same key is answered as it was the first time, and not done again.`,
  schema: { type: 'string', minLength: 1, maxLength: LIMITS.idempotencyKeyLength, pattern: '^[\\x20-\\x7e]+$' },
}

const kindsOf = ({ scope }: NamedOperation) => KEY_KINDS.filter((kind) => GRANTABLE_SCOPES[kind].includes(scope))

function describe(operation: NamedOperation): string {
  const { description, scope, takes, bodyLimitBytes } = operation
  const hold = KEY_KINDS.some((kind) => KEY_SCOPES[kind].includes(scope))
  const keys = `Takes a ${kindsOf(operation).join(' or ')} key with the scope \`${scope}\`${hold ? '' : ', which no key holds unless it was given'}.`
  const limit = `Reads a body of at most ${(takes?.maxBytes ?? bodyLimitBytes ?? LIMITS.requestBytes).toLocaleString('en')} bytes.`
  return [description, keys, ...(isQuery(operation) ? [] : [limit])].filter(Boolean).join('\n\n')
}

/** An id where one is taken; what a path says otherwise has an example of its own. */
const idFor = (schema: JsonSchema) => (JSON.stringify(schema).includes('"format":"uuid"') ? EXAMPLE_ID : undefined)

interface Parameter {
  in: string
  name: string
  required: boolean
  schema: JsonSchema
  example: unknown
}

function parameter({ schema, example, ...where }: Parameter): object {
  const { description, ...rest } = schema
  return {
    ...where,
    ...(description !== undefined && { description }),
    schema: rest,
    ...(example !== undefined && { example }),
  }
}

const queryParameters = ({ properties = {}, required = [] }: JsonSchema, request: Record<string, unknown>) =>
  Object.entries(properties).map(([name, schema]) =>
    parameter({
      in: 'query',
      name,
      required: required.includes(name),
      schema: schema as JsonSchema, // Safe because `true` is never printed for a field of a query.
      example: request[name],
    }),
  )

/** What of an example is not said by the path; undefined where that is nothing. */
function inBody({ properties = {} }: JsonSchema, request: Record<string, unknown>): object | undefined {
  const fields = Object.entries(request).filter(([name]) => name in properties)
  return fields.length === 0 ? undefined : Object.fromEntries(fields)
}

const requestBody = (
  operation: NamedOperation,
  { name, schema }: { name: string; schema: JsonSchema },
  example: object | undefined,
) => ({
  required: (schema.required ?? []).length > 0,
  content: {
    ...jsonContent({ $ref: REFERENCE + name }, example),
    ...(kindsOf(operation).includes('public') && beacon(name, example)),
  },
})

/** What `navigator.sendBeacon` can carry, which sends no headers. */
const beacon = (name: string, example: object | undefined) => ({
  'text/plain': {
    schema: {
      type: 'string',
      contentMediaType: 'application/json',
      description: `For \`navigator.sendBeacon\`, without an Authorization header: \`${name}\` as JSON, with the public key as \`key\` in it.`,
      examples: [JSON.stringify({ key: 'pk_ph_…', ...example })],
    },
  },
})

/** A file in one of its formats, with what a row of it is. */
const fileContent = (formats: readonly FileFormat[], row: string) =>
  Object.fromEntries(
    formats.map((format) => [
      mediaTypeOf(format),
      {
        schema:
          format === 'json'
            ? { type: 'array', items: { $ref: REFERENCE + row } }
            : { type: 'string', description: `Each row is one \`${row}\`.` },
      },
    ]),
  )

/** A body that is taken as it comes, or as the file of a form. */
const rawBody = ({ types }: Taken, example?: ExampleFile) => ({
  required: true,
  content: Object.fromEntries([
    ...types.map((type) => [
      type,
      { schema: { type: 'string', format: 'binary' }, ...(example?.type === type && { example: example.text }) },
    ]),
    [
      'multipart/form-data',
      {
        schema: {
          type: 'object',
          properties: { file: { type: 'string', format: 'binary' } },
          required: ['file'],
        },
      },
    ],
  ]),
})

function answer(
  { envelope }: NamedOperation,
  { name, example }: { name: string; example: object | undefined },
): [schema: object, example?: object] {
  const output = { $ref: REFERENCE + name }
  if (envelope === undefined) return [output, example]
  const wrapped = {
    type: 'object',
    description: 'The same fields stand under `data` and at the top, for both generations of Plunk’s clients.',
    properties: { success: { type: 'boolean', const: true }, data: output },
    required: ['success', 'data'],
  }
  return [{ allOf: [output, wrapped] }, example && { success: true, data: example, ...example }]
}
