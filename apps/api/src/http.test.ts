import { LIMITS, operationList } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { exchange, openRaw, parseAnswers } from '../test/raw-http.ts'
import { refusalOf, trpcRefusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let key: string

beforeAll(async () => {
  api = await startTestApi({ patience: { headersMs: 300, requestMs: 600 } })
  key = (await api.newProject()).secretKey
})

afterAll(() => api.stop())

const raw = (line: string, ...headers: string[]) =>
  exchange(api.port, [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers])

const paths = [...new Set(operationList.map(({ rest }) => rest.path))]
const isAt = (address: string, path: string) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(address)
/** What can be done at an address, which can be that of several paths. */
const methodsOf = (address: string) =>
  operationList
    .filter(({ rest }) => [rest.path, ...(rest.aliases ?? [])].some((path) => isAt(address, path)))
    .map(({ rest }) => rest.method)
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

test.each(paths)('%s refuses the methods that it has not, and lists those that it has', async (path) => {
  const methods = methodsOf(path)
  for (const method of METHODS.filter((method) => !methods.includes(method))) {
    const answer = await call(`${method} ${api.url}${path}`, { key })
    expect(refusalOf(answer)).toBe('METHOD_NOT_ALLOWED')
    expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(methods))
    expect(answer.headers.get('allow')?.includes(method)).toBe(false)
  }
  const options = await call(`OPTIONS ${api.url}${path}`)
  expect(options.status).toBe(204)
})

test.each(operationList.map(({ name, rest }) => [name, rest] as const))(
  '%s is served without /v1 as well',
  async (_name, { method, path }) => {
    const answer = await call(`${method} ${api.url}${path.replace('/v1', '')}`)
    expect(refusalOf(answer)).toBe('MISSING_AUTH')
    expect((await call(`OPTIONS ${api.url}${path.replace('/v1', '')}`)).status).toBe(204)
  },
)

test.each(['/', '/health', '/ready', '/v1/openapi.json'])('%s is there to be read, and nothing else', async (path) => {
  for (const method of METHODS.filter((method) => method !== 'GET')) {
    const answer = await call(`${method} ${api.url}${path}`)
    expect(refusalOf(answer)).toBe('METHOD_NOT_ALLOWED')
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  }
  const options = await call(`OPTIONS ${api.url}${path}`)
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
})

test('HEAD answers as GET does, without a body', async () => {
  for (const path of [
    '/v1/project',
    '/v1/emails?limit=5',
    '/v1/emails/nothing',
    '/v1/nothing',
    '/health',
    '/ready',
    '/',
    '/v1/openapi.json',
    '/v1/send',
    '/trpc/project.get',
    '/trpc/emails.send',
    '/trpc/nothing',
  ]) {
    const get = await call(`GET ${api.url}${path}`, { key })
    const head = await call(`HEAD ${api.url}${path}`, { key })
    expect(head.text).toBe('')
    expect(head.status).toBe(get.status)
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'))
  }
})

test('TRACE is refused, and echoes nothing', async () => {
  for (const path of ['/v1/project', '/v1/send', '/trpc/project.get', '/health', '/', '/nothing']) {
    const answer = await raw(`TRACE ${path}`, 'X-Echo: secret-in-a-header')
    expect(answer.text).not.toContain('secret-in-a-header')
    const code = path.startsWith('/trpc') ? trpcRefusalOf(answer) : refusalOf(answer)
    expect(code).toBe(path === '/nothing' ? 'ROUTE_NOT_FOUND' : 'METHOD_NOT_ALLOWED')
  }
})

test('methods that nobody knows are refused', async () => {
  for (const method of ['FOO', 'get', 'PROPFIND', 'LINK', 'BREW']) {
    const answer = await raw(`${method} /v1/project`, `Authorization: Bearer ${key}`)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toContain('GET')
    expect(refusalOf(answer)).toBe('METHOD_NOT_ALLOWED')
  }
})

test.each([
  '/nothing',
  '/v1',
  '/v1/',
  '/v1/nothing',
  '/v2/emails',
  '/V1/emails',
  '/v1/Emails',
  '/v1/emails/a/b/c',
  '/v1/project/x',
  '/trpc',
  '/.env',
  '/%ff',
  '/..%2f..%2fetc/passwd',
])('nothing lives at %s', async (path) => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    expect(refusalOf(await call(`${method} ${api.url}${path}`, { key }))).toBe('ROUTE_NOT_FOUND')
  }
})

