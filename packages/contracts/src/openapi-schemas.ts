import { z } from 'zod'
import { isJudgedAlone } from './judged-alone.ts'
import { asksByQuery, operationList, type NamedOperation } from './operations.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

/** A request of an operation, split as it travels: fields of the path, and the rest as query or body. */
export interface RequestShape {
  path: [name: string, schema: JsonSchema][]
  /** Undefined where the path says it all. */
  rest: { name: string; schema: JsonSchema } | undefined
}

export interface WireSchemas {
  /** Every named schema that goes over the wire, those of requests without the fields of their path. */
  named: Record<string, JsonSchema>
  request: (operation: NamedOperation) => RequestShape
  /** The name of what an operation answers with. */
  answer: (operation: NamedOperation) => string
}

export const REFERENCE = '#/components/schemas/'

const pathFields = (operation: NamedOperation) =>
  [...operation.rest.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)

/** The contracts as JSON Schema (draft 2020-12), seen from the wire. */
export function wireSchemas(): WireSchemas {
  const all = operationList.flatMap(({ name, input, output }) => [
    [`${name} input`, input] as const,
    [`${name} output`, output] as const,
  ])
  // `input` is the wire's side of a codec, in requests and in answers alike.
  const printed = z.toJSONSchema(z.object(Object.fromEntries(all)), { io: 'input', reused: 'inline', override: tidy })
  const named = pointToComponents(printed.$defs ?? {}) as Record<string, JsonSchema> // Safe because only references change.
  const nameOf = (key: string) => {
    const reference = printed.properties?.[key]
    const name = typeof reference === 'object' ? reference.$ref?.split('/').at(-1) : undefined
    if (name === undefined || printed.$defs?.[name] === undefined) throw new Error(`The ${key} needs a .meta({ id }).`)
    return name
  }
  const requests = new Map(operationList.map((operation) => [operation.name, splitRequest(operation, named, nameOf)]))
  for (const operation of operationList) {
    const { rest } = requests.get(operation.name)!
    // A query is spelt out as parameters, and a path says what it needs: neither has a schema of its own.
    if (rest === undefined || asksByQuery(operation)) delete named[nameOf(`${operation.name} input`)]
    else named[rest.name] = rest.schema
  }
  // Where nothing is answered, nothing is described.
  for (const { name, rest } of operationList) if (rest.status === 204) delete named[nameOf(`${name} output`)]
  return {
    named,
    request: (operation) => requests.get(operation.name)!,
    answer: (operation) => nameOf(`${operation.name} output`),
  }
}

function splitRequest(
  operation: NamedOperation,
  named: Record<string, JsonSchema>,
  nameOf: (key: string) => string,
): RequestShape {
  const name = nameOf(`${operation.name} input`)
  const { properties = {}, required = [], ...schema } = named[name]!
  const inPath = pathFields(operation)
  const others = Object.entries(properties).filter(([field]) => !inPath.includes(field))
  const needed = required.filter((field) => !inPath.includes(field))
  return {
    path: inPath.map((field) => [field, properties[field] as JsonSchema]), // Safe because each is a field of the input.
    rest:
      others.length === 0
        ? undefined
        : {
            name,
            schema: {
              ...schema,
              properties: Object.fromEntries(others),
              ...(needed.length > 0 && { required: needed }),
            },
          },
  }
}

// What these promise is clear to every tool, without an expression of three hundred characters beside it.
const KNOWN_FORMATS = new Set(['uuid', 'date-time', 'ipv4', 'ipv6'])
const HOME_MADE_FORMATS = new Set(['cidrv4', 'cidrv6'])

/** Leaves out what goes without saying, and formats that only zod knows. */
function tidy({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  if (isJudgedAlone(zodSchema)) {
    // That it takes anything is for the server to know.
    const item = jsonSchema.anyOf?.[1]
    delete jsonSchema.anyOf
    Object.assign(jsonSchema, item)
  }
  const { format = '', propertyNames } = jsonSchema
  if (KNOWN_FORMATS.has(format)) delete jsonSchema.pattern
  if (HOME_MADE_FORMATS.has(format)) delete jsonSchema.format
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (typeof propertyNames === 'object' && Object.keys(propertyNames).join() === 'type') delete jsonSchema.propertyNames
}

function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', REFERENCE) : pointToComponents(inner),
    ]),
  )
}
