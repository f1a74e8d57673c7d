import { openApiDocument } from '@posthorn/contracts/openapi'

/** The part of JSON Schema that the document uses. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  const?: unknown
  enum?: unknown[]
  format?: string
  default?: string | number | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
}

interface Parameter {
  in: 'path' | 'query' | 'header'
  name: string
  required?: boolean
  description?: string
  schema: Schema
}

interface Media {
  content: { 'application/json'?: { schema: Schema } }
}

interface OperationObject {
  operationId: string
  summary: string
  description: string
  parameters?: Parameter[]
  requestBody?: Media & { required: boolean }
  /** Without content where nothing is answered. */
  responses: Record<string, Partial<Media>>
  'x-query'?: { name: string; description: string }
  /** The name of what a row of the answer is, where that is a file. */
  'x-row'?: string
}

interface Document {
  info: { version: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, OperationObject>>
  components: { schemas: Record<string, Schema> }
}

/** One method of the SDK. */
export interface Method {
  verb: string
  http: string
  path: string
  words: string[]
  pathFields: { name: string; description?: string }[]
  input: { name: string; kind: 'query' | 'body'; required: boolean } | undefined
  /** Undefined where nothing is answered. */
  answer: string | undefined
  /** The body is a file, as it is. */
  takesFile: boolean
  /** What a row of the answer is, where that is a file. */
  row: string | undefined
  /** The answer is one page of a list. */
  isPaged: boolean
  takesKey: boolean
  isWrapped: boolean
}

export interface Noun {
  name: string
  words: string
  methods: Method[]
}

export interface Api {
  version: string
  nouns: Noun[]
  /** By name: what the document declares, and one for each query. */
  schemas: Record<string, Schema>
}

export const nameOf = (reference: string) => reference.split('/').at(-1)!

/** The API as the SDK sees it. */
export function readDocument(): Api {
  const document = openApiDocument() as Document // Safe because its tests hold it against the specification.
  const schemas = { ...document.components.schemas }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([http, operation]) => ({ path, http: http.toUpperCase(), ...operation })),
  )
  for (const operation of operations) {
    const query = operation['x-query']
    if (query !== undefined) schemas[query.name] = querySchema(query.description, operation.parameters ?? [])
  }
  const nouns = document.tags
    .filter(({ name }) => name !== 'server')
    .map(({ name, description }) => ({
      name,
      words: description,
      methods: operations
        .filter(({ operationId }) => operationId.startsWith(`${name}.`))
        .map((operation) => readMethod(operation, schemas)),
    }))
  return { version: document.info.version, nouns, schemas }
}

function querySchema(description: string, parameters: Parameter[]): Schema {
  const fields = parameters.filter((parameter) => parameter.in === 'query')
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(fields.map(({ name, schema, description }) => [name, { ...schema, description }])),
    required: fields.filter(({ required }) => required).map(({ name }) => name),
  }
}

function readMethod(
  operation: OperationObject & { path: string; http: string },
  schemas: Record<string, Schema>,
): Method {
  const { operationId, parameters = [], requestBody, responses, summary, description } = operation
  const success = responses[Object.keys(responses).find((status) => status.startsWith('2'))!]!
  const row = operation['x-row']
  const schema = row === undefined ? success.content?.['application/json']?.schema : undefined
  const answer = schema && nameOf((schema.allOf?.[0] ?? schema).$ref!)
  const query = operation['x-query']?.name
  const json = requestBody?.content['application/json']
  const body = json && nameOf(json.schema.$ref!)
  const input = query ?? body
  const fieldsOf = (name: string) => Object.keys(schemas[name]?.properties ?? {})
  return {
    verb: operationId.split('.')[1]!,
    http: operation.http,
    path: operation.path,
    words: [`${summary}.`, ...description.split('\n\n').filter((words) => !words.startsWith('Reads a body'))],
    pathFields: parameters.filter((parameter) => parameter.in === 'path'),
    input:
      input === undefined
        ? undefined
        : { name: input, kind: query ? 'query' : 'body', required: (schemas[input]?.required ?? []).length > 0 },
    answer,
    takesFile: requestBody !== undefined && json === undefined,
    row,
    isPaged:
      query !== undefined &&
      answer !== undefined &&
      fieldsOf(query).includes('cursor') &&
      fieldsOf(answer).includes('hasMore'),
    takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
    isWrapped: schema?.allOf !== undefined,
  }
}
