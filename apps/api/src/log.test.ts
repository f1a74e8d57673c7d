import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { openRaw, parseAnswers } from '../test/raw-http.ts'
import { refusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let secretKey: string
let publicKey: string
let keyless: string

beforeAll(async () => {
  api = await startTestApi()
  const made = await api.newProject()
  ;({ secretKey, publicKey } = made)
  const bound = await api.newKey(made.project.id, { allowedIps: ['192.0.2.1'] })
  keyless = bound.key
})

afterAll(() => api.stop())

interface Line {
  requestId: string
  msg: string
  [field: string]: unknown
}

/** The lines that were logged while this was done; the one of a request comes when its connection is done with it. */
async function logged(requests: number, work: () => Promise<unknown>): Promise<Line[]> {
  const before = api.lines.length
  await work()
  await expect.poll(() => api.lines.length - before).toBeGreaterThanOrEqual(requests)
  return api.lines.slice(before).map((line) => JSON.parse(line))
}

test('a request has one line, which says what was done, by which key, and how it ended', async () => {
  const [line, ...more] = await logged(1, () =>
    call(`GET ${api.url}/v1/emails?to=ada@example.com`, { key: secretKey, headers: { 'X-Request-ID': 'mine' } }),
  )
  expect(more).toEqual([])
  expect(line).toMatchObject({
    msg: 'request',
    requestId: 'mine',
    operation: 'emails.list',
    method: 'GET',
    status: 200,
    projectId: expect.stringMatching(/^[\da-f-]{36}$/),
    keyId: expect.stringMatching(/^[\da-f-]{36}$/),
    durationMs: expect.any(Number),
  })
})

test('a refused request has its code in the line, over REST and tRPC', async () => {
  const lines = await logged(3, async () => {
    await call(`GET ${api.url}/v1/emails`)
    await call(`GET ${api.url}/trpc/emails.list?input={}`, { key: publicKey })
    await call(`GET ${api.url}/v1/nothing`)
  })
  expect(lines).toMatchObject([
    { operation: 'emails.list', status: 401, code: 'MISSING_AUTH' },
    { operation: 'trpc emails.list', status: 401, code: 'INVALID_API_KEY' },
    { status: 404, code: 'ROUTE_NOT_FOUND' },
  ])
})

test('no key, address, body or subject is logged, whatever is sent and wherever it stands', async () => {
  const secrets = [
    'ada@secret.example',
    'a-secret-subject',
    'a-secret-body',
    'a-secret-path',
    'a-secret-header',
    'a-secret-event',
  ]
  const [address, subject, text, path, header, event] = secrets as [string, string, string, string, string, string]
  const mail = { to: address, subject, body: `<p>${text}</p>`, headers: { 'X-Thing': header }, data: { text } }
  const requests: (() => Promise<unknown>)[] = [
    () => call(`POST ${api.url}/v1/send`, { key: secretKey, body: mail }),
    () => call(`POST ${api.url}/v1/send`, { key: secretKey, body: { ...mail, to: `${address}, ${subject}` } }),
    () => call(`POST ${api.url}/v1/send`, { key: secretKey, body: `{"to":"${address}",${text}` }),
    () => call(`POST ${api.url}/v1/send`, { key: secretKey, body: mail, headers: { 'Idempotency-Key': header } }),
    () =>
      call(`POST ${api.url}/v1/send`, {
        key: secretKey,
        body: { ...mail, text },
        headers: { 'Idempotency-Key': header },
      }),
    () => call(`POST ${api.url}/v1/track`, { key: publicKey, body: { event, email: address, data: { text } } }),
    () => call(`GET ${api.url}/v1/contacts/${address}`, { key: secretKey }),
    () => call(`GET ${api.url}/v1/contacts/${encodeURIComponent(address)}`, { key: keyless }),
    () => call(`GET ${api.url}/v1/${path}?to=${address}&subject=${subject}`, { key: secretKey }),
    () => call(`GET ${api.url}/v1/emails?apiKey=${secretKey}`, {}),
    () => call(`GET ${api.url}/${secretKey}`, { key: secretKey }),
    () => call(`GET ${api.url}/v1/emails?to=${address}&cursor=${subject}`, { key: secretKey }),
    () =>
      call(`GET ${api.url}/v1/emails`, {
        headers: {
          Authorization: `Basic ${secretKey}`,
          'User-Agent': header,
          Referer: `https://x.example/${path}`,
          Cookie: header,
        },
      }),
    () => call(`POST ${api.url}/trpc/emails.send`, { key: secretKey, body: mail }),
    () => call(`POST ${api.url}/trpc/emails.send`, { key: secretKey, body: `{"to":"${address}",${text}` }),
    () => call(`POST ${api.url}/trpc/${address}`, { key: secretKey, body: mail }),
    () => call(`POST ${api.url}/trpc/${secretKey}`, { key: secretKey, body: mail }),
    () =>
      call(`GET ${api.url}/trpc/contacts.get?input=${encodeURIComponent(JSON.stringify({ id: address }))}`, {
        key: secretKey,
      }),
    () => call(`GET ${api.url}/trpc/contacts.get?input=${encodeURIComponent(`{"id":"${address}`)}`, { key: secretKey }),
    () =>
      call(
        `GET ${api.url}/trpc/contacts.get,${path}?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: { id: address } }))}`,
        { key: secretKey },
      ),
  ]
  const lines = await logged(requests.length, async () => {
    for (const request of requests) await request()
  })
  expect(lines.length).toBe(requests.length)
  const all = JSON.stringify(lines)
  for (const secret of [...secrets, secretKey, publicKey, keyless]) expect(all).not.toContain(secret)
})

test('what is no HTTP has one line as well, with the code of its answer and nothing of what was sent', async () => {
  const lines = await logged(3, async () => {
    for (const head of [
      `GET /v1/emails HTTP/x.y\r\nAuthorization: Bearer ${secretKey}`,
      'BREW /a-secret-path HTTP/1.1\r\nHost: localhost',
      `GET /health HTTP/1.1\r\nHost: localhost\r\nX-Filler: ${'a-secret'.repeat(3_000)}`,
    ]) {
      const connection = await openRaw(api.port)
      connection.write(`${head}\r\n\r\n`)
      const [answer] = parseAnswers(await connection.readToEnd())
      expect(answer && refusalOf(answer)).toBe(answer?.body.error.code)
    }
  })
  expect(lines).toMatchObject([
    { msg: 'request', status: 400, code: 'BAD_REQUEST', requestId: expect.stringMatching(/^[\da-f-]{36}$/) },
    { msg: 'request', status: 405, code: 'METHOD_NOT_ALLOWED' },
    { msg: 'request', status: 431, code: 'HEADERS_TOO_LARGE' },
  ])
  expect(JSON.stringify(lines)).not.toMatch(/secret|sk_/)
})

test('a request that does not arrive in time has one line, under the id that its answer names', async () => {
  const slow = await startTestApi({ databaseUrl: api.databaseUrl, patience: { headersMs: 300, requestMs: 600 } })
  const connection = await openRaw(slow.port)
  const head = ['POST /v1/track HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', 'Content-Length: 100']
  connection.write(`${head.join('\r\n')}\r\nAuthorization: Bearer ${secretKey}\r\n\r\n{"event":`)
  const [answer] = parseAnswers(await connection.readToEnd())
  expect(answer && refusalOf(answer)).toBe('REQUEST_TIMEOUT')
  await slow.stop()
  expect(slow.lines.map((line) => JSON.parse(line))).toMatchObject([
    { operation: 'events.track', status: 408, code: 'REQUEST_TIMEOUT', requestId: answer?.headers.get('x-request-id') },
  ])
})

test('a client that goes away before its answer is a line of its own', async () => {
  const [line] = await logged(1, async () => {
    const connection = await openRaw(api.port)
    const head = ['POST /v1/track HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', 'Content-Length: 100']
    connection.socket.end(`${head.join('\r\n')}\r\nAuthorization: Bearer ${secretKey}\r\n\r\n{"event":`)
    await connection.readToEnd()
  })
  expect(line).toMatchObject({ operation: 'events.track', status: 499 })
})
