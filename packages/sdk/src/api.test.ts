import { expect, test } from 'vitest'
import { emptyAddress, refusal, startScripted, type Scripted } from '../test/scripted-server.ts'
import { Posthorn, PosthornConnectionError, PosthornError, PosthornTimeoutError } from './index.ts'

const apiKey = 'sk_ph_test'
const NOW = { headers: { 'retry-after': '0' } }
const MAIL = { to: 'ada@example.com', subject: 'Hello', body: '<p>Hello</p>' }
const RECEIPT = { emails: [], captured: true, timestamp: '2026-01-31T09:30:00.000Z' }
const SENT = { json: { success: true, data: RECEIPT, ...RECEIPT } }

async function start(...script: Scripted[]) {
  const server = await startScripted(...script)
  return { server, posthorn: new Posthorn({ apiKey, baseUrl: server.baseUrl }) }
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable('It should have been refused.'),
    (error: unknown) => error,
  )

test('a call sends the key, the body and what it accepts, and gives back what was promised', async () => {
  const { server, posthorn } = await start(SENT)
  expect(await posthorn.emails.send(MAIL)).toEqual(RECEIPT)
  expect(server.seen).toMatchObject([
    {
      method: 'POST',
      url: '/v1/send',
      body: MAIL,
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'posthorn-sdk/0.1.0',
      },
    },
  ])
})

test('a query is sent in the address, without what was left out', async () => {
  const { server, posthorn } = await start({ json: { data: [], cursor: null, hasMore: false } })
  await posthorn.emails.list({ limit: 5, to: 'a+b@example.com', tag: undefined })
  expect(server.seen[0]?.url).toBe('/v1/emails?limit=5&to=a%2Bb%40example.com')
  expect(server.seen[0]?.headers).not.toHaveProperty('content-type')
  expect(server.seen[0]?.headers).not.toHaveProperty('idempotency-key')
})

test.each([429, 500, 502, 503, 504, 408])(
  'a keyed call is made again after a %i, with the same key and body',
  async (status) => {
    const { server, posthorn } = await start({ ...refusal(status, 'SERVICE_UNAVAILABLE'), ...NOW }, SENT)
    expect(await posthorn.emails.send(MAIL)).toEqual(RECEIPT)
    const [first, second] = server.seen
    expect(first?.headers['idempotency-key']).toMatch(/^[\w-]{20,}$/)
    expect(second).toMatchObject({ body: MAIL, headers: { 'idempotency-key': first?.headers['idempotency-key'] } })
  },
)

test('two calls have two keys, and a key of the caller is used as it is', async () => {
  const { server, posthorn } = await start(SENT)
  await posthorn.emails.send(MAIL)
  await posthorn.emails.send(MAIL)
  await posthorn.emails.send(MAIL, { idempotencyKey: 'order-1815' })
  const keys = server.seen.map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys).size).toBe(3)
  expect(keys[2]).toBe('order-1815')
})

test('a first request that still runs is waited for', async () => {
  const { server, posthorn } = await start({ ...refusal(409, 'IDEMPOTENCY_IN_PROGRESS'), ...NOW }, SENT)
  expect(await posthorn.emails.send(MAIL)).toEqual(RECEIPT)
  expect(server.seen).toHaveLength(2)
})

test('a connection that breaks is made again, after a pause', async () => {
  const { server, posthorn } = await start('drop', SENT)
  expect(await posthorn.emails.send(MAIL)).toEqual(RECEIPT)
  expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
})

test('the retries end, and the last error comes out', async () => {
  const { server, posthorn } = await start({ ...refusal(503, 'SERVICE_UNAVAILABLE'), ...NOW })
  expect(await errorOf(posthorn.emails.send(MAIL))).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
  expect(server.seen).toHaveLength(3)
  await errorOf(posthorn.emails.send(MAIL, { maxRetries: 0 }))
  expect(server.seen).toHaveLength(4)
})

test.each([400, 401, 403, 404, 409, 422])('a %i is final', async (status) => {
  const { server, posthorn } = await start(refusal(status, 'BAD_REQUEST'))
  expect(await errorOf(posthorn.emails.send(MAIL))).toMatchObject({ status, retryable: false })
  expect(server.seen).toHaveLength(1)
})

test.each([
  ['a broken connection', 'drop' as const, 1],
  ['a fault of the server', { ...refusal(500, 'INTERNAL_SERVER_ERROR'), ...NOW }, 1],
  ['a server that is too busy', { ...refusal(429, 'BUSY'), ...NOW }, 3],
  ['a server without database', { ...refusal(503, 'SERVICE_UNAVAILABLE'), ...NOW }, 1],
])('a key is never created twice: after %s', async (_, line, requests) => {
  const { server, posthorn } = await start(line)
  await errorOf(posthorn.keys.create({ name: 'Importer' }))
  expect(server.seen).toHaveLength(requests)
  expect(server.seen[0]?.headers).not.toHaveProperty('idempotency-key')
})

test('a call that asks to wait for more than a minute is left to its caller', async () => {
  const { server, posthorn } = await start({ ...refusal(429, 'BUSY'), headers: { 'retry-after': '3600' } })
  expect(await errorOf(posthorn.emails.send(MAIL))).toMatchObject({
    status: 429,
    retryAfterMs: 3_600_000,
    retryable: true,
  })
  expect(server.seen).toHaveLength(1)
})

test('the server decides how long to wait, in seconds', async () => {
  const { posthorn } = await start({ ...refusal(503, 'SERVICE_UNAVAILABLE'), headers: { 'retry-after': '1' } }, SENT)
  const begun = performance.now()
  await posthorn.emails.send(MAIL)
  expect(performance.now() - begun).toBeGreaterThan(990)
})

