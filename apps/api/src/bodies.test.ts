import { gzipSync } from 'node:zlib'
import { LIMITS } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { exchange, openRaw, parseAnswers } from '../test/raw-http.ts'
import { refusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let key: string
let track: string

beforeAll(async () => {
  api = await startTestApi()
  key = (await api.newProject()).secretKey
  track = `POST ${api.url}/v1/track`
})

afterAll(() => api.stop())

const EVENT = { event: 'signed-up', email: 'ada@example.com' }

/** A request to the API by its lines, with the key. */
const keyed = (line: string, ...headers: string[]) => [
  `${line} HTTP/1.1`,
  'Host: localhost',
  'Connection: close',
  `Authorization: Bearer ${key}`,
  ...headers,
]

test.each([
  ['cut off', '{"to'],
  ['a word', 'hello'],
  ['NaN', '{"event":NaN}'],
  ['two values', '{}{}'],
  ['a trailing comma', '{"event":"a",}'],
  ['single quotes', "{'event':'a'}"],
])('a body that is not a JSON object is a bad request: %s', async (_, body) => {
  expect(refusalOf(await call(track, { key, body }))).toBe('INVALID_REQUEST_BODY')
})

test.each(['"hello"', '1', 'null', '[]', ' [{}]', 'true'])(
  'JSON that has no fields is told what it should be: %s',
  async (body) => {
    const answer = await call(track, { key, body })
    expect(refusalOf(answer)).toBe('INVALID_REQUEST_BODY')
    expect(answer.body.message).toBe('Expected a JSON object.')
  },
)

test.each([
  '12345678901234567890',
  '-12345678901234567890',
  '9007199254740993',
  '9007199254740993.5',
  '1e400',
  '-1e400',
])('a number that would come out as another one is refused by its name: %s', async (number) => {
  for (const [data, field] of [
    [`{"order":${number}}`, 'data.order'],
    [`{"a":[0,{"b":${number}}]}`, 'data.a.1.b'],
  ]) {
    const body = `{"event":"paid","email":"ada@example.com","data":${data}}`
    const answer = await call(track, { key, body })
    expect(refusalOf(answer)).toBe('VALIDATION_ERROR')
    expect(answer.body.error.errors).toEqual([
      { field, message: expect.stringMatching(/send it as a text\.$/), code: 'custom' },
    ])
  }
})

test('numbers that are kept or are only imprecise are taken, and digits in texts are no numbers', async () => {
  const kept = ['9007199254740991', '9007199254740992', '12345678901234567000', '1000000000000000000000', '1e300']
  for (const number of [...kept, '0.1234567890123456789', '1e-400', '"12345678901234567890"']) {
    const body = `{"event":"paid","email":"kept@example.com","data":{"order":${number}}}`
    expect({ number, status: (await call(track, { key, body })).status }).toEqual({ number, status: 200 })
    const { data } = (await call(`GET ${api.url}/v1/contacts/kept@example.com`, { key })).body
    expect(data.order).toBe(JSON.parse(number))
  }
})

test('of a field that stands there twice the last value counts, as the documents say', async () => {
  const body = '{"event":"first","email":"ada@example.com","event":"last"}'
  expect((await call(track, { key, body })).status).toBe(200)
  const { data } = (await call(`GET ${api.url}/v1/events?limit=1`, { key })).body
  expect(data).toMatchObject([{ name: 'last' }])
  const document = await call(`GET ${api.url}/v1/openapi.json`)
  expect(document.body.info.description).toContain('the last value counts (RFC 8259, section 4)')
})

test.each([
  ['contacts', '/v1/contacts/batch', {}],
  ['events', '/v1/track/batch', { event: 'e' }],
])('a number that would be rounded refuses its entry of a batch of %s alone', async (list, path, more) => {
  const entries = ['"kept"', '9007199254740993'].map((value, at) =>
    JSON.stringify({ ...more, email: `n${at}@example.com`, data: { n: '@' } }).replace('"@"', value),
  )
  const { body } = await call(`POST ${api.url}${path}`, { key, body: `{"${list}":[${entries.join(',')}]}` })
  expect(body.results.map(({ status }: { status: string }) => status === 'refused')).toEqual([false, true])
  expect(JSON.stringify(body.results[1].error)).toMatch(/"field":"data\.n".*send it as a text\./)
})

test.each([
  ['contacts', '/v1/contacts/batch', LIMITS.contactsPerBatch, {}],
  ['events', '/v1/track/batch', LIMITS.eventsPerBatch, { event: 'e' }],
] as const)(
  'a full batch of %s has room for facts of each, and no room beyond its limit',
  async (list, path, most, more) => {
    const batch = `POST ${api.url}${path}`
    const of = (bytes: number) => ({
      [list]: Array.from({ length: most }, (_, index) => ({
        ...more,
        email: `c${index}@example.com`,
        data: { about: 'x'.repeat(bytes / most) },
      })),
    })
    const answer = await call(batch, { key, body: of(4 * LIMITS.requestBytes) })
    expect(answer.body).toMatchObject({ refused: 0 })
    expect(answer.body.results).toHaveLength(most)
    expect(refusalOf(await call(batch, { key, body: of(LIMITS.listRequestBytes) }))).toBe('PAYLOAD_TOO_LARGE')
  },
)

test('bytes that are not UTF-8 are refused rather than replaced', async () => {
  const body = Buffer.concat([Buffer.from('{"event":"'), Buffer.from([0xff, 0xfe]), Buffer.from('","email":"a@b.co"}')])
  const type = 'Content-Type: application/json'
  const answer = await exchange(api.port, keyed('POST /v1/track', type, `Content-Length: ${body.length}`), body)
  expect(refusalOf(answer)).toBe('INVALID_REQUEST_BODY')
})

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/javascript',
  'application/json; charset=utf-16',
  'application/json; charset=utf-16le',
  'application/json; charset=utf-32',
  'application/json; charset=utf-7',
  'application/json; charset=iso-8859-1',
  'nonsense',
])('a body of the type %s is not taken', async (type) => {
  for (const body of [JSON.stringify(EVENT), Buffer.from(JSON.stringify(EVENT), 'utf16le').toString('latin1')]) {
    expect(refusalOf(await call(track, { key, body, headers: { 'Content-Type': type } }))).toBe(
      'UNSUPPORTED_MEDIA_TYPE',
    )
  }
})

