import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { exchange, openRaw } from '../test/raw-http.ts'
import { trpcRefusalOf } from '../test/refusal.ts'
import { seedProject, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let project: SeededProject

beforeAll(async () => {
  api = await startTestApi()
  project = await seedProject(api)
})

afterAll(() => api.stop())

test('what is not JSON, or not the JSON that tRPC takes, is refused without being quoted', async () => {
  const post = (path: string, body: string) => call(`POST ${api.url}/trpc/${path}`, { key: project.fullKey, body })
  expect(trpcRefusalOf(await post('emails.send', '{"to":secret'))).toBe('INVALID_REQUEST_BODY')
  const query = await call(`GET ${api.url}/trpc/project.get?input=secret`, { key: project.fullKey })
  expect(trpcRefusalOf(query)).toBe('BAD_REQUEST')
  for (const answer of [
    await post('emails.send?batch=1', '[1'),
    await post('emails.send?batch=1', '"text"'),
    await post('emails.send,nothing?batch=1', '{"0":secret'),
  ]) {
    for (const one of answer.body as { error: { data: { httpStatus: number } } }[]) {
      expect(['INVALID_REQUEST_BODY', 'BAD_REQUEST', 'ROUTE_NOT_FOUND']).toContain(
        trpcRefusalOf({ ...answer, status: one.error.data.httpStatus, body: one }),
      )
    }
    expect(answer.text).not.toMatch(/secret|Unexpected/)
  }
  expect(trpcRefusalOf(await post('emails.send,project.get?batch=1', '{}'))).toBe('BAD_REQUEST')
})

test('a request that tRPC cannot even read is refused in the same shape', async () => {
  const lines = ['GET /trpc/project.get HTTP/1.1', 'Host: [', 'Connection: close']
  const answer = await exchange(api.port, [...lines, `Authorization: Bearer ${project.fullKey}`])
  expect(trpcRefusalOf(answer)).toBe('BAD_REQUEST')
  const keyInAddress = await call(`GET ${api.url}/trpc/project.get?token=x`, { key: project.fullKey })
  expect(trpcRefusalOf(keyInAddress)).toBe('MISSING_AUTH')
})

test('a stream of answers names the request in each refusal', async () => {
  const response = await fetch(`${api.url}/trpc/project.get,emails.get,nothing?batch=1&input={}`, {
    headers: {
      Authorization: `Bearer ${project.fullKey}`,
      'trpc-accept': 'application/jsonl',
      'X-Request-ID': 'streamed',
    },
  })
  const said = (await response.text()).matchAll(/"apiCode":"(\w+)"|"requestId":"(\w+)"/g)
  const found = [...said].map(([, code, id]) => code ?? id)
  expect(new Set(found)).toEqual(new Set(['ROUTE_NOT_FOUND', 'VALIDATION_ERROR', 'streamed']))
  expect(found).toHaveLength(4)
  const unbatched = await call(`GET ${api.url}/trpc/project.get?input={}`, {
    key: project.fullKey,
    headers: { 'trpc-accept': 'application/jsonl' },
  })
  expect(trpcRefusalOf(unbatched)).toBe('BAD_REQUEST')
})

test('who has no key learns so before sending the body', async () => {
  for (const [key, status] of [
    ['', 401],
    [project.publicKey, 401],
  ] as const) {
    const connection = await openRaw(api.port)
    const lines = ['POST /trpc/emails.send HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${key}`]
    const head = new Promise<string>((resolve) => void connection.socket.once('data', (text) => resolve(String(text))))
    connection.write(`${[...lines, 'Content-Type: application/json', 'Content-Length: 40000000'].join('\r\n')}\r\n\r\n`)
    expect(await head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    connection.socket.destroy()
  }
})
