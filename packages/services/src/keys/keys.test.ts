import { KEY_SCOPES, type Scope } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { keyActor, SECRET, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { systemActor } from '../context.ts'
import { newId } from '../ids.ts'
import { invoke } from '../invoke.ts'
import { ownProject } from '../people/own-project.ts'
import { createRuntime } from '../runtime.ts'
import { createSecretBox } from '../secrets.ts'
import { authenticate } from './authenticate.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const create = (change: object = {}, context: object = {}) =>
  project.call(['keys', 'create'], { name: 'A key', ...change }, context)
const regenerate = (id: string, overlap: 'now' | '1h' | '24h' | '7d' = 'now') =>
  project.call(['keys', 'regenerate'], { id, overlap })
const revoke = (id: string) => project.call(['keys', 'revoke'], { id })
const reveal = (id: string, context: object = {}) => project.call(['keys', 'reveal'], { id }, context)
const list = async () => (await project.call(['keys', 'list'], { limit: 100 })).data
const works = (key: string) =>
  authenticate(instance.runtime, { authorization: `Bearer ${key}`, ip: undefined }).then(
    () => true,
    () => false,
  )

async function auditLog() {
  return instance.db.selectFrom('audit_log').selectAll().where('project_id', '=', project.id).orderBy('id').execute()
}

test('the project of Posthorn’s own mail has none, not even by the operator', async () => {
  const own = await ownProject(instance.db)
  const ctx = { db: instance.db, runtime: instance.runtime, actor: systemActor(own), requestId: 'test' }
  await expect(invoke(ctx, ['keys', 'create'], { name: 'A way in' })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  const stored = await instance.db.selectFrom('api_keys').select('id').where('project_id', '=', own).execute()
  expect(stored).toEqual([])
})

test('a key is shown once when it is made, and listed by its ends', async () => {
  const expiresAt = '2099-01-01T00:00:00.000Z'
  const made = await create({ name: ' CI ', scopes: ['emails:send'], allowedIps: ['203.0.113.0/24'], expiresAt })
  expect(made.key).toMatch(/^sk_ph_/)
  expect(await works(made.key)).toBe(false)
  const { key, ...shown } = made
  expect(shown).toEqual({
    id: expect.any(String),
    name: 'CI',
    kind: 'secret',
    status: 'active',
    hint: `sk_ph_••••${key.slice(-4)}`,
    publicKey: null,
    scopes: ['emails:send'],
    allowedIps: ['203.0.113.0/24'],
    createdAt: expect.any(String),
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    lastUsedIp: null,
    replacedBy: null,
  })
  expect((await list())[0]).toEqual(shown)
})

test('a public key is listed as it is, and a secret one is not', async () => {
  expect((await list()).map(({ kind, publicKey }) => [kind, publicKey])).toEqual([
    ['public', project.publicKey],
    ['secret', null],
  ])
})

test('no secret key stands in the database in a form that could be read', async () => {
  const { key } = await create()
  const keys = [key, project.secretKey]
  const tables = ['api_keys', 'audit_log', 'projects', 'idempotency_keys']
  for (const table of tables) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(table)} t`.execute(instance.db)
    for (const { text } of rows) {
      for (const one of keys) {
        expect(text).not.toContain(one.slice(6, 30))
        expect(text).not.toContain(Buffer.from(one).toString('hex').slice(12, 60))
        expect(text).not.toContain(Buffer.from(one).toString('base64').slice(8, 40))
      }
    }
  }
  const rows = await instance.db.selectFrom('api_keys').selectAll().where('project_id', '=', project.id).execute()
  for (const row of rows.filter(({ kind }) => kind === 'secret')) {
    expect(row.public_key).toBeNull()
    expect(keys).toContain(createSecretBox(SECRET).open(row.encrypted as Buffer, row.id))
    expect(() => createSecretBox(`${SECRET}!`).open(row.encrypted as Buffer, row.id)).toThrow(/unable to authenticate/)
  }
})

test('a key that another master key sealed works and can be replaced, but not shown', async () => {
  const { id, key } = await create({ name: 'Sealed' })
  const runtime = createRuntime({ db: instance.db, secret: `${SECRET}!`, captures: true })
  onTestFinished(() => runtime.close())
  const there = instance.through(runtime, project)
  await expect(there.call(['keys', 'reveal'], { id })).rejects.toMatchObject({ code: 'KEY_NOT_READABLE', status: 409 })
  expect((await auditLog()).filter(({ action }) => action === 'key.revealed')).toEqual([])
  expect(await authenticate(runtime, { authorization: `Bearer ${key}`, ip: undefined })).toMatchObject({ keyId: id })
  const { key: successor } = await there.call(['keys', 'regenerate'], { id })
  expect((await there.call(['keys', 'reveal'], { id: successor.id })).key).toBe(successor.key)
})

test('a key can be shown again, and each time is written down', async () => {
  const keys = await list()
  expect(await Promise.all(keys.map(async ({ id }) => (await reveal(id)).key))).toEqual([
    project.publicKey,
    project.secretKey,
  ])
  const actor = keyActor(project.id)
  await reveal(keys[1]!.id, { actor, ip: '203.0.113.7' })
  const acts = (await auditLog()).filter(({ action }) => action === 'key.revealed')
  expect(acts).toHaveLength(3)
  expect(acts.at(-1)).toMatchObject({
    target: keys[1]!.id,
    ip: '203.0.113.7',
    actor: { kind: 'key', id: actor.keyId, name: 'Test key' },
    detail: { hint: keys[1]!.hint },
  })
})

test('revoking ends a key once, and says the same when it is asked again', async () => {
  const { id, key } = await create()
  const revoked = await revoke(id)
  expect(revoked).toMatchObject({ status: 'revoked', revokedAt: expect.any(String) })
  expect(await works(key)).toBe(false)
  expect(await revoke(id)).toEqual(revoked)
  expect(await Promise.all([revoke(id), revoke(id)])).toEqual([revoked, revoked])
  expect((await auditLog()).filter(({ action }) => action === 'key.revoked')).toHaveLength(1)
})

describe('nobody comes by a key that may do more than they may themselves', () => {
  const holding = (...scopes: Scope[]) => ({ actor: keyActor(project.id, scopes) })

  test('by making one', async () => {
    await expect(create({}, holding('keys:write'))).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD', status: 403 })
    await expect(create({ scopes: ['emails:send'] }, holding('keys:write', 'emails:read'))).rejects.toMatchObject({
      code: 'SCOPE_NOT_HELD',
      message: 'A key cannot grant what it does not hold: emails:send.',
    })
    const narrow = await create({ scopes: ['keys:write'] }, holding('keys:write', 'emails:read'))
    expect(narrow.scopes).toEqual(['keys:write'])
  })

  test('by replacing one or having it shown', async () => {
    const { id } = await create()
    const actor = holding('keys:write', 'keys:reveal', 'emails:send')
    for (const verb of ['regenerate', 'reveal'] as const) {
      await expect(project.call(['keys', verb], { id }, actor)).rejects.toMatchObject({ code: 'SCOPE_NOT_HELD' })
    }
    expect((await list()).find((key) => key.id === id)?.status).toBe('active')
    const narrow = await create({ scopes: ['emails:send'] })
    expect((await reveal(narrow.id, actor)).key).toBe(narrow.key)
    const all = holding('keys:reveal', ...KEY_SCOPES.secret)
    expect((await reveal(id, all)).key).toMatch(/^sk_ph_/)
  })

  test('and a public key never holds more than reporting events', async () => {
    await expect(create({ kind: 'public', scopes: ['emails:send'] })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'scopes', message: 'A public key cannot hold emails:send.' }],
    })
    expect((await create({ kind: 'public' })).scopes).toEqual(['events:track'])
  })

  test('a secret key does not hold the scopes of keys unless it was given them', async () => {
    const { scopes } = await create()
    expect(scopes).toEqual(KEY_SCOPES.secret)
    expect((await create({ scopes: ['keys:read'] })).scopes).toEqual(['keys:read'])
  })
})

test('an end that has passed is refused', async () => {
  const request = create({ expiresAt: new Date(Date.now() - 1).toISOString() })
  await expect(request).rejects.toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ field: 'expiresAt' }] })
})

test('a key of another project is not found, like one that is missing, whatever is asked of it', async () => {
  const { id, key } = await create()
  const other = await instance.project('Other')
  const ask = (id: string) =>
    Promise.all(
      (['regenerate', 'reveal', 'revoke'] as const).map((verb) => other.call(['keys', verb], { id }).catch(String)),
    )
  const missing = await ask(newId())
  expect(new Set(missing)).toEqual(new Set(['ApiError: The project has no such key.']))
  expect(await ask(id)).toEqual(missing)
  expect(await works(key)).toBe(true)
  expect((await other.call(['keys', 'list'], {})).data.map((listed) => listed.id)).not.toContain(id)
})

describe('the audit log', () => {
  test('has every act on a key, with no secret in it', async () => {
    const made = await create({ name: 'Audited' })
    const { key } = await regenerate(made.id, '1h')
    await reveal(key.id)
    await revoke(key.id)
    const log = await auditLog()
    expect(log.map(({ action, target }) => [action, target])).toEqual([
      ['project.created', project.id],
      ['key.created', made.id],
      ['key.regenerated', made.id],
      ['key.revealed', key.id],
      ['key.revoked', key.id],
    ])
    expect(log.every(({ actor }) => actor.kind === 'system')).toBe(true)
    for (const secret of [made.key, key.key, project.secretKey]) {
      expect(JSON.stringify(log)).not.toContain(secret.slice(6, -4))
    }
  })

  test('keeps nothing of an act that was undone', async () => {
    const { id } = await create()
    const undone = instance.db.transaction().execute(async (db) => {
      await project.call(['keys', 'revoke'], { id }, { db })
      throw new Error('undo')
    })
    await expect(undone).rejects.toThrow('undo')
    expect((await auditLog()).map(({ action }) => action)).toEqual(['project.created', 'key.created'])
  })

  test.each(['update audit_log set action = action', 'delete from audit_log', 'truncate audit_log'])(
    'refuses to %s',
    async (statement) => {
      await expect(sql.raw(statement).execute(instance.db)).rejects.toThrow('the audit log is append-only')
    },
  )
})

test('keys are listed newest first, page by page', async () => {
  for (let index = 0; index < 5; index += 1) await create({ name: `Key ${index}` })
  const first = await project.call(['keys', 'list'], { limit: 4 })
  const rest = await project.call(['keys', 'list'], { limit: 4, cursor: first.cursor as string })
  expect([...first.data, ...rest.data].map(({ name }) => name)).toEqual([
    'Key 4',
    'Key 3',
    'Key 2',
    'Key 1',
    'Key 0',
    'Public key',
    'Secret key',
  ])
  expect(rest).toMatchObject({ hasMore: false, cursor: null })
})
