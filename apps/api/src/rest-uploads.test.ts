import { gzipSync } from 'node:zlib'
import { LIMITS } from '@posthorn/contracts'
import { invoke, KEY_GOOD_FOR_MS, newId, systemActor } from '@posthorn/services'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { newMember, setUp } from '../test/people.ts'
import { openRaw, parseAnswers } from '../test/raw-http.ts'
import { refusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

const IDLE_MS = 600
const REQUEST_MS = 400

let api: TestApi
let key: string
let projectId: string

beforeAll(async () => {
  api = await startTestApi({ patience: { headersMs: 300, requestMs: REQUEST_MS, idleMs: IDLE_MS } })
})
afterAll(() => api.stop())
beforeEach(async () => {
  const { project, secretKey } = await api.newProject()
  key = secretKey
  projectId = project.id
})

const CSV = 'email,name\nada@example.com,Ada\ngrace@example.com,Grace\n'
const GZIP = { 'Content-Encoding': 'gzip' }

const upload = (body: string | Uint8Array, headers: Record<string, string> = {}, query = '') =>
  call(`POST ${api.url}/v1/imports${query}`, { key, body, headers: { 'Content-Type': 'text/csv', ...headers } })

async function form(parts: Record<string, string | Blob> | [string, string | Blob][], path = '/v1/imports') {
  const body = new FormData()
  for (const [name, value] of Array.isArray(parts) ? parts : Object.entries(parts)) {
    if (typeof value === 'string') body.append(name, value)
    else body.append(name, value, 'people.csv')
  }
  const answer = await fetch(`${api.url}${path}`, { method: 'POST', headers: { Authorization: `Bearer ${key}` }, body })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as never }
}

const stored = async () => (await sql`select from imports where project_id = ${projectId}`.execute(api.db)).rows.length

test('a file is taken as the body, packed or not, and as the file of a form', async () => {
  const said = { status: 'ready', rows: 2, bytes: CSV.length }
  expect(await upload(CSV, {}, '?filename=a.csv')).toMatchObject({ status: 201, body: { ...said, filename: 'a.csv' } })
  expect(await upload(gzipSync(CSV), GZIP)).toMatchObject({ status: 201, body: said })
  expect(await upload(gzipSync(CSV), { 'Content-Type': 'application/gzip' })).toMatchObject({ status: 201 })
  const file = new Blob([CSV], { type: 'application/vnd.ms-excel' })
  expect(await form({ file })).toMatchObject({ status: 201, body: { ...said, filename: 'people.csv' } })
  expect(await form({ file }, '/contacts/import')).toMatchObject({ status: 202, body: { jobId: expect.any(String) } })
})

test('a name with signs in it that nothing can hold is taken without them', async () => {
  const named = (name: string) =>
    upload(`--x\r\nContent-Disposition: form-data; name="file"; ${name}\r\n\r\n${CSV}\r\n--x--\r\n`, {
      'Content-Type': 'multipart/form-data; boundary=x',
    })
  for (const name of ['filename="a\0b.csv"', "filename*=UTF-8''a%00b.csv", "filename*=UTF-8''a%E2%80%AEb.csv"])
    expect(await named(name)).toMatchObject({ status: 201, body: { filename: 'a b.csv' } })
  const cut = 'x'.repeat(LIMITS.filenameLength - 1)
  expect(await named(`filename="${cut}🦉.csv"`)).toMatchObject({ status: 201, body: { filename: `${cut}\ufffd` } })
  for (const length of [194, 195, 196]) {
    expect(await upload(`email,${'x'.repeat(length)}🦉\nada@example.com,1\n`)).toMatchObject({ status: 201 })
  }
})