test.each([
  '/v1/contacts/%ff',
  '/v1/contacts/%c0%ae',
  '/v1/contacts/%',
  '/v1/contacts/%zz',
  '/v1/contacts/%ed%a0%80',
  '/trpc/%ff',
])('a path that is not UTF-8 is refused: %s', async (path) => {
  const answer = await raw(`GET ${path}`, `Authorization: Bearer ${key}`)
  expect(path.startsWith('/trpc') ? trpcRefusalOf(answer) : refusalOf(answer)).toBe('BAD_REQUEST')
})

test.each(['%ff', 'a%c0%ae', '%', '50%', '%zz', '%ed%a0%80'])(
  'a query that is not UTF-8 is refused: %s',
  async (search) => {
    for (const path of ['/v1/contacts', '/contacts', '/v1/contacts/export']) {
      const answer = await raw(`GET ${path}?search=${search}`, `Authorization: Bearer ${key}`)
      expect(refusalOf(answer)).toBe('BAD_REQUEST')
    }
    expect((await call(`GET ${api.url}/v1/contacts?search=%C3%BC+50%25&limit=1`, { key })).status).toBe(200)
  },
)

test('a parameter that is given twice is refused by name', async () => {
  const answer = await call(`GET ${api.url}/v1/emails?limit=1&limit=2`, { key })
  expect(refusalOf(answer)).toBe('VALIDATION_ERROR')
  expect(answer.body.error.errors).toEqual([
    { field: 'limit', message: expect.stringMatching(/more than once/), code: 'custom' },
  ])
})

test('brackets in a query make no objects', async () => {
  for (const query of ['limit[]=1', 'a[__proto__][x]=1', '__proto__[x]=1', 'constructor.prototype.x=1']) {
    const answer = await call(`GET ${api.url}/v1/emails?${query}`, { key })
    expect(refusalOf(answer)).toBe('VALIDATION_ERROR')
    expect(answer.body.error.errors).toEqual([expect.objectContaining({ field: query.slice(0, query.indexOf('=')) })])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  }
})

test('a parameter that only begins like a key is no key', async () => {
  for (const query of ['tag=sk_winter', 'tag=pk_2026', 'tag=token']) {
    expect((await call(`GET ${api.url}/v1/emails?${query}`, { key })).status).toBe(200)
  }
})

test('headers over the limit are refused', async () => {
  const filler = (bytes: number) => `X-Filler: ${'x'.repeat(bytes)}`
  expect((await raw('GET /health', filler(LIMITS.requestHeaderBytes - 1024))).status).toBe(200)
  const answer = await raw('GET /health', filler(LIMITS.requestHeaderBytes))
  expect(answer.status).toBe(431)
  expect(refusalOf(answer)).toBe('HEADERS_TOO_LARGE')
})

test('a client that is slow with its headers is cut off', async () => {
  const connection = await openRaw(api.port)
  connection.write('GET /health HTTP/1.1\r\nHost: local')
  const [answer] = parseAnswers(await connection.readToEnd())
  expect(answer?.status).toBe(408)
  expect(answer && refusalOf(answer)).toBe('REQUEST_TIMEOUT')
})

test('a client that is slow with its body is cut off', async () => {
  const connection = await openRaw(api.port)
  const head = [
    'POST /v1/track HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    'Content-Length: 100',
  ]
  connection.write(`${head.join('\r\n')}\r\n\r\n{"event"`)
  const [answer] = parseAnswers(await connection.readToEnd())
  expect(answer && refusalOf(answer)).toBe('REQUEST_TIMEOUT')
})

