import { LIMITS, type AppRouter } from '@posthorn/contracts'
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink, TRPCClientError } from '@trpc/client'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { trpcRefusalOf } from '../test/refusal.ts'
import { inHours, seedProject, snapshot, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let project: SeededProject

beforeAll(async () => {
  api = await startTestApi()
  project = await seedProject(api)
})

afterAll(() => api.stop())

function client(key: string, headers: Record<string, string> = {}) {
  const link = httpBatchLink({ url: `${api.url}/trpc`, headers: { Authorization: `Bearer ${key}`, ...headers } })
  return createTRPCClient<AppRouter>({ links: [link] })
}

/** How a client of tRPC sees a refusal. */
async function refusalOf(promise: Promise<unknown>): Promise<TRPCClientError<AppRouter>> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (error instanceof TRPCClientError) return error
  throw new Error('Expected a refusal.')
}

const MAIL = { to: 'grace@example.com', subject: 'Hello', body: '<p>Hi</p>' }

test('a typed client sends a mail and follows it, with the types of the contracts', async () => {
  const trpc = client(project.fullKey)
  const receipt = await trpc.emails.send.mutate({ ...MAIL, scheduledAt: inHours(1) })
  const id: string = receipt.emails[0]?.email ?? ''
  const captured: boolean = receipt.captured
  expect(captured).toBe(true)

  const email = await trpc.emails.get.query({ id })
  const status: 'queued' | 'scheduled' | 'sending' | 'sent' | 'deferred' | 'failed' | 'cancelled' = email.status
  expect(status).toBe('scheduled')
  const scheduledAt: string | null = email.scheduledAt
  expect(scheduledAt).toMatch(/Z$/)

  const page = await trpc.emails.list.query({ limit: 1 })
  expect(page.data[0]?.id).toBe(id)
  const next = await trpc.emails.list.query({ limit: 1, ...(page.cursor !== null && { cursor: page.cursor }) })
  expect(next.data[0]?.id).toBe(project.rows.emailId)
  expect((await trpc.emails.cancel.mutate({ id })).status).toBe('cancelled')
})