test.each<[string, () => Promise<{ status: number; headers: Headers; body: unknown }>, string]>([
  ['another type', () => upload(CSV, { 'Content-Type': 'application/json' }), 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'what curl sends by default',
    () => upload(CSV, { 'Content-Type': 'application/x-www-form-urlencoded' }),
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['a packing that is not known', () => upload(CSV, { 'Content-Encoding': 'br' }), 'UNSUPPORTED_MEDIA_TYPE'],
  ['what is not packed as it says', () => upload(CSV, GZIP), 'INVALID_REQUEST_BODY'],
  ['a form without the file', () => form({ other: new Blob([CSV]) }), 'VALIDATION_ERROR'],
  ['a form of fields', () => form({ file: 'not a file' }), 'VALIDATION_ERROR'],
  ['a form without a boundary', () => upload(CSV, { 'Content-Type': 'multipart/form-data' }), 'BAD_REQUEST'],
  [
    'a form that is cut off',
    () =>
      upload('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nemail\nada', {
        'Content-Type': 'multipart/form-data; boundary=x',
      }),
    'BAD_REQUEST',
  ],
  ['an Idempotency-Key', () => upload(CSV, { 'Idempotency-Key': 'one' }), 'BAD_REQUEST'],
  ['a misspelled parameter', () => upload(CSV, {}, '?delimeter=tab'), 'VALIDATION_ERROR'],
  ['a parameter that stands there twice', () => upload(CSV, {}, '?header=true&header=false'), 'VALIDATION_ERROR'],
])('%s is refused, and nothing stays', async (_, send, code) => {
  expect(refusalOf((await send()) as never)).toBe(code)
  expect(await stored()).toBe(0)
})

const FILE = () => new Blob([CSV])

test('what a form says before its file counts as in the query', async () => {
  const file = FILE()
  const tried = await form({ dryRun: 'true', onConflict: 'skip', file }, '/contacts/import')
  expect(tried).toMatchObject({ status: 202 })
  const { importId } = tried.body as { importId: string }
  expect(await call(`GET ${api.url}/v1/imports/${importId}`, { key })).toMatchObject({ body: { dryRun: true } })
  const rows = new Blob(['a@example.com;b@example.com\n'])
  const said = { header: 'false', delimiter: 'semicolon', file: rows }
  expect(await form(said)).toMatchObject({ status: 201, body: { delimiter: 'semicolon', rows: 1 } })
})

test.each<[string, () => ReturnType<typeof form>, field: string]>([
  ['a field that is not known', () => form({ note: 'hi', file: FILE() }), 'note'],
  ['a field with a value that is none', () => form({ delimiter: 'dot', file: FILE() }), 'delimiter'],
  [
    'a field behind the file',
    () =>
      form(
        [
          ['file', FILE()],
          ['dryRun', 'true'],
        ],
        '/contacts/import',
      ),
    'dryRun',
  ],
  [
    'a field behind a large file',
    () =>
      form([
        ['file', new Blob([CSV.repeat(20_000)])],
        ['dryRun', 'true'],
      ]),
    'dryRun',
  ],
  [
    'a second file',
    () =>
      form(
        [
          ['file', FILE()],
          ['file', FILE()],
        ],
        '/contacts/import',
      ),
    'file',
  ],
  [
    'a second file of another name',
    () =>
      form([
        ['file', FILE()],
        ['other', new Blob([CSV.repeat(20_000)])],
      ]),
    'other',
  ],
  [
    'a field that stands there twice',
    () =>
      form([
        ['header', 'true'],
        ['header', 'false'],
        ['file', FILE()],
      ]),
    'header',
  ],
  ['a field that the query has too', () => form({ header: 'true', file: FILE() }, '/v1/imports?header=true'), 'header'],
  ['a field that is too long', () => form({ filename: 'x'.repeat(1025), file: FILE() }), 'filename'],
])('%s is refused by its name, and nothing stays', async (_, send, field) => {
  const answer = await send()
  expect(answer).toMatchObject({ status: 422, body: { error: { errors: [{ field }] } } })
  expect(await stored()).toBe(0)
})

const head = (...lines: string[]) =>
  [
    'POST /v1/imports HTTP/1.1',
    'Host: localhost',
    `Authorization: Bearer ${key}`,
    'Content-Type: text/csv',
    ...lines,
    '',
    '',
  ].join('\r\n')

test('a file that is announced as too large is refused before any of it is read', async () => {
  const connection = await openRaw(api.port)
  connection.write(head(`Content-Length: ${LIMITS.importBytes + 1}`, 'Connection: close'))
  await expect.poll(() => connection.socket.bytesRead).toBeGreaterThan(0)
  connection.socket.end()
  const [answer] = parseAnswers(await connection.readToEnd())
  expect(refusalOf(answer!)).toBe('PAYLOAD_TOO_LARGE')
})

test('a file that keeps coming may take longer than any other request', async () => {
  const connection = await openRaw(api.port)
  connection.write(head('Transfer-Encoding: chunked', 'Connection: close'))
  const begun = performance.now()
  for (const part of CSV.match(/[^]{12}|[^]+$/g)!) {
    connection.write(`${part.length.toString(16)}\r\n${part}\r\n`)
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS / 4))
  }
  connection.write('0\r\n\r\n')
  expect(performance.now() - begun).toBeGreaterThan(REQUEST_MS)
  const [answer] = parseAnswers(await connection.readToEnd())
  expect(answer).toMatchObject({ status: 201, body: { rows: 2 } })
})