test('requests that contradict themselves are refused', async () => {
  const smuggling = [
    ['POST /v1/track HTTP/1.1', 'Host: localhost', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['POST /v1/track HTTP/1.1', 'Host: localhost', 'Content-Length: 5', 'Content-Length: 6'],
    ['POST /v1/track HTTP/1.1', 'Host: localhost', 'Transfer-Encoding: chunked, identity'],
    ['POST /v1/track HTTP/1.1', 'Host: localhost', 'Content-Length: -1'],
    ['GET /health HTTP/1.1', 'Host: localhost', 'X-Bad: a\nInjected: b\r'],
    ['GET /health HTTP/1.1', 'Host: localhost', 'X Bad: a'],
    ['GET /health HTTP/1.1', 'Host: localhost', 'X-Bad: a\0b'],
    ['GET /health HTTP/x.y', 'Host: localhost'],
    ['GET /health HTTP/1.1', 'Connection: close'],
  ]
  for (const lines of smuggling) {
    const answer = await exchange(api.port, lines, '0\r\n\r\n')
    expect(refusalOf(answer)).toBe('BAD_REQUEST')
  }
})

test('what does not parse is answered behind the request that it follows', async () => {
  const connection = await openRaw(api.port)
  const lines = ['GET /v1/project HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${key}`]
  connection.write(`${lines.join('\r\n')}\r\n\r\nGET / HTTP/x.y\r\n\r\n`)
  const [first, second, ...more] = parseAnswers(await connection.readToEnd())
  expect(first?.status).toBe(200)
  expect(second && refusalOf(second)).toBe('BAD_REQUEST')
  expect(more).toEqual([])
})

test('an expectation that nobody knows does no harm', async () => {
  expect((await raw('GET /health', 'Expect: a-miracle')).status).toBe(200)
})

test('pipelined requests are answered in their order', async () => {
  const connection = await openRaw(api.port)
  const lines = (path: string, last: boolean) =>
    [
      `GET ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${key}`,
      `X-Request-ID: ${path.slice(1).replaceAll('/', '-')}`,
      ...(last ? ['Connection: close'] : []),
    ].join('\r\n') + '\r\n\r\n'
  // The first ones ask the database, the last ones do not.
  const paths = ['/v1/emails', '/v1/project', '/v1/contacts', '/nothing', '/health', '/ready', '/v1/events', '/health']
  connection.write(paths.map((path, index) => lines(path, index === paths.length - 1)).join(''))
  const answers = parseAnswers(await connection.readToEnd())
  expect(answers.map(({ headers }) => headers.get('x-request-id'))).toEqual(
    paths.map((path) => path.slice(1).replaceAll('/', '-')),
  )
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 200, 200, 200, 200])
})

test('a well-formed X-Request-ID is taken over, any other replaced', async () => {
  const idOf = async (asked: string) =>
    (await call(`GET ${api.url}/health`, { headers: { 'X-Request-ID': asked } })).headers.get('x-request-id')
  for (const good of ['abc', '01890a5d-ac96-774b-bcce-b302099a8057', 'a'.repeat(LIMITS.requestIdLength), 'A.b_c:d-1']) {
    expect(await idOf(good)).toBe(good)
  }
  for (const bad of [
    '',
    'a b',
    'a'.repeat(LIMITS.requestIdLength + 1),
    '<script>',
    'a;b',
    'a,b',
    'é',
    '{"a":1}',
    '%0d%0a',
  ]) {
    expect(await idOf(bad)).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  }
})

test('every answer has its own request id, no cache and no word of what serves it', async () => {
  const ids = new Set<string | null>()
  for (const path of [
    '/',
    '/health',
    '/ready',
    '/v1/project',
    '/v1/nothing',
    '/trpc/project.get',
    '/trpc/nothing',
    '/v1/openapi.json',
  ]) {
    const { headers } = await call(`GET ${api.url}${path}`, { key })
    ids.add(headers.get('x-request-id'))
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    for (const name of ['x-powered-by', 'server', 'etag', 'set-cookie']) expect(headers.get(name)).toBeNull()
  }
  expect(ids.size).toBe(8)
  expect(ids.has(null)).toBe(false)
})

test('the address of a client is taken from a proxy only when it is trusted', async () => {
  const { project } = await api.newProject()
  const bound = await api.newKey(project.id, { allowedIps: ['192.0.2.0/24'] })
  const headers = { 'X-Forwarded-For': '192.0.2.7' }
  expect(refusalOf(await call(`GET ${api.url}/v1/project`, { key: bound.key, headers }))).toBe('ADDRESS_NOT_ALLOWED')

  const trusting = await startTestApi({ databaseUrl: api.databaseUrl, trustedProxies: ['127.0.0.1'] })
  const answer = await call(`GET ${trusting.url}/v1/project`, { key: bound.key, headers })
  const spoofed = await call(`GET ${trusting.url}/v1/project`, {
    key: bound.key,
    headers: { 'X-Forwarded-For': '192.0.2.7, 198.51.100.1' },
  })
  await trusting.stop()
  expect(answer.status).toBe(200)
  expect(refusalOf(spoofed)).toBe('ADDRESS_NOT_ALLOWED')
})