test('a list takes what infinite queries of tRPC’s clients say beside the cursor, and a misspelled filter it refuses', async () => {
  const ask = (input: object) =>
    call(`GET ${api.url}/trpc/emails.list?input=${encodeURIComponent(JSON.stringify(input))}`, {
      key: project.fullKey,
    })
  expect((await ask({ limit: 1, direction: 'forward' })).status).toBe(200)
  const refused = await ask({ limit: 1, direction: 'forward', stauts: 'sent' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('Did you mean `status`?')
})

test('calls of one moment travel together, and each has its own answer', async () => {
  const trpc = client(project.fullKey)
  const before = api.lines.length
  const [own, missing, found] = await Promise.allSettled([
    trpc.project.get.query({}),
    trpc.emails.get.query({ id: '01890a5d-ac96-774b-bcce-b302099a8057' }),
    trpc.contacts.get.query({ id: project.rows.contactId }),
  ])
  expect(own).toMatchObject({ status: 'fulfilled', value: { id: project.rows.projectId } })
  expect(missing).toMatchObject({
    status: 'rejected',
    reason: { data: { apiCode: 'EMAIL_NOT_FOUND', httpStatus: 404 } },
  })
  expect(found).toMatchObject({ status: 'fulfilled', value: { email: project.address } })
  await expect.poll(() => api.lines.length).toBeGreaterThan(before)
  expect(JSON.parse(api.lines[before] ?? '')).toMatchObject({ operation: 'trpc batch of 3', status: 207 })
})

test('the other links of tRPC work as well', async () => {
  const options = { url: `${api.url}/trpc`, headers: { Authorization: `Bearer ${project.fullKey}` } }
  for (const link of [httpLink(options), httpBatchStreamLink(options)]) {
    const trpc = createTRPCClient<AppRouter>({ links: [link] })
    expect((await trpc.project.get.query({})).id).toBe(project.rows.projectId)
    const refused = await refusalOf(trpc.emails.send.mutate({ ...MAIL, to: 'nobody' }))
    expect(refused.data?.apiCode).toBe('VALIDATION_ERROR')
  }
})

test('a refusal says all that it says over REST, and nothing of where it was thrown', async () => {
  const trpc = client(project.fullKey, { 'X-Request-ID': 'my-request' })
  const wrong = await refusalOf(trpc.emails.send.mutate({ ...MAIL, to: 'nobody', subject: 'a\nb' }))
  expect(wrong.data).toEqual({
    code: 'UNPROCESSABLE_CONTENT',
    httpStatus: 422,
    path: 'emails.send',
    requestId: 'my-request',
    apiCode: 'VALIDATION_ERROR',
    errors: [expect.objectContaining({ field: 'to' }), expect.objectContaining({ field: 'subject' })],
  })
  const replaced = await refusalOf(trpc.keys.regenerate.mutate({ id: '01890a5d-ac96-774b-bcce-b302099a8057' }))
  expect(replaced.data).toEqual({
    code: 'NOT_FOUND',
    httpStatus: 404,
    path: 'keys.regenerate',
    requestId: 'my-request',
    apiCode: 'KEY_NOT_FOUND',
  })
  const keyless = await refusalOf(client('').project.get.query({}))
  expect(keyless.data).toMatchObject({ code: 'UNAUTHORIZED', apiCode: 'MISSING_AUTH', suggestion: expect.any(String) })
})

test('a fault of ours is answered without its words, and logged with them', async () => {
  const broken = await startTestApi()
  const { fullKey } = await seedProject(broken)
  await sql`alter table contacts rename to elsewhere`.execute(broken.db)
  for (const to of [`GET ${broken.url}/trpc/contacts.list?input={}`, `GET ${broken.url}/v1/contacts`]) {
    const before = broken.lines.length
    const { status, text } = await call(to, { key: fullKey })
    expect(status).toBe(500)
    expect(text).toContain('Something went wrong on our side')
    expect(text).not.toMatch(/relation|does not exist|select|stack|\.ts/)
    expect(broken.lines.slice(before).filter((line) => JSON.parse(line).msg === 'fault')).toHaveLength(1)
    expect(broken.lines.slice(before).join('')).toContain('relation')
  }
  await broken.stop()
})

const batchOf = (names: string[]) => `${api.url}/trpc/${names.join(',')}?batch=1`
const asBatch = (inputs: unknown[]) => Object.fromEntries(inputs.map((input, index) => [index, input]))

test('a batch at the limit is answered, one call more is refused before any of them runs', async () => {
  const names = (count: number) => Array.from({ length: count }, () => 'emails.send')
  const inputs = asBatch(Array.from({ length: LIMITS.trpcBatchSize + 1 }, () => MAIL))
  const full = await call(`POST ${batchOf(names(LIMITS.trpcBatchSize))}`, { key: project.fullKey, body: inputs })
  expect(full.body).toHaveLength(LIMITS.trpcBatchSize)

  const before = await snapshot(api, project.rows.projectId)
  for (const count of [LIMITS.trpcBatchSize + 1, 1_000]) {
    const over = await call(`POST ${batchOf(names(count))}`, { key: project.fullKey, body: inputs })
    expect(trpcRefusalOf(over)).toBe('BAD_REQUEST')
    expect(over.text.length).toBeLessThan(1_000)
  }
  expect(await snapshot(api, project.rows.projectId)).toEqual(before)
})

test('what changes something never runs by GET, and a question never by POST', async () => {
  const before = await snapshot(api, project.rows.projectId)
  const input = encodeURIComponent(JSON.stringify(MAIL))
  for (const address of [
    `emails.send?input=${input}`,
    `emails.send?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: MAIL }))}`,
    `inbox.clear?input={}`,
    `keys.revoke?input=${encodeURIComponent(JSON.stringify({ id: project.rows.keyId }))}`,
  ]) {
    const answer = await call(`GET ${api.url}/trpc/${address}`, { key: project.fullKey })
    const refused = { ...answer, body: Array.isArray(answer.body) ? answer.body[0] : answer.body }
    expect(trpcRefusalOf(refused)).toBe('METHOD_NOT_ALLOWED')
    expect(answer.headers.get('allow')).toBe('POST')
  }
  const asked = await call(`POST ${api.url}/trpc/project.get`, { key: project.fullKey, body: {} })
  expect(trpcRefusalOf(asked)).toBe('METHOD_NOT_ALLOWED')
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const answer = await call(`${method} ${api.url}/trpc/emails.send`, { key: project.fullKey, body: MAIL })
    expect(trpcRefusalOf(answer)).toBe('METHOD_NOT_ALLOWED')
    expect(answer.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS')
  }
  expect(await snapshot(api, project.rows.projectId)).toEqual(before)
})

test.each([
  'nothing',
  'emails',
  'emails.nothing',
  'emails.send.more',
  'Emails.send',
  'constructor',
  '__proto__',
  'prototype',
  'hasOwnProperty',
  'toString',
  'emails.constructor',
  'emails.__proto__',
  'constructor.prototype',
  '__proto__.polluted',
  'emails.toString',
  '_def',
  '_def.procedures',
  'createCaller',
  'then',
  'emails.',
  '.send',
  'emails..send',
  '%00',
  'emails.send%00',
  'emails/send',
  '%65mails.nothing',
  'a'.repeat(4_000),
])('there is no procedure %s', async (path) => {
  for (const method of ['GET', 'POST']) {
    const answer = await call(`${method} ${api.url}/trpc/${path}${method === 'GET' ? '?input={}' : ''}`, {
      key: project.fullKey,
      ...(method === 'POST' && { body: MAIL }),
    })
    expect(trpcRefusalOf(answer)).toBe('ROUTE_NOT_FOUND')
    expect(answer.text).not.toMatch(/node_modules|\bat .*\.ts:\d+/)
  }
})

test('prototype names cannot be called out of a batch either', async () => {
  const answer = await call(
    `GET ${batchOf(['project.get', '__proto__', 'constructor'])}&input=${encodeURIComponent('{"0":{},"__proto__":{}}')}`,
    { key: project.fullKey },
  )
  expect(answer.body.map((one: object) => ('result' in one ? 'ok' : 'refused'))).toEqual(['ok', 'refused', 'refused'])
})

test('an Idempotency-Key stands for one call, so a batch with one is refused', async () => {
  const before = await snapshot(api, project.rows.projectId)
  const headers = { 'Idempotency-Key': 'one' }
  const body = asBatch([MAIL, MAIL])
  for (const path of ['emails.send,emails.send', 'emails.send%2Cemails.send', 'emails.send,inbox.clear']) {
    const answer = await call(`POST ${api.url}/trpc/${path}?batch=1`, { key: project.fullKey, headers, body })
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('Idempotency-Key')
  }
  expect(await snapshot(api, project.rows.projectId)).toEqual(before)
})

test('a single call happens once for each Idempotency-Key', async () => {
  const trpc = client(project.fullKey, { 'Idempotency-Key': 'once' })
  const first = await trpc.emails.send.mutate(MAIL)
  expect(await trpc.emails.send.mutate(MAIL)).toEqual(first)
  const other = await refusalOf(trpc.emails.send.mutate({ ...MAIL, subject: 'Another' }))
  expect(other.data?.apiCode).toBe('IDEMPOTENCY_KEY_REUSED')
})

test('each call has the body limit of its operation', async () => {
  const filler = 'x'.repeat(LIMITS.requestBytes)
  const track = await call(`POST ${api.url}/trpc/events.track`, {
    key: project.publicKey,
    body: { event: 'a', email: 'ada@example.com', data: { filler } },
  })
  expect(trpcRefusalOf(track)).toBe('PAYLOAD_TOO_LARGE')
  const mail = await call(`POST ${api.url}/trpc/emails.send`, { key: project.fullKey, body: { ...MAIL, text: filler } })
  expect(mail.status).toBe(200)
})

test('bodies of other types have no effect', async () => {
  const before = await snapshot(api, project.rows.projectId)
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'nonsense',
  ]) {
    const answer = await call(`POST ${api.url}/trpc/emails.send`, {
      key: project.fullKey,
      body: JSON.stringify(MAIL),
      headers: { 'Content-Type': type },
    })
    expect(trpcRefusalOf(answer)).toBe('UNSUPPORTED_MEDIA_TYPE')
  }
  expect(await snapshot(api, project.rows.projectId)).toEqual(before)
})
