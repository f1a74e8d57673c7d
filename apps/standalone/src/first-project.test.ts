import type { WireInput } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import { createRuntime, invoke, newId, systemActor, trustDomain } from '@posthorn/services'
import { testDatabase } from '@posthorn/testkit/database'
import { expect, onTestFinished, test } from 'vitest'
import { firstProjectKeys, type ShownKeys } from './first-project.ts'
import { greeting } from './greeting.ts'

const SECRET = 'a master key of at least thirty-two characters'
const OTHER_SECRET = 'another master key of at least thirty-two'

/** An instance that has been started once. */
async function started() {
  const database = await testDatabase()
  const { db, close } = connect(database.connectionString, { poolSize: 2 })
  const start = (secret = SECRET) =>
    firstProjectKeys({ databaseUrl: database.connectionString, secret, captures: true })
  const first = await start()
  onTestFinished(async () => {
    await close()
    await database.drop()
  })
  const { id } = await db.selectFrom('projects').select('id').executeTakeFirstOrThrow()
  const contextUnder = (secret: string) => {
    const runtime = createRuntime({ db, secret, captures: true })
    onTestFinished(() => runtime.close())
    return { db, runtime, actor: systemActor(id), requestId: newId() }
  }
  const ctx = contextUnder(SECRET)
  const keyOf = async (kind: string) => {
    const { data } = await invoke(ctx, ['keys', 'list'], { limit: 100 })
    return data.findLast((key) => key.kind === kind)?.id ?? ''
  }
  return {
    first,
    start,
    setUp: () => db.updateTable('instance_setup').set({ completed_at: new Date() }).execute(),
    trust: (domain: string) => trustDomain(db, id, domain),
    create: (wanted: Omit<WireInput<'keys', 'create'>, 'name'> = {}, secret = SECRET) =>
      invoke(contextUnder(secret), ['keys', 'create'], { name: 'Test', ...wanted }),
    async revokeFirst(kind: 'secret' | 'public' = 'secret') {
      await invoke(ctx, ['keys', 'revoke'], { id: await keyOf(kind) })
    },
    revealed: async () =>
      (await db.selectFrom('audit_log').select('target').where('action', '=', 'key.revealed').execute()).length,
  }
}

const greetingOf = (keys: ShownKeys, inboxPort?: number) =>
  greeting({ url: 'http://localhost:3000', keys, inboxPort, notes: [], setUpUrl: undefined })

test('the first start makes a project, and later ones greet with the same keys and keep that they did', async () => {
  const { first, start, revealed } = await started()
  expect(first).toEqual({
    projectId: expect.any(String),
    projectName: 'My project',
    secretKey: expect.stringMatching(/^sk_ph_/),
    publicKey: expect.stringMatching(/^pk_ph_/),
    areInDashboard: false,
    hasSealedKeys: false,
    mayRelay: false,
  })
  const before = await revealed()
  expect(await start()).toEqual(first)
  expect(await revealed()).toBe(before + 2)
  expect(greetingOf(first, 2525)).toContain(`Bearer ${first.secretKey}`)
})

test('once there is an account, a start shows no key, and says where they are', async () => {
  const { first, start, setUp, revealed } = await started()
  await setUp()
  const before = await revealed()
  const keys = await start()
  expect(await revealed()).toBe(before)
  const text = greetingOf(keys, 2525)
  expect(text).toContain('  keys        in the dashboard, under Settings › API keys\n')
  expect(text).toContain('Bearer sk_ph_…')
  for (const key of [first.secretKey, first.publicKey]) expect(text).not.toContain(key)
})

test('the oldest keys are chosen, whatever was made since', async () => {
  const { first, start, create } = await started()
  await create()
  await create({ kind: 'public' })
  expect(await start()).toEqual(first)
})

test.each<[string, Omit<WireInput<'keys', 'create'>, 'name'>]>([
  ['is narrowed to some scopes', { scopes: ['emails:read'] }],
  ['may make keys', { scopes: ['emails:send', 'keys:write'] }],
  ['works from some addresses alone', { allowedIps: ['192.0.2.1'] }],
])('a key that %s is not printed', async (_, wanted) => {
  const { start, create, revokeFirst, revealed } = await started()
  await create(wanted)
  await revokeFirst()
  const before = await revealed()
  const keys = await start()
  expect(keys).toMatchObject({ secretKey: undefined, hasSealedKeys: false })
  expect(await revealed()).toBe(before + 1)
  expect(greetingOf(keys, 2525)).toMatch(
    /secret key {2}none is active; make one with: pnpm posthorn key create --name /,
  )
})

test('after the first keys were revoked, their successors are printed', async () => {
  const { start, create, revokeFirst } = await started()
  const [secret, open] = [await create(), await create({ kind: 'public' })]
  await revokeFirst('secret')
  await revokeFirst('public')
  expect(await start()).toMatchObject({ secretKey: secret.key, publicKey: open.key })
})

test('under another master key the start says that the secret key cannot be shown, and shows the rest', async () => {
  const { first, start } = await started()
  const keys = await start(OTHER_SECRET)
  expect(keys).toEqual({ ...first, secretKey: undefined, hasSealedKeys: true })
  const text = greetingOf(keys, 2525)
  expect(text).toMatch(
    /secret key {2}works, but cannot be shown: it was made under another master key \(POSTHORN_SECRET\)/,
  )
  expect(text).toContain('Bearer sk_ph_…')
})

test('under another master key, one that was made under that is shown', async () => {
  const { start, create } = await started()
  const { key } = await create({}, OTHER_SECRET)
  expect(await start(OTHER_SECRET)).toMatchObject({ secretKey: key, hasSealedKeys: false })
})

test('where mail goes to a relay, the greeting says to trust a domain first, until one is trusted', async () => {
  const { first, start, trust } = await started()
  const hint = `  pnpm posthorn domain trust YOUR-DOMAIN --project ${first.projectId}`
  const text = greetingOf(first)
  expect(text.split('\n')).toContain(hint)
  expect(text.indexOf(hint)).toBeLessThan(text.indexOf('curl'))
  expect(text).toContain(`-d '{"from":"hello@YOUR-DOMAIN","to":"ada@example.com",`)
  expect(greetingOf(first, 2525)).not.toContain('YOUR-DOMAIN')

  await trust('example.com')
  const later = await start()
  expect(later).toEqual({ ...first, mayRelay: true })
  expect(greetingOf(later)).not.toContain('YOUR-DOMAIN')
  expect(greetingOf(later)).toContain(`-d '{"to":"ada@example.com",`)
})