test('a refusal says everything that the server said', async () => {
  const errors = [{ field: 'to.0.email', message: 'Not an address.', code: 'invalid_string' }]
  const { posthorn } = await start(refusal(422, 'VALIDATION_ERROR', { errors, suggestion: 'Mend it.' }))
  const error = await errorOf(posthorn.emails.send(MAIL))
  expect(error).toBeInstanceOf(PosthornError)
  expect(error).not.toBeInstanceOf(PosthornConnectionError)
  expect(error).toMatchObject({
    name: 'PosthornError',
    code: 'VALIDATION_ERROR',
    status: 422,
    message: 'The words for VALIDATION_ERROR.',
    requestId: 'req-1',
    errors,
    suggestion: 'Mend it.',
    retryable: false,
  })
})

test.each([
  ['a page of a proxy', { status: 404, raw: '<h1>Not here</h1>' }, 404],
  ['a page where JSON was expected', { raw: '<!doctype html>' }, 200],
  ['JSON of somebody else', { status: 404, json: { error: 'nope' } }, 404],
  ['an answer without its envelope', { json: { emails: [] } }, 200],
])('%s is not taken for an answer', async (_, line, status) => {
  const { posthorn } = await start(line)
  expect(await errorOf(posthorn.emails.send(MAIL))).toMatchObject({
    code: 'UNEXPECTED_ANSWER',
    status,
    message: `The answer (${status}) is not one of Posthorn's.`,
  })
})

test('a redirect is not followed, since a mail would get lost on the way', async () => {
  const { server, posthorn } = await start({ status: 301, headers: { location: '/elsewhere' } })
  expect(await errorOf(posthorn.emails.send(MAIL))).toMatchObject({
    code: 'UNEXPECTED_ANSWER',
    suggestion: 'Set baseUrl to where it leads.',
  })
  expect(server.seen).toHaveLength(1)
})

test('a server that does not answer is given up after the time-out, each time anew', async () => {
  const { server, posthorn } = await start('stall', SENT)
  expect(await posthorn.emails.send(MAIL, { timeoutMs: 100 })).toEqual(RECEIPT)
  expect(server.seen).toHaveLength(2)
  const silent = await start('stall')
  const error = await errorOf(silent.posthorn.emails.send(MAIL, { timeoutMs: 50, maxRetries: 0 }))
  expect(error).toBeInstanceOf(PosthornTimeoutError)
  expect(error).toMatchObject({ code: 'TIMED_OUT', status: undefined, retryable: true })
})

test('where nobody listens the error says so, and nothing was sent, so that any call is made again', async () => {
  const baseUrl = await emptyAddress()
  let attempts = 0
  const counting = (url: string, init: RequestInit) => {
    attempts += 1
    return fetch(url, init)
  }
  const posthorn = new Posthorn({ apiKey, baseUrl, maxRetries: 1, fetch: counting })
  const error = await errorOf(posthorn.keys.create({ name: 'Importer' }))
  expect(error).toBeInstanceOf(PosthornConnectionError)
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', reason: 'ECONNREFUSED', retryable: true })
  expect(error).toHaveProperty('message', `${baseUrl} could not be reached (ECONNREFUSED).`)
  expect(attempts).toBe(2)
})

test('an aborted call rejects with the reason: before it begins, while it runs, and between attempts', async () => {
  const { server, posthorn } = await start('stall')
  const reason = new Error('No longer needed.')
  expect(await errorOf(posthorn.emails.send(MAIL, { signal: AbortSignal.abort(reason) }))).toBe(reason)
  expect(server.seen).toHaveLength(0)

  const running = new AbortController()
  const call = errorOf(posthorn.emails.send(MAIL, { signal: running.signal }))
  await server.arrived(1)
  running.abort(reason)
  expect(await call).toBe(reason)

  const waiting = await start({ ...refusal(503, 'SERVICE_UNAVAILABLE'), headers: { 'retry-after': '30' } })
  const pause = new AbortController()
  const paused = errorOf(waiting.posthorn.emails.send(MAIL, { signal: pause.signal }))
  await waiting.server.arrived(1)
  pause.abort(reason)
  expect(await paused).toBe(reason)
  expect(waiting.server.seen).toHaveLength(1)
})

test('a fetch of your own is used instead of the global one', async () => {
  const urls: string[] = []
  const posthorn = new Posthorn({
    apiKey,
    baseUrl: 'https://mail.example.com/prefix/',
    fetch: async (url) => {
      urls.push(url)
      return Response.json({ id: 'p' })
    },
  })
  expect(await posthorn.project.get()).toEqual({ id: 'p' })
  expect(urls).toEqual(['https://mail.example.com/prefix/v1/project'])
})

test.each(['', '.', '..'])('an id of %j is refused, since the address would be that of something else', async (id) => {
  const { server, posthorn } = await start(SENT)
  expect(await errorOf(posthorn.emails.get(id))).toBeInstanceOf(TypeError)
  expect(server.seen).toHaveLength(0)
})

test('an id is one segment of the address whatever it holds', async () => {
  const { server, posthorn } = await start({ json: {} })
  await posthorn.contacts.get('a/b?c#d@example.com')
  expect(server.seen[0]?.url).toBe('/v1/contacts/a%2Fb%3Fc%23d%40example.com')
})

test('an idempotency key that no header can carry is refused before anything is sent', async () => {
  const { server, posthorn } = await start(SENT)
  for (const idempotencyKey of ['', 'a\nb', 'ü', 'x'.repeat(257)]) {
    expect(await errorOf(posthorn.emails.send(MAIL, { idempotencyKey }))).toBeInstanceOf(TypeError)
  }
  expect(server.seen).toHaveLength(0)
})