test.each([
  'application/json; charset=UTF-8',
  'application/json;charset="utf-8"',
  'APPLICATION/JSON',
  'application/vnd.api+json',
])('a body of the type %s is taken', async (type) => {
  expect((await call(track, { key, body: EVENT, headers: { 'Content-Type': type } })).status).toBe(200)
})

test('a compressed body is taken, an unknown compression is not', async () => {
  const send = (encoding: string, body: Uint8Array) =>
    exchange(
      api.port,
      keyed(
        'POST /v1/track',
        'Content-Type: application/json',
        `Content-Encoding: ${encoding}`,
        `Content-Length: ${body.length}`,
      ),
      body,
    )
  expect((await send('gzip', gzipSync(JSON.stringify(EVENT)))).status).toBe(200)
  expect((await send('lzma', Buffer.from(JSON.stringify(EVENT)))).status).toBe(415)
  expect(refusalOf(await send('gzip', Buffer.from('not gzip')))).toBe('INVALID_REQUEST_BODY')
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 32))
  expect((await send('gzip', bomb)).status).toBe(413)
})

test('a body that claims to be too large is refused before any of it is sent', async () => {
  const length = LIMITS.requestBytes + 1
  const lines = keyed('POST /v1/track', 'Content-Type: application/json', `Content-Length: ${length}`)
  const connection = await openRaw(api.port)
  connection.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [answer] = parseAnswers(await connection.readToEnd())
  expect(answer?.status).toBe(413)
})

