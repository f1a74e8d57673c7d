import { SCOPES, type Scope } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { refusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let projectId: string
/** May do everything, keys included. */
let full: { id: string; key: string }

beforeAll(async () => {
  api = await startTestApi()
})

beforeEach(async () => {
  projectId = (await api.newProject()).project.id
  full = await api.newKey(projectId, { scopes: [...SCOPES] })
})

afterAll(() => api.stop())

const keys = (rest: string, body?: unknown, as = full.key) => {
  const [method, path = ''] = rest.split(' ')
  return call(`${method} ${api.url}/v1/keys${path}`, { key: as, body })
}
const statusOf = async (key: string) => (await call(`GET ${api.url}/v1/project`, { key })).status

async function auditOf(target: string) {
  const { rows } = await sql<{ action: string; actor: { kind: string; id: string }; ip: string | null; text: string }>`
    select action, actor, ip, to_jsonb(audit_log)::text as text from audit_log
    where project_id = ${projectId} and target = ${target} order by id
  `.execute(api.db)
  return rows
}

test('a secret key of a project cannot touch keys, one that was given the scopes can', async () => {
  const { secretKey } = await api.newProject()
  for (const [rest, body] of [
    ['GET'],
    ['POST', { name: 'A' }],
    [`POST /${full.id}/regenerate`, {}],
    [`DELETE /${full.id}`],
  ] as const) {
    expect(refusalOf(await keys(rest, body, secretKey))).toBe('INSUFFICIENT_SCOPE')
  }
  expect((await keys('POST', { name: 'A' })).status).toBe(201)
})

test('a regenerated key is dead when the answer arrives, and the new one is alive with the same rights', async () => {
  const scopes: Scope[] = ['project:read', 'emails:read']
  const old = await api.newKey(projectId, { name: 'CI', scopes, allowedIps: ['127.0.0.0/8'] })
  const { status, body } = await keys(`POST /${old.id}/regenerate`, {})
  expect(status).toBe(201)
  expect(await statusOf(old.key)).toBe(401)
  expect(await statusOf(body.key.key)).toBe(200)
  expect(body.replaced).toMatchObject({ id: old.id, status: 'revoked', replacedBy: body.key.id })
  expect(body.key).toMatchObject({ name: 'CI', scopes, allowedIps: ['127.0.0.0/8'], status: 'active' })
  expect(refusalOf(await keys(`POST /${old.id}/regenerate`, {}))).toBe('KEY_NOT_ACTIVE')

  const audit = await auditOf(old.id)
  expect(audit.map(({ action }) => action)).toEqual(['key.created', 'key.regenerated'])
  expect(audit[1]).toMatchObject({ actor: { kind: 'key', id: full.id }, ip: '127.0.0.1' })
  for (const { text } of audit) {
    expect(text).not.toContain(old.key)
    expect(text).not.toContain(body.key.key)
  }
})

test.each([
  ['1h', 3_600],
  ['24h', 86_400],
  ['7d', 604_800],
])('an overlap of %s keeps the old key alive until an end that is shown', async (overlap, seconds) => {
  const old = await api.newKey(projectId)
  const { body } = await keys(`POST /${old.id}/regenerate`, { overlap })
  expect(await statusOf(old.key)).toBe(200)
  expect(await statusOf(body.key.key)).toBe(200)
  const listed = (await keys('GET')).body.data.find(({ id }: { id: string }) => id === old.id)
  expect(listed).toEqual(body.replaced)
  expect(listed).toMatchObject({ status: 'expiring', replacedBy: body.key.id })
  expect(Math.abs(Date.parse(listed.expiresAt) - Date.now() - seconds * 1_000)).toBeLessThan(60_000)

  await sql`update api_keys set expires_at = now() where id = ${old.id}`.execute(api.db)
  expect(await statusOf(old.key)).toBe(401)
})

test('a second rotation inside the overlap ends the oldest key', async () => {
  const first = await api.newKey(projectId)
  const second = (await keys(`POST /${first.id}/regenerate`, { overlap: '24h' })).body.key
  const third = (await keys(`POST /${second.id}/regenerate`, { overlap: '24h' })).body.key
  expect([await statusOf(first.key), await statusOf(second.key), await statusOf(third.key)]).toEqual([401, 200, 200])
})

test('two who regenerate a key at once make one successor', async () => {
  const old = await api.newKey(projectId)
  const answers = await Promise.all(Array.from({ length: 8 }, () => keys(`POST /${old.id}/regenerate`, {})))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  for (const answer of answers.filter(({ status }) => status !== 201)) expect(refusalOf(answer)).toBe('KEY_NOT_ACTIVE')
})

test('a revoked key is dead when the answer arrives, and revoking it again changes nothing', async () => {
  const old = await api.newKey(projectId)
  expect((await keys(`DELETE /${old.id}`)).body).toMatchObject({ status: 'revoked' })
  expect(await statusOf(old.key)).toBe(401)
  const again = await keys(`DELETE /${old.id}`)
  expect(again.status).toBe(200)
  expect((await auditOf(old.id)).map(({ action }) => action)).toEqual(['key.created', 'key.revoked'])
})

test('a key can revoke itself', async () => {
  expect((await keys(`DELETE /${full.id}`)).status).toBe(200)
  expect(await statusOf(full.key)).toBe(401)
})

test('a key cannot make, regenerate or show one that may do more than it may itself', async () => {
  const limited = await api.newKey(projectId, { scopes: ['keys:write', 'keys:read', 'keys:reveal', 'emails:read'] })
  for (const body of [
    { name: 'A', scopes: ['emails:send'] },
    { name: 'A', scopes: ['emails:read', 'emails:send'] },
    { name: 'A' },
  ]) {
    expect(refusalOf(await keys('POST', body, limited.key))).toBe('SCOPE_NOT_HELD')
  }
  expect(refusalOf(await keys(`POST /${full.id}/regenerate`, {}, limited.key))).toBe('SCOPE_NOT_HELD')
  expect(refusalOf(await keys(`POST /${full.id}/reveal`, undefined, limited.key))).toBe('SCOPE_NOT_HELD')
  expect(await statusOf(full.key)).toBe(200)

  const made = await keys('POST', { name: 'A', scopes: ['emails:read'] }, limited.key)
  expect(made.status).toBe(201)
  expect((await keys(`POST /${made.body.id}/reveal`, undefined, limited.key)).body.key).toBe(made.body.key)
})

test('a public key holds nothing but reporting events', async () => {
  expect(refusalOf(await keys('POST', { name: 'A', kind: 'public', scopes: ['emails:send'] }))).toBe('VALIDATION_ERROR')
  const { body } = await keys('POST', { name: 'A', kind: 'public' })
  expect(body).toMatchObject({ kind: 'public', scopes: ['events:track'], key: expect.stringMatching(/^pk_ph_/) })
})

test('a key that expires works until then', async () => {
  expect(refusalOf(await keys('POST', { name: 'A', expiresAt: '2020-01-01T00:00:00Z' }))).toBe('VALIDATION_ERROR')
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const { body } = await keys('POST', { name: 'A', expiresAt })
  expect(body.expiresAt).toBe(expiresAt)
  expect(await statusOf(body.key)).toBe(200)
  await sql`update api_keys set expires_at = now() - interval '1 millisecond' where id = ${body.id}`.execute(api.db)
  expect(await statusOf(body.key)).toBe(401)
  expect(refusalOf(await keys(`POST /${body.id}/regenerate`, {}))).toBe('KEY_NOT_ACTIVE')
})

test.each([
  ['the address', ['127.0.0.1'], 'ok'],
  ['its network', ['127.0.0.0/8'], 'ok'],
  ['one network of several', ['192.0.2.0/24', '127.0.0.1/32'], 'ok'],
  ['any IPv4 address', ['0.0.0.0/0'], 'ok'],
  ['another address', ['127.0.0.2'], 'ADDRESS_NOT_ALLOWED'],
  ['another network', ['192.0.2.0/24', '2001:db8::/32'], 'ADDRESS_NOT_ALLOWED'],
  ['any IPv6 address', ['::/0'], 'ADDRESS_NOT_ALLOWED'],
])('a key bound to %s is checked against where it comes from', async (_, allowedIps, outcome) => {
  const { body } = await keys('POST', { name: 'A', allowedIps })
  expect(body.allowedIps).toEqual(allowedIps)
  const answer = await call(`GET ${api.url}/v1/project`, { key: body.key })
  expect(answer.status === 200 ? 'ok' : refusalOf(answer)).toBe(outcome)
})

test('no list and no answer but those of create, regenerate and reveal has a secret key in it', async () => {
  const made = await keys('POST', { name: 'A' })
  const listed = await keys('GET')
  const revoked = await keys(`DELETE /${made.body.id}`)
  for (const { text } of [listed, revoked]) {
    expect(text).not.toContain(made.body.key)
    expect(text).not.toContain(full.key)
    expect(text).not.toMatch(/"(key|hash|encrypted)"|sk_ph_\w/)
  }
  expect(listed.body.data[0].hint).toBe(`sk_ph_••••${made.body.key.slice(-4)}`)
})

test('no key can be read in the database', async () => {
  const { rows } = await sql<{ row: string }>`
    select to_jsonb(t)::text as row from api_keys t where id = ${full.id}
  `.execute(api.db)
  expect(rows).toHaveLength(1)
  expect(rows[0]?.row).not.toContain(full.key)
  expect(rows[0]?.row).not.toContain(Buffer.from(full.key).toString('hex'))
})

test('when a key was last used is written down without a write for each request', async () => {
  const used = await startTestApi({ databaseUrl: api.databaseUrl })
  const { id, key } = await api.newKey(projectId)
  const versions = new Set<string>()
  const look = async () => {
    const { rows } = await sql<{ version: string; at: Date | null; ip: string | null }>`
      select xmin::text as version, last_used_at as at, last_used_ip as ip from api_keys where id = ${id}
    `.execute(api.db)
    versions.add(rows[0]?.version ?? '')
    return rows[0]
  }
  await look()
  for (let request = 0; request < 20; request += 1) await call(`GET ${used.url}/v1/project`, { key })
  const begun = Date.now()
  await look()
  // Stopping writes down what is still in memory.
  await used.stop()
  const row = await look()
  expect(versions.size).toBe(2)
  expect(row?.ip).toBe('127.0.0.1')
  expect(Math.abs((row?.at?.getTime() ?? 0) - begun)).toBeLessThan(10_000)
  const listed = (await keys('GET')).body.data.find((listed: { id: string }) => listed.id === id)
  expect(listed).toMatchObject({ lastUsedAt: row?.at?.toISOString(), lastUsedIp: '127.0.0.1' })
})