test('a file that rests for too long is given up, and nothing stays of it', async () => {
  const connection = await openRaw(api.port)
  connection.write(`${head('Content-Length: 1000', 'Connection: close')}${CSV}`)
  await expect.poll(stored).toBe(1)
  await expect.poll(() => connection.socket.bytesRead, { timeout: 5_000 }).toBeGreaterThan(0)
  connection.socket.end()
  const [answer] = parseAnswers(await connection.readToEnd())
  expect(refusalOf(answer!)).toBe('REQUEST_TIMEOUT')
  await expect.poll(stored).toBe(0)
})

test('nothing stays of a file whose connection ends in the middle', async () => {
  const connection = await openRaw(api.port)
  connection.write(`${head('Content-Length: 1000')}${CSV}`)
  await expect.poll(stored).toBe(1)
  connection.socket.destroy()
  await expect.poll(stored).toBe(0)
})

test('who sends on although the file was refused still reads why', async () => {
  const body = ReadableStream.from(
    (async function* () {
      yield Buffer.from('email\n')
      for (let megabyte = 0; megabyte < 8; megabyte += 1) yield Buffer.alloc(1024 * 1024, 'x')
    })(),
  )
  const answer = await fetch(`${api.url}/v1/imports`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'text/csv' },
    body,
    duplex: 'half',
  })
  expect(await answer.json()).toMatchObject({ error: { code: 'IMPORT_UNREADABLE' } })
})

test('a key that is revoked while its file arrives is refused, and nothing stays', async () => {
  const { id, key: dying } = await api.newKey(projectId)
  const letGo = Promise.withResolvers<void>()
  const body = ReadableStream.from(
    (async function* () {
      yield Buffer.from(CSV.slice(0, 30))
      await letGo.promise
      yield Buffer.from(CSV.slice(30))
    })(),
  )
  const answered = fetch(`${api.url}/v1/imports`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${dying}`, 'Content-Type': 'text/csv' },
    body,
    duplex: 'half',
  })
  await expect.poll(stored).toBe(1)
  const foundAt = performance.now()
  const operator = { db: api.db, runtime: api.runtime, actor: systemActor(projectId), requestId: newId() }
  await invoke(operator, ['keys', 'revoke'], { id })
  await expect.poll(() => performance.now() - foundAt).toBeGreaterThan(KEY_GOOD_FOR_MS)
  letGo.resolve()
  const answer = await answered
  expect(refusalOf({ status: answer.status, headers: answer.headers, body: await answer.json() })).toBe(
    'INVALID_API_KEY',
  )
  await expect.poll(stored).toBe(0)
})

test('a member uploads with their session, from a page of ours alone and with the role for it', async () => {
  await setUp(api)
  const editor = await newMember(api, { projectId, role: 'member' })
  const viewer = await newMember(api, { projectId, role: 'viewer' })
  const send = (cookies: Map<string, string>, headers: Record<string, string> = {}) =>
    call(`POST ${api.url}/v1/imports`, {
      body: CSV,
      headers: {
        'Content-Type': 'text/csv',
        'X-Project-Id': projectId,
        Origin: api.url,
        'Sec-Fetch-Site': 'same-origin',
        Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
    })
  expect(await send(editor.browser.cookies)).toMatchObject({ status: 201, body: { rows: 2 } })
  expect(refusalOf(await send(viewer.browser.cookies))).toBe('ROLE_TOO_LOW')
  const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
  expect(refusalOf(await send(editor.browser.cookies, foreign))).toBe('MISSING_AUTH')
  expect(refusalOf(await send(editor.browser.cookies, { 'X-Project-Id': newId() }))).toBe('PROJECT_NOT_FOUND')
  expect(await stored()).toBe(1)
})
