import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { setUp } from '../test/people.ts'
import { inHours, seedProject, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let project: SeededProject

beforeAll(async () => {
  api = await startTestApi()
  project = await seedProject(api)
})

afterAll(() => api.stop())

const SECRET_ADDRESS = 'ada@secret.example'
const MAIL = { to: SECRET_ADDRESS, subject: 'a-secret-subject', text: 'Hi' }

const logged = (id: string | null) => call(`GET ${api.url}/v1/requests/${id}`, { key: project.fullKey })

/** The line of a request, once it is written. */
async function lineOf(id: string | null) {
  await expect.poll(async () => (await logged(id)).status, { timeout: 10_000 }).toBe(200)
  return (await logged(id)).body
}

test('a request is found by the id of its answer, also when it was refused', async () => {
  const sent = await call(`POST ${api.url}/v1/send`, { key: project.fullKey, body: MAIL })
  const refused = await call(`GET ${api.url}/v1/emails/${project.rows.contactId}`, {
    key: project.fullKey,
    headers: { 'X-Request-ID': 'mine:1' },
  })
  expect(await lineOf(sent.headers.get('x-request-id'))).toMatchObject({
    method: 'POST',
    operation: 'emails.send',
    status: 200,
    code: null,
    keyId: expect.any(String),
    userId: null,
    ip: '127.0.0.1',
    durationMs: expect.any(Number),
  })
  expect(refused.headers.get('x-request-id')).toBe('mine:1')
  expect(await lineOf('mine:1')).toMatchObject({ operation: 'emails.get', status: 404, code: 'EMAIL_NOT_FOUND' })
})

test('nothing of what was in a request is kept', async () => {
  await call(`POST ${api.url}/v1/send`, { key: project.fullKey, body: { ...MAIL, to: 'nobody' } })
  await call(`GET ${api.url}/v1/contacts/${SECRET_ADDRESS}`, { key: project.fullKey })
  await call(`GET ${api.url}/v1/emails?to=${SECRET_ADDRESS}&cursor=nonsense`, {
    key: project.fullKey,
    headers: { 'X-Request-ID': 'last' },
  })
  await lineOf('last')
  const rows = await api.db.selectFrom('api_requests').selectAll().execute()
  const all = JSON.stringify(rows)
  for (const secret of [SECRET_ADDRESS, 'a-secret-subject', project.fullKey, project.publicKey]) {
    expect(all).not.toContain(secret)
  }
})

test('a request that belongs to no project is in no log', async () => {
  const { headers } = await call(`GET ${api.url}/v1/emails`, {})
  await call(`GET ${api.url}/v1/project`, { key: project.fullKey, headers: { 'X-Request-ID': 'after' } })
  await lineOf('after')
  const id = headers.get('x-request-id') ?? ''
  expect(await api.db.selectFrom('api_requests').select('id').where('id', '=', id).execute()).toEqual([])
})

test('a key that is refused is listed in the log of its project, with why', async () => {
  const { projectId } = project.rows
  const fromElsewhere = await api.newKey(projectId, { allowedIps: ['192.0.2.1'] })
  const revoked = await api.newKey(projectId)
  const expired = await api.newKey(projectId, { expiresAt: inHours(1) })
  const ofBrowsers = await api.newKey(projectId, { kind: 'public' })
  const deadOfBrowsers = await api.newKey(projectId, { kind: 'public' })
  await api.db
    .updateTable('api_keys')
    .set({ revoked_at: new Date() })
    .where('project_id', '=', projectId)
    .where('id', 'in', [revoked.id, deadOfBrowsers.id])
    .execute()
  await api.db
    .updateTable('api_keys')
    .set({ expires_at: new Date(0) })
    .where('project_id', '=', projectId)
    .where('id', '=', expired.id)
    .execute()
  const refused = [
    ['address', fromElsewhere, 403, 'ADDRESS_NOT_ALLOWED'],
    ['revoked', revoked, 401, 'INVALID_API_KEY'],
    ['expired', expired, 401, 'INVALID_API_KEY'],
    ['public', ofBrowsers, 401, 'INVALID_API_KEY'],
    ['public-revoked', deadOfBrowsers, 401, 'INVALID_API_KEY'],
  ] as const
  const ways = { rest: '/v1/emails', trpc: '/trpc/emails.list?input={}' }
  const all = refused.flatMap(([name, { id: keyId, key }, status, code]) =>
    Object.entries(ways).map(([way, path]) => {
      const line = { operation: 'emails.list', status, code, keyId, userId: null }
      return { requestId: `${name}-${way}`, path, key, line }
    }),
  )
  for (const { requestId, path, key, line } of all) {
    const answer = await call(`GET ${api.url}${path}`, { key, headers: { 'X-Request-ID': requestId } })
    expect(answer.status).toBe(line.status)
  }
  for (const { requestId, line } of all) {
    expect(await lineOf(requestId)).toMatchObject(line)
    const { body } = await call(`GET ${api.url}/v1/requests?requestId=${requestId}`, { key: project.fullKey })
    expect(body.data).toMatchObject([line])
  }
})

test('what people change over their session is kept under their name, and what their pages read is not', async () => {
  const { projectId } = project.rows
  const { browser, userId } = await setUp(api)
  await browser.trpc('emails.list', {}, { projectId, headers: { 'X-Request-ID': 'read' } })
  await browser.trpc('inbox.clear', {}, { projectId, headers: { 'X-Request-ID': 'changed' } })
  expect(await lineOf('changed')).toMatchObject({ method: 'tRPC', operation: 'inbox.clear', userId, keyId: null })
  expect((await logged('read')).status).toBe(404)
})

test('each call of a tRPC request is listed by its own name and outcome, under the id of the request', async () => {
  const missing = project.rows.contactId
  const query = (headers: Record<string, string>) => {
    const input = JSON.stringify({ 0: {}, 1: { id: missing }, 2: {} })
    const paths = `project.get,emails.get,${SECRET_ADDRESS}`
    return call(`GET ${api.url}/trpc/${paths}?batch=1&input=${encodeURIComponent(input)}`, {
      key: project.fullKey,
      headers,
    })
  }
  const named = async (requestId: string) => {
    await lineOf(requestId)
    const { body } = await call(`GET ${api.url}/v1/requests?requestId=${requestId}`, { key: project.fullKey })
    return (body as { data: object[] }).data
  }
  const lines = [
    { operation: 'project.get', status: 200, code: null },
    { operation: 'emails.get', status: 404, code: 'EMAIL_NOT_FOUND' },
    { operation: 'unknown', status: 404, code: 'ROUTE_NOT_FOUND' },
  ]
  const answered = await query({})
  const own = answered.headers.get('x-request-id') ?? ''
  await query({ 'X-Request-ID': 'batch:1' })
  for (const id of [own, 'batch:1']) {
    const found = await named(id)
    expect(found).toHaveLength(lines.length)
    expect(found).toEqual(
      expect.arrayContaining(lines.map((line) => expect.objectContaining({ id, method: 'tRPC', ...line }))),
    )
  }
  await call(`GET ${api.url}/trpc/inbox.clear`, { key: project.fullKey, headers: { 'X-Request-ID': 'by-get' } })
  expect(await lineOf('by-get')).toMatchObject({ operation: 'inbox.clear', status: 405, code: 'METHOD_NOT_ALLOWED' })
  const { body } = await call(`GET ${api.url}/v1/requests?operation=emails.get&code=EMAIL_NOT_FOUND`, {
    key: project.fullKey,
  })
  expect((body as { data: object[] }).data).toContainEqual(expect.objectContaining({ id: own, method: 'tRPC' }))
})

test('a server that stops writes down what it still holds', async () => {
  const other = await startTestApi({ databaseUrl: api.databaseUrl })
  const { headers } = await call(`GET ${other.url}/v1/project`, { key: project.fullKey })
  await other.stop()
  expect((await logged(headers.get('x-request-id'))).status).toBe(200)
})
