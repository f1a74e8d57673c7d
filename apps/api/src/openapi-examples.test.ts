import { isQuery, operationList, type NamedOperation } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { inputOf } from '../test/inputs.ts'
import { inHours, seedProject, type Rows, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { fileFor } from '../test/transports.ts'

interface Described {
  operationId: string
  parameters?: { in: string; name: string; example?: unknown }[]
  requestBody?: { content: Record<string, { example?: string | Record<string, unknown> }> }
}

let api: TestApi
/** For all that changes nothing. */
let read: SeededProject
/** The operations of the document as it is served, by their names. */
let described: Map<string, Described>

beforeAll(async () => {
  api = await startTestApi()
  read = await seedProject(api)
  const { body } = await call(`GET ${api.url}/v1/openapi.json`)
  const operations = Object.values(body.paths as Record<string, Record<string, Described>>).flatMap(Object.values)
  described = new Map(operations.map((operation) => [operation.operationId, operation]))
})

afterAll(() => api.stop())

const HAS_ID = /[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/

/** An example names ids that nobody has, and times that are over; a reader would put in their own. */
function asReader(operation: NamedOperation, [field, value]: [string, unknown], rows: Rows): [string, unknown] {
  if (field === 'scheduledAt') return [field, inHours(48)]
  return [field, HAS_ID.test(JSON.stringify(value)) ? inputOf(operation, rows)[field] : value]
}

/** What somebody would send who copied the example. */
function requestOf(operation: NamedOperation, rows: Rows) {
  const { parameters = [], requestBody } = described.get(operation.name)!
  const shown = (place: string) =>
    parameters
      .filter((one) => one.in === place && one.example !== undefined)
      .map(({ name, example }) => asReader(operation, [name, example], rows))
  const inPath = Object.fromEntries(shown('path'))
  const path = operation.rest.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(inPath[name])),
  )
  const search = new URLSearchParams(shown('query').map(([name, value]): [string, string] => [name, String(value)]))
  const to = `${operation.rest.method} ${api.url}${path}?${search.toString()}`
  const [type, example] = Object.entries(requestBody?.content ?? {})
    .map(([name, content]) => [name, content.example] as const)
    .find(([, found]) => found !== undefined) ?? ['']
  if (typeof example === 'string') return { to, body: Buffer.from(example), headers: { 'Content-Type': type } }
  if (example === undefined) return { to }
  return { to, body: Object.fromEntries(Object.entries(example).map((entry) => asReader(operation, entry, rows))) }
}

test.each(operationList)('the example of $name does what it shows', async (operation) => {
  const { rows, fullKey: key } = isQuery(operation) ? read : await seedProject(api)
  const { to, ...shown } = requestOf(operation, rows)
  // A picture cannot be shown as text.
  const picture = operation.name === 'images.upload' ? fileFor(operation) : undefined
  const sent = picture === undefined ? shown : { body: picture.body, headers: { 'Content-Type': picture.sentAs } }
  const answer = await call(to, { key, ...sent })
  expect(answer).toMatchObject({ status: operation.rest.status ?? 200 })
})
