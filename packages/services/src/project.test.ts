import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { auditOf } from '../test/people.ts'
import { trustDomain } from './domains.ts'
import { createRuntime } from './runtime.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project('Acme')
})

afterAll(() => instance.close())

const update = (changes: object) => project.call(['project', 'update'], changes)
const get = () => project.call(['project', 'get'], {})

test('a new project speaks English, lives by UTC, and keeps everything', async () => {
  expect(await get()).toMatchObject({ language: 'en', timeZone: 'UTC', postalAddress: null, retentionDays: null })
})

test('each setting is changed alone, and kept in its one form', async () => {
  const before = await get()
  const changes: [object, object][] = [
    [{ name: ' Acme Inc. ' }, { name: 'Acme Inc.' }],
    [
      { defaultSender: 'Shop <SHOP@Bücher.example>' },
      { defaultSender: { email: 'shop@xn--bcher-kva.example', name: 'Shop' } },
    ],
    [{ defaultSender: 'shop@acme.example' }, { defaultSender: { email: 'shop@acme.example', name: null } }],
    [{ language: 'de-at' }, { language: 'de-AT' }],
    [{ timeZone: 'europe/vienna' }, { timeZone: 'Europe/Vienna' }],
    [{ postalAddress: ' Acme\nMain Street 1\nVienna ' }, { postalAddress: 'Acme\nMain Street 1\nVienna' }],
    [{ postalAddress: null }, { postalAddress: null }],
    [{ retentionDays: 90 }, { retentionDays: 90 }],
    [{ retentionDays: null }, { retentionDays: null }],
    [{ browserFields: ['plan', 'seen', 'plan'] }, { browserFields: ['plan', 'seen'] }],
    [{ browserFields: [] }, { browserFields: [] }],
  ]
  let expected = before
  for (const [change, kept] of changes) {
    expected = { ...expected, ...kept }
    expect(await update(change)).toEqual(expected)
  }
  expect(await get()).toEqual(expected)
})

test.each([
  { name: ' ' },
  { name: 'a\r\nb' },
  { defaultSender: 'nobody' },
  { language: 'klingonese' },
  { timeZone: '+02:00' },
  { postalAddress: '' },
  { postalAddress: 'a\0b' },
  { retentionDays: 0 },
  { retentionDays: 1.5 },
])('%j is refused, and nothing of the request is done', async (wrong) => {
  const before = await get()
  const [field] = Object.keys(wrong)
  await expect(update({ name: 'Other', language: 'fr', ...wrong })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    errors: [{ field }],
  })
  expect(await get()).toEqual(before)
})

test('the default sender is of a trusted domain, where mail leaves the house', async () => {
  const runtime = createRuntime({ db: instance.db, secret: 'x'.repeat(32), captures: false })
  const { call } = instance.through(runtime, project)
  const refused = call(['project', 'update'], { defaultSender: 'hello@acme.test', name: 'Other' })
  await expect(refused).rejects.toMatchObject({ code: 'SENDER_UNVERIFIED' })
  expect((await get()).name).toBe('Acme')
  await trustDomain(instance.db, project.id, 'acme.test')
  const { defaultSender } = await call(['project', 'update'], { defaultSender: 'Acme <hello@acme.test>' })
  expect(defaultSender).toEqual({ email: 'hello@acme.test', name: 'Acme' })
  const { emails } = await call(['emails', 'send'], { to: 'ada@example.com', subject: 'Hello', text: 'Hello' })
  expect((await call(['emails', 'get'], { id: emails[0]!.email })).from).toEqual({
    email: 'hello@acme.test',
    name: 'Acme',
  })
  await runtime.close()
})

test('the audit log says what changed from what to what, and nothing where nothing did', async () => {
  const actor = keyActor(project.id)
  await project.call(['project', 'update'], { language: 'de', retentionDays: 30 }, { actor, ip: '203.0.113.7' })
  await update({ language: 'de' })
  await update({})
  expect((await auditOf(instance, project.id)).filter(({ action }) => action === 'project.updated')).toEqual([
    {
      action: 'project.updated',
      actor: { kind: 'key', id: actor.keyId, name: 'Test key' },
      target: project.id,
      detail: { language: { from: 'en', to: 'de' }, retentionDays: { from: null, to: 30 } },
      ip: '203.0.113.7',
    },
  ])
})

test.each([['email'], [''], ['x'.repeat(129)]])('no field %j is named for browsers', async (name) => {
  await expect(update({ browserFields: ['plan', name] })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    errors: [{ field: 'browserFields.1' }],
  })
})
