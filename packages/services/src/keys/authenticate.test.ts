import { KEY_SCOPES } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { anotherConnection, SECRET, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createRuntime } from '../runtime.ts'
import { authenticate } from './authenticate.ts'
import { makeKey } from './format.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const ask = (authorization: string | undefined, ip?: string) => authenticate(instance.runtime, { authorization, ip })
const bearer = (key: string, ip?: string) => ask(`Bearer ${key}`, ip)
const create = (change: object = {}) => project.call(['keys', 'create'], { name: 'A key', ...change })

test('a key stands for its project, with the scopes of its kind or those that it was given', async () => {
  const secret = await bearer(project.secretKey)
  expect(secret).toMatchObject({ kind: 'key', projectId: project.id, keyKind: 'secret', keyName: 'Secret key' })
  expect([...secret.scopes]).toEqual(KEY_SCOPES.secret)
  const open = await bearer(project.publicKey)
  expect(open).toMatchObject({ projectId: project.id, keyKind: 'public' })
  expect([...open.scopes]).toEqual(['events:track'])
  const narrow = await create({ scopes: ['emails:read', 'keys:read'] })
  expect([...(await bearer(narrow.key)).scopes]).toEqual(['emails:read', 'keys:read'])
})

test.each([undefined, '', 'Bearer', 'Bearer ', 'bearer KEY', 'Basic KEY', 'KEY', 'Bearer  KEY', 'Bearer KEY KEY'])(
  'the header %j is no way to send one',
  async (header) => {
    const authorization = header?.replaceAll('KEY', project.secretKey)
    await expect(ask(authorization)).rejects.toMatchObject({ code: 'MISSING_AUTH', status: 401 })
  },
)

const refusalOf = (key: string) => bearer(key).catch(({ code, message, suggestion }) => ({ code, message, suggestion }))

test('keys that are malformed, unknown, revoked or expired are refused in the same words', async () => {
  const revoked = await create()
  await project.call(['keys', 'revoke'], { id: revoked.id })
  const expired = await create({ expiresAt: new Date(Date.now() + 60_000).toISOString() })
  await sql`update api_keys set expires_at = now() where id = ${expired.id}`.execute(instance.db)
  const malformed = await refusalOf('sk_ph_x')
  expect(malformed).toMatchObject({ code: 'INVALID_API_KEY' })
  for (const key of [makeKey('secret'), revoked.key, expired.key, `${project.secretKey}x`, 'sk_live_x']) {
    expect(await refusalOf(key)).toEqual(malformed)
  }
  expect(await refusalOf('pk_ph_x')).toEqual(await refusalOf(makeKey('public')))
})

test('a wrong key learns which kind is needed', async () => {
  const messageOf = (token: string, needsSecretKey: boolean) =>
    authenticate(instance.runtime, { authorization: `Bearer ${token}`, ip: undefined, needsSecretKey }).catch(
      ({ code, message }) => `${code} ${message}`,
    )
  for (const key of [makeKey('public'), 'pk_ph_x', 'pk_live_x']) {
    expect(await messageOf(key, true)).toMatch(/^INVALID_API_KEY This needs a secret key \(sk_…\)/)
    expect(await messageOf(key, false)).toBe('INVALID_API_KEY This is not a valid public key (pk_…).')
  }
  for (const key of [makeKey('secret'), 'sk_ph_x', 'whatever']) {
    expect(await messageOf(key, true)).toBe('INVALID_API_KEY This needs a valid secret key (sk_…).')
    expect(await messageOf(key, false)).toBe('INVALID_API_KEY This is not a valid secret key (sk_…).')
  }
})

test('whose a refused key is, is told to who asks for it, as long as its project lives', async () => {
  const told: string[] = []
  const attempt = (key: string) =>
    authenticate(instance.runtime, {
      authorization: `Bearer ${key}`,
      ip: '203.0.113.9',
      onKnown: ({ id, projectId }) => told.push(`${projectId} ${id}`),
    }).catch(() => {})
  const { id, key } = await create({ allowedIps: ['192.0.2.1'] })
  const revoked = await create()
  await project.call(['keys', 'revoke'], { id: revoked.id })
  for (const one of [key, revoked.key, makeKey('secret'), 'sk_ph_x']) await attempt(one)
  expect(told).toEqual([`${project.id} ${id}`, `${project.id} ${revoked.id}`])
  const over = await instance.project()
  await instance.db.updateTable('projects').set({ deleted_at: new Date() }).where('id', '=', over.id).execute()
  await attempt(over.secretKey)
  expect(told).toHaveLength(2)
})

