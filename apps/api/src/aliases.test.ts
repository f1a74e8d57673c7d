import { operationList } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { inputOf } from '../test/inputs.ts'
import { seedProject, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let seeded: SeededProject

beforeAll(async () => {
  api = await startTestApi()
  seeded = await seedProject(api)
})
afterAll(() => api.stop())

const ask = (method: string, path: string, body?: object) =>
  call(`${method} ${api.url}${path}`, { key: seeded.fullKey, ...(body && { body }) })

// What takes a file is asked for with one elsewhere.
const aliases = operationList
  .filter(({ takes }) => takes === undefined)
  .flatMap((operation) =>
    (operation.rest.aliases ?? []).map((alias) => [operation.rest.method, alias, operation] as const),
  )

test.each(aliases)('%s %s does what its operation does', async (method, alias, operation) => {
  const input = inputOf(operation, seeded.rows)
  const path = alias.replaceAll(/\{(\w+)\}/g, (_, field: string) => encodeURIComponent(String(input[field])))
  const { status, body } = await ask(method, path, method === 'GET' ? undefined : input)
  expect(status).toBe(operation.rest.status ?? 200)
  expect(operation.output.safeDecode(body).success).toBe(true)
})

test('browsers of any site may report events at the other address too', async () => {
  const { status, headers } = await call(`OPTIONS ${api.url}/v1/events/track`, {
    headers: { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' },
  })
  expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*'])
})

test.each(['names', 'stats', 'track', 'a/b', 'ü 50%', '{name}'])(
  'an event that is called %j can be looked up and deleted',
  async (name) => {
    await ask('POST', '/v1/track', { event: name, email: 'ada@example.com' })
    const path = `/v1/events/names/${encodeURIComponent(name)}`
    expect((await ask('GET', `${path}/usage`)).body).toMatchObject({ name, count: 1 })
    expect((await ask('DELETE', path)).status).toBe(202)
  },
)
