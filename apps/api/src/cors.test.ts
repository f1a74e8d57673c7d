import { GRANTABLE_SCOPES, operationList } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let publicKey: string

beforeAll(async () => {
  api = await startTestApi()
  publicKey = (await api.newProject()).publicKey
})

afterAll(() => api.stop())

const ORIGINS = ['https://shop.example', 'http://localhost:5173', 'null']
const isPublic = ({ scope }: (typeof operationList)[number]) => GRANTABLE_SCOPES.public.includes(scope)
const preflight = (path: string, origin: string, asked: string) =>
  call(`OPTIONS ${api.url}${path}`, {
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': asked,
    },
  })

const allowed = (headers: Headers) => [...headers].filter(([name]) => name.startsWith('access-control-'))

test('only reporting an event is open to browsers', () => {
  expect(operationList.filter(isPublic).map(({ name }) => name)).toEqual([
    'events.track',
    'events.trackBatch',
    'events.report',
  ])
})

test.each(ORIGINS)(
  'a browser at %s may report an event, with the headers that tracing and retries need',
  async (origin) => {
    const asked = ['authorization', 'content-type', 'idempotency-key', 'x-request-id', 'traceparent', 'tracestate']
    const { status, headers } = await preflight('/v1/track', origin, asked.join(','))
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-methods')?.split(',')).toEqual(['POST'])
    const granted = headers.get('access-control-allow-headers')?.toLowerCase().split(',')
    expect(granted).toEqual(expect.arrayContaining(asked))
    expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(600)
    expect(headers.get('access-control-allow-credentials')).toBeNull()

    const body = { event: 'signed-up', email: 'ada@example.com' }
    const tracked = await call(`POST ${api.url}/v1/track`, { key: publicKey, body, headers: { Origin: origin } })
    expect(tracked.status).toBe(200)
    expect(tracked.headers.get('access-control-allow-origin')).toBe('*')
    expect(tracked.headers.get('access-control-expose-headers')).toContain('X-Request-ID')
  },
)

test('a browser can read why its event was refused', async () => {
  const headers = { Origin: 'https://shop.example' }
  for (const options of [{ body: {} }, { key: publicKey, body: {} }, { key: publicKey, body: '{' }]) {
    const answer = await call(`POST ${api.url}/v1/track`, { ...options, headers })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  }
})

const closed = [
  ...new Set(operationList.filter((operation) => !isPublic(operation)).map(({ rest }) => rest.path)),
  '/v1/track/more',
  '/v1/nothing',
  '/trpc/events.track',
  '/trpc/emails.send',
  '/v1/openapi.json',
  '/health',
  '/ready',
  '/',
]

test.each(closed)('%s says nothing to a foreign origin', async (path) => {
  for (const origin of ORIGINS) {
    expect(allowed((await preflight(path, origin, 'authorization')).headers)).toEqual([])
    for (const method of ['GET', 'POST']) {
      const { headers } = await call(`${method} ${api.url}${path}`, { key: publicKey, headers: { Origin: origin } })
      expect(allowed(headers)).toEqual([])
    }
  }
})