test('a typo is refused without asking the database', async () => {
  const gone = connect('postgres://posthorn@127.0.0.1:1/posthorn')
  const runtime = createRuntime({ db: gone.db, secret: SECRET, captures: true })
  onTestFinished(async () => {
    await runtime.close()
    await gone.close()
  })
  const typo = `${project.secretKey.slice(0, -1)}${project.secretKey.endsWith('a') ? 'b' : 'a'}`
  await expect(authenticate(runtime, { authorization: `Bearer ${typo}`, ip: undefined })).rejects.toMatchObject({
    code: 'INVALID_API_KEY',
  })
  const request = authenticate(runtime, { authorization: `Bearer ${project.secretKey}`, ip: undefined })
  await expect(request).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', status: 503 })
})

test('a key that is revoked is dead at once in every process, whatever was looked up before', async () => {
  const { id, key } = await create()
  const there = createRuntime({ db: anotherConnection(instance), secret: SECRET, captures: true })
  onTestFinished(() => there.close())
  const everywhere = () =>
    Promise.allSettled(
      [instance.runtime, there].flatMap((runtime) =>
        [1, 2, 3].map(() => authenticate(runtime, { authorization: `Bearer ${key}`, ip: undefined })),
      ),
    )
  expect((await everywhere()).every(({ status }) => status === 'fulfilled')).toBe(true)
  const racing = everywhere()
  await project.call(['keys', 'revoke'], { id })
  const after = await everywhere()
  expect(after.every(({ status }) => status === 'rejected')).toBe(true)
  await racing
})

test('whether a key has expired is for the clock of the database to say', async () => {
  const { id, key } = await create({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
  await bearer(key)
  await sql`update api_keys set expires_at = now() + interval '1 day' where id = ${id}`.execute(instance.db)
  await bearer(key)
  await sql`update api_keys set expires_at = now() where id = ${id}`.execute(instance.db)
  await expect(bearer(key)).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
})

describe('a key that is bound to addresses', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.7', '::ffff:203.0.113.7', true],
    ['203.0.113.7', '::ffff:cb00:7107', true],
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['203.0.113.9/24', '203.0.113.1', true],
    ['203.0.113.0/32', '203.0.113.0', true],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::ffff:203.0.113.7', '203.0.113.7', true],
    ['::ffff:203.0.113.0/120', '203.0.113.99', true],
    ['::ffff:203.0.113.0/120', '::ffff:203.0.113.99', true],
    ['::ffff:203.0.113.0/120', '203.0.114.1', false],
    ['::ffff:0:0/96', '198.51.100.1', true],
    ['2001:db8::1', '2001:db8::1', true],
    ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', true],
    ['2001:db8::1', '2001:db8::2', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '203.0.113.7', false],
    ['203.0.113.7', undefined, false],
    ['203.0.113.7', 'nonsense', false],
    ['203.0.113.7', '', false],
  ])('%s: from %s it works: %s', async (allowed, ip, works) => {
    const { key } = await create({ allowedIps: ['192.0.2.1', allowed] })
    const outcome = await bearer(key, ip).catch((error: unknown) => error)
    expect(outcome).toMatchObject(works ? { projectId: project.id } : { code: 'ADDRESS_NOT_ALLOWED', status: 403 })
  })

  test('to none works from everywhere', async () => {
    for (const ip of [undefined, '203.0.113.7', '::1']) expect(await bearer(project.secretKey, ip)).toBeDefined()
  })
})

test('many look-ups at once find each its own key', async () => {
  const keys = await Promise.all(Array.from({ length: 30 }, (_, index) => create({ name: `Key ${index}` })))
  const actors = await Promise.all([...keys, ...keys].map(({ key }) => bearer(key)))
  expect(actors.map((actor) => actor.kind === 'key' && actor.keyId)).toEqual([...keys, ...keys].map(({ id }) => id))
})
