import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
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
const list = async () => (await project.call(['keys', 'list'], { limit: 100 })).data
const works = (key: string) =>
  authenticate(instance.runtime, { authorization: `Bearer ${key}`, ip: undefined }).then(
    () => true,
    () => false,
  )

async function auditLog() {
  return instance.db.selectFrom('audit_log').selectAll().where('project_id', '=', project.id).orderBy('id').execute()
}

async function inSeconds(at: string | null): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    select round(extract(epoch from ${at}::timestamptz - now()))::int as seconds`.execute(instance.db)
  return rows[0]!.seconds
}

describe('regenerating', () => {
  test('kills the old key before it answers, and the new one is like it', async () => {
    const old = await create({
      scopes: ['emails:read'],
      allowedIps: ['203.0.113.7'],
      expiresAt: '2099-01-01T00:00:00Z',
    })
    const { key, replaced } = await regenerate(old.id)
    expect(replaced).toMatchObject({ id: old.id, status: 'revoked', replacedBy: key.id })
    const like = ({ name, kind, scopes, allowedIps, expiresAt }: typeof key) => ({
      name,
      kind,
      scopes,
      allowedIps,
      expiresAt,
    })
    expect(like(key)).toEqual(like(old))
    expect(key.key).not.toBe(old.key)
    const from = { ip: '203.0.113.7' }
    await expect(authenticate(instance.runtime, { authorization: `Bearer ${old.key}`, ...from })).rejects.toMatchObject(
      { code: 'INVALID_API_KEY' },
    )
    expect(await authenticate(instance.runtime, { authorization: `Bearer ${key.key}`, ...from })).toMatchObject({
      keyId: key.id,
      scopes: new Set(['emails:read']),
    })
  })

  test.each([
    ['1h', 3_600],
    ['24h', 86_400],
    ['7d', 604_800],
  ] as const)('with an overlap of %s lets the old key live that long, and shows its end', async (overlap, seconds) => {
    const old = await create()
    const { key, replaced } = await regenerate(old.id, overlap)
    expect(replaced).toMatchObject({ status: 'expiring', replacedBy: key.id, revokedAt: null })
    expect(await inSeconds(replaced.expiresAt)).toBe(seconds)
    expect(await works(old.key)).toBe(true)
    await sql`update api_keys set expires_at = now() where id = ${old.id}`.execute(instance.db)
    expect(await works(old.key)).toBe(false)
    expect(await works(key.key)).toBe(true)
    expect((await list()).find(({ id }) => id === old.id)?.status).toBe('expired')
  })

  test('an overlap does not lengthen the life of a key that ends before', async () => {
    const expiresAt = new Date(Date.now() + 600_000).toISOString()
    const old = await create({ expiresAt })
    const { key, replaced } = await regenerate(old.id, '7d')
    expect(replaced.expiresAt).toBe(expiresAt)
    expect(key.expiresAt).toBe(expiresAt)
  })

  test('again within the overlap ends the oldest, so that never more than two live', async () => {
    const first = await create()
    const second = (await regenerate(first.id, '24h')).key
    const third = (await regenerate(second.id, '24h')).key
    expect(await Promise.all([first, second, third].map(({ key }) => works(key)))).toEqual([false, true, true])
    const fourth = (await regenerate(third.id)).key
    expect(await Promise.all([second, third, fourth].map(({ key }) => works(key)))).toEqual([false, false, true])
    const act = (await auditLog()).findLast(({ action }) => action === 'key.regenerated')
    expect(act?.detail).toMatchObject({ overlap: 'now', successor: fourth.id, ended: [second.id] })
  })

  test('many times at once makes one successor', async () => {
    for (const overlap of ['now', '24h'] as const) {
      const { id } = await create()
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => regenerate(id, overlap)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject(
          outcome.status === 'fulfilled' ? {} : { reason: { code: 'KEY_NOT_ACTIVE', status: 409 } },
        )
      }
      const successor = (await list()).find((key) => key.id === id)?.replacedBy
      expect((await list()).filter(({ status, name }) => status === 'active' && name === 'A key')).toMatchObject([
        { id: successor },
      ])
      await revoke(successor as string)
    }
  })

  test.each(['revoked', 'expired', 'expiring'])('is refused for a key that is %s', async (status) => {
    const { id } = await create({ expiresAt: '2099-01-01T00:00:00Z' })
    if (status === 'revoked') await revoke(id)
    if (status === 'expired') await sql`update api_keys set expires_at = now() where id = ${id}`.execute(instance.db)
    if (status === 'expiring') await regenerate(id, '1h')
    await expect(regenerate(id)).rejects.toMatchObject({ code: 'KEY_NOT_ACTIVE', message: `This key is ${status}.` })
  })

  test('a public key makes a public key', async () => {
    const { id } = (await list()).find(({ kind }) => kind === 'public')!
    const { key } = await regenerate(id)
    expect(key).toMatchObject({ kind: 'public', scopes: ['events:track'], key: expect.stringMatching(/^pk_ph_/) })
    expect(await works(project.publicKey)).toBe(false)
  })
})
