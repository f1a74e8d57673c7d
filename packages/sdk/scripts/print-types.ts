import { nameOf, type Api, type Schema } from './document.ts'

/** Every type that the methods speak of, each once, in the order in which a reader meets them. */
export function printTypes(api: Api): string {
  const { requests, answers } = reachable(api)
  const names = new Set([...requests, ...answers, 'ErrorCode', 'FieldError'])
  return [...names]
    .map((name) => printNamed(name, { api, names, takesDates: requests.has(name) && !answers.has(name) }))
    .join('\n\n')
}

interface Surroundings {
  api: Api
  names: ReadonlySet<string>
  /** What is only ever sent may hold dates: they become ISO strings on the way. */
  takesDates: boolean
}

function reachable({ nouns, schemas }: Api) {
  const methods = nouns.flatMap(({ methods }) => methods)
  const requests = new Set<string>()
  const answers = new Set<string>()
  const visit = (name: string, seen: Set<string>) => {
    if (seen.has(name)) return
    seen.add(name)
    for (const [, reference] of JSON.stringify(schemas[name]).matchAll(/"\$ref":"([^"]+)"/g)) {
      visit(nameOf(reference!), seen)
    }
  }
  for (const { input, answer, row } of methods) {
    if (row !== undefined) visit(row, answers)
    if (input !== undefined) visit(input.name, requests)
    if (answer !== undefined) visit(answer, answers)
  }
  return { requests, answers }
}

function printNamed(name: string, surroundings: Surroundings): string {
  const schema = surroundings.api.schemas[name]!
  const head = comment(wordsOf(schema))
  if (schema.properties === undefined) return `${head}export type ${name} = ${printType(schema, surroundings)}`
  const base = findBase(name, surroundings)
  const inherited = Object.keys(surroundings.api.schemas[base ?? '']?.properties ?? {})
  const own = Object.entries(schema.properties).filter(([field]) => !inherited.includes(field))
  const heritage = base === undefined ? '' : ` extends ${base}`
  return `${head}export interface ${name}${heritage} {\n${printFields(own, schema, surroundings)}\n}`
}

const FEWEST_INHERITED = 3

/** The largest type whose fields this one has all, so that it is said once what they share. */
function findBase(name: string, { api, names }: Surroundings): string | undefined {
  const fields = new Map(fieldTexts(api.schemas[name]!))
  const bases = [...names].filter((other) => {
    const inherited = fieldTexts(api.schemas[other]!)
    if (inherited.length < FEWEST_INHERITED || inherited.length >= fields.size) return false
    return inherited.every(([field, text]) => fields.get(field) === text)
  })
  const size = (base: string) => fieldTexts(api.schemas[base]!).length
  return bases.sort((a, b) => size(b) - size(a))[0]
}

const fieldTexts = ({ properties = {}, required = [] }: Schema) =>
  Object.entries(properties).map(
    ([field, schema]) => [field, `${required.includes(field)} ${JSON.stringify(schema)}`] as const,
  )

function printFields(fields: [string, Schema][], { required = [] }: Schema, surroundings: Surroundings): string {
  return fields
    .map(([name, schema]) => {
      const field = `${name}${required.includes(name) ? '' : '?'}: ${printType(schema, surroundings)}`
      return comment(wordsOf(schema)) + field
    })
    .join('\n')
}

function printType(schema: Schema, surroundings: Surroundings): string {
  const print = (inner: Schema) => printType(inner, surroundings)
  if (schema.$ref !== undefined) return nameOf(schema.$ref)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ')
  const either = schema.anyOf ?? schema.oneOf
  if (either !== undefined) return [...new Set(either.map(print))].join(' | ')
  if (Array.isArray(schema.type)) return schema.type.map((type) => print({ ...schema, type })).join(' | ')
  if (schema.type === 'array') return arrayOf(print(schema.items ?? {}))
  if (schema.type === 'object') return printObject(schema, surroundings)
  if (schema.type === 'integer') return 'number'
  if (schema.format === 'date-time' && surroundings.takesDates) return 'string | Date'
  if (schema.type === undefined) throw new Error(`There is no type for ${JSON.stringify(schema)}.`)
  return schema.type
}

function printObject(schema: Schema, surroundings: Surroundings): string {
  if (schema.properties !== undefined) {
    return `{\n${printFields(Object.entries(schema.properties), schema, surroundings)}\n}`
  }
  if (typeof schema.additionalProperties !== 'object') throw new Error('There is no type for an object without fields.')
  return `{ [name: string]: ${printType(schema.additionalProperties, surroundings)} }`
}

const literal = (value: unknown) => JSON.stringify(value)

const arrayOf = (item: string) => (/^[\w]+$/.test(item) || /^\{[^{}]*\}$/.test(item) ? `${item}[]` : `(${item})[]`)

function wordsOf({ description, default: fallback }: Schema): string {
  const omitted = fallback === undefined ? undefined : `Left out: ${fallback}.`
  return [description, omitted].filter((words) => words !== undefined).join(' ')
}

const WIDTH = 110

/** A doc comment, broken at blanks where it is long. */
export function comment(words: string): string {
  if (words === '') return ''
  if (!words.includes('\n') && words.length <= WIDTH) return `/** ${words} */\n`
  const lines = words.split('\n').flatMap((line) => wrap(line))
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`
}

function wrap(line: string): string[] {
  if (line.length <= WIDTH) return [line]
  const at = line.lastIndexOf(' ', WIDTH)
  return at < 1 ? [line] : [line.slice(0, at), ...wrap(line.slice(at + 1))]
}
