import { newId } from '@posthorn/services'
import { operationList, type NamedOperation } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
})

afterAll(() => api.stop())

const PARAMETER = /\{(\w+)\}/g

const pathsOf = ({ rest }: NamedOperation) => [rest.path, ...(rest.aliases ?? [])]

/** What stands in the addresses of operations as it is. */
const WORDS = [
  ...new Set(operationList.flatMap(pathsOf).flatMap((path) => path.split('/').filter((part) => /^[a-z]/.test(part)))),
]

const takes = ({ input }: NamedOperation, field: string, value: string) => {
  const parsed = input.safeDecode({ [field]: value })
  return parsed.success || !parsed.error.issues.some(({ path }) => path[0] === field)
}

/** Where a word can be what is named in an address, such as a field or an event. */
const named = operationList.flatMap((operation) =>
  pathsOf(operation).flatMap((path) =>
    [...path.matchAll(PARAMETER)]
      .map(([, field = '']) => field)
      .filter((field) => WORDS.every((word) => takes(operation, field, word)))
      .map((field) => [`${operation.rest.method} ${path}`, { operation, path, field }] as const),
  ),
)

/** The operation that an address leads to, by the log. */
async function reached(method: string, path: string): Promise<unknown> {
  const requestId = newId()
  await call(`${method} ${api.url}${path}`, { headers: { 'X-Request-ID': requestId } })
  const line = () => api.lines.find((text) => text.includes(requestId))
  await expect.poll(line, { interval: 2 }).toBeDefined()
  return (JSON.parse(line() ?? '') as { operation?: string }).operation
}

test('names stand in addresses', () => {
  expect(named.map(([at]) => at)).toEqual(
    expect.arrayContaining(['DELETE /v1/contacts/fields/{field}', 'DELETE /v1/events/{name}']),
  )
})

test.each(named)('%s is reached whatever the name, also one that stands in other addresses', async (_, at) => {
  const { operation, path, field } = at
  for (const word of WORDS) {
    const address = path.replace(`{${field}}`, word).replaceAll(PARAMETER, newId())
    for (const to of [address, address.replace(/^\/v1/, '')]) {
      expect([to, await reached(operation.rest.method, to)]).toEqual([to, operation.name])
    }
  }
})
