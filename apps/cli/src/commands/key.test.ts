import { invoke } from '@posthorn/services'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

test('a key is made as asked, shown again, replaced with an overlap and ended, and the audit log has it all', async () => {
  const { project } = await scene.newProject()
  const wishes = ['--scope', 'emails:send', '--scope', 'emails:read', '--expires', '90d', '--allow-ip', '192.0.2.0/24']
  const made = await scene.json(['key', 'create', '--name', 'CI', ...wishes])
  expect(made).toMatchObject({
    name: 'CI',
    kind: 'secret',
    scopes: ['emails:send', 'emails:read'],
    allowedIps: ['192.0.2.0/24'],
  })
  expect(new Date(made.expiresAt).getTime() / 86_400_000).toBeCloseTo(Date.now() / 86_400_000 + 90, 2)
  expect(await scene.actorOf(made.key)).toMatchObject({ keyId: made.id })

  expect((await scene.json(['key', 'reveal', made.id])).key).toBe(made.key)

  const { key: next, replaced } = await scene.json(['key', 'regenerate', made.id, '--overlap', '1h'])
  expect(replaced).toMatchObject({ id: made.id, status: 'expiring', replacedBy: next.id })
  await scene.actorOf(made.key)

  const ended = await scene.json(['key', 'revoke', made.id, '--project', project.name])
  expect(ended).toMatchObject({ id: made.id, status: 'revoked' })
  await expect(scene.actorOf(made.key)).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
  await scene.actorOf(next.key)

  const entries = await scene.db
    .selectFrom('audit_log')
    .select(['action', 'actor'])
    .where('project_id', '=', project.id)
    .where('target', '=', made.id)
    .orderBy('id')
    .execute()
  expect(entries).toEqual(
    ['key.created', 'key.revealed', 'key.regenerated', 'key.revoked'].map((action) => ({
      action,
      actor: { kind: 'system' },
    })),
  )
})

test('the list of keys has every key and shows no secret', async () => {
  const { project, secretKey, publicKey } = await scene.newProject()
  const ctx = scene.contextOf(project.id)
  for (let count = 0; count < 100; count += 1)
    await invoke(ctx, ['keys', 'create'], { name: `Key ${count}`, kind: 'public' })
  const [json, plain] = await Promise.all([scene.posthorn(['key', 'list', '--json']), scene.posthorn(['key', 'list'])])
  expect(JSON.parse(json.stdout).data).toHaveLength(102)
  expect(plain.stdout.trimEnd().split('\n')).toHaveLength(103)
  for (const shown of [json.stdout, plain.stdout]) {
    expect(shown).not.toContain(secretKey)
  }
  expect(plain.stdout).not.toContain(publicKey)
})

test('without POSTHORN_SECRET only what seals or opens a secret key fails, and says so', async () => {
  const { project } = await scene.newProject()
  const without = { POSTHORN_SECRET: undefined }
  const create = ['key', 'create', '--name', 'New']
  const [refused, made, list] = await Promise.all([
    scene.posthorn([...create, '--json'], without),
    scene.json([...create, '--kind', 'public'], without),
    scene.json(['key', 'list'], without),
  ])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(JSON.parse(refused.stderr).error).toEqual({
    code: 'CONFIGURATION',
    message: expect.stringMatching(/^Set POSTHORN_SECRET to the master key of this instance/),
  })
  expect(made).toMatchObject({ kind: 'public' })
  const secret = list.data.find(({ kind }: { kind: string }) => kind === 'secret')
  expect(await scene.posthorn(['key', 'reveal', secret.id], without)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Set POSTHORN_SECRET/),
  })
  expect(await scene.json(['key', 'revoke', secret.id], without)).toMatchObject({ status: 'revoked' })
  const { data } = await scene.json(['key', 'list', '--project', project.id], without)
  expect(data.map(({ name }: { name: string }) => name).toSorted()).toEqual(['New', 'Public key', 'Secret key'])
})

test('values that the contract refuses are named by their options', async () => {
  await scene.newProject()
  const { code, stderr } = await scene.posthorn(['key', 'create', '--name', 'x', '--scope', 'all', '--expires', 'soon'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^--scope: .*emails:send.* --expires: Expected a date and time/)
})