test('a body of unknown length is cut off at the limit', async () => {
  const connection = await openRaw(api.port)
  connection.write(
    `${keyed('POST /v1/track', 'Content-Type: application/json', 'Transfer-Encoding: chunked').join('\r\n')}\r\n\r\n`,
  )
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`
  const head = new Promise<string>((resolve) => void connection.socket.once('data', (text) => resolve(String(text))))
  for (let sent = 0; sent <= LIMITS.requestBytes; sent += 0x10000) connection.write(chunk)
  // The body has not come to its end, and never will.
  expect(await head).toMatch(/^HTTP\/1\.1 413 /)
  connection.socket.destroy()
})

test('who has no key learns so before sending the body', async () => {
  const lines = [
    'POST /v1/send HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    'Content-Length: 40000000',
  ]
  const connection = await openRaw(api.port)
  connection.write(`${lines.join('\r\n')}\r\n\r\n`)
  const head = new Promise<string>((resolve) => void connection.socket.once('data', (text) => resolve(String(text))))
  expect(await head).toMatch(/^HTTP\/1\.1 401 /)
  connection.socket.destroy()
})

test('a client that sends a body over the limit in one go reads the refusal', async () => {
  for (const size of [LIMITS.requestBytes + 10, 4 * LIMITS.requestBytes]) {
    const answer = await call(track, { key, body: { ...EVENT, data: { filler: 'x'.repeat(size) } } })
    expect(refusalOf(answer)).toBe('PAYLOAD_TOO_LARGE')
    expect(answer.body.error.suggestion).toContain(LIMITS.requestBytes.toLocaleString('en'))
  }
})

test('mail may be larger than other requests', async () => {
  const text = 'x'.repeat(LIMITS.requestBytes + 10)
  const body = { to: 'ada@example.com', subject: 'Hello', text }
  expect((await call(`POST ${api.url}/v1/send`, { key, body })).status).toBe(200)
  expect((await call(`POST ${api.url}/trpc/emails.send`, { key, body })).status).toBe(200)
  const upsert = { email: 'ada@example.com', data: { text } }
  expect(refusalOf(await call(`POST ${api.url}/v1/contacts`, { key, body: upsert }))).toBe('PAYLOAD_TOO_LARGE')
  expect((await call(`POST ${api.url}/trpc/contacts.upsert`, { key, body: upsert })).status).toBe(413)
})

test('an operation without fields needs no body, and takes an empty object', async () => {
  const { secretKey } = await api.newProject()
  for (const body of [undefined, {}]) {
    expect((await call(`DELETE ${api.url}/v1/inbox`, { key: secretKey, body })).status).toBe(200)
  }
})

test('names in a path count, whatever the body says', async () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  const answer = await call(`POST ${api.url}/v1/emails/${id}/cancel`, { key, body: { id: 'x' } })
  expect(refusalOf(answer)).toBe('EMAIL_NOT_FOUND')
})

test('every refused field is named, up to the limit', async () => {
  const fieldsOf = async (body: object) => {
    const answer = await call(`POST ${api.url}/v1/send`, { key, body })
    expect(refusalOf(answer)).toBe('VALIDATION_ERROR')
    return answer.body.error.errors.map(({ field }: { field: string }) => field)
  }
  expect(await fieldsOf({ to: ['ada@example.com', { email: 'nobody' }], body: 5, tags: [''] })).toEqual(
    expect.arrayContaining(['to.1.email', 'subject', 'body', 'tags.0']),
  )
  const nobodies = Array.from({ length: LIMITS.recipientsPerSend }, () => 'nobody')
  expect(await fieldsOf({ to: nobodies, subject: 'Hello', text: 'Hello' })).toHaveLength(LIMITS.fieldErrorsPerRefusal)
})
