import { LIMITS } from '@posthorn/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance } from '../test/instance.ts'
import { trustDomain } from './domains.ts'
import { newId } from './ids.ts'
import { createProject, getProject, listProjects } from './instance.ts'
import { authenticate } from './keys/authenticate.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

test('a project comes with two keys that work, and a sender', async () => {
  const { project, secretKey, publicKey } = await createProject(instance.runtime, '  Acme  ')
  expect(project).toEqual({ id: expect.any(String), name: 'Acme' })
  for (const key of [secretKey, publicKey]) {
    const actor = await authenticate(instance.runtime, { authorization: `Bearer ${key}`, ip: undefined })
    expect(actor.projectId).toBe(project.id)
  }
  const { call } = instance.through(instance.runtime, project)
  expect(await call(['project', 'get'], {})).toEqual({
    id: project.id,
    name: 'Acme',
    defaultSender: { email: 'hello@acme.example', name: 'Acme' },
    domains: [],
    language: 'en',
    timeZone: 'UTC',
    postalAddress: null,
    retentionDays: null,
    browserFields: [],
    doubleOptIn: false,
    createdAt: expect.any(String),
  })
})

test.each([
  ['Acme Inc.', 'hello@acme-inc.example'],
  ['Söhne & Ångström', 'hello@sohne-angstrom.example'],
  ['***', 'hello@project.example'],
  ['日本', 'hello@project.example'],
  ['--a--', 'hello@a.example'],
  ['xn--a', 'hello@xn-a.example'],
  ['a'.repeat(LIMITS.projectNameLength), `hello@${'a'.repeat(40)}.example`],
  [`${'a'.repeat(39)} b`, `hello@${'a'.repeat(39)}.example`],
])('the project %j sends as %s, an address that can be sent from', async (name, sender) => {
  const { id, call } = await instance.project(name)
  expect((await call(['project', 'get'], {})).defaultSender.email).toBe(sender)
  const { emails } = await call(['emails', 'send'], { to: 'ada@example.com', subject: 'Hello', text: 'Hello' })
  expect((await call(['emails', 'get'], { id: emails[0]!.email })).from).toEqual({ email: sender, name })
  await trustDomain(instance.db, id, sender.slice('hello@'.length))
})

test.each([
  '',
  '   ',
  'a'.repeat(LIMITS.projectNameLength + 1),
  'Acme\r\nBcc: eve@example.com',
  'Acme\0',
  '=?utf-8?q?=0D=0A?=',
])('%j is no name for a project', async (name) => {
  const before = await listProjects(instance.db)
  await expect(createProject(instance.runtime, name)).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    errors: [{ field: 'name' }],
  })
  expect(await listProjects(instance.db)).toEqual(before)
})

describe('an operator finds a project', () => {
  test('by its id and by its name', async () => {
    const { project } = await createProject(instance.runtime, 'Unique')
    expect(await getProject(instance.db, project.id)).toEqual(project)
    expect(await getProject(instance.db, 'Unique')).toEqual(project)
  })

  test('but not by a name that several have, nor by one that none has', async () => {
    const [one] = [await instance.project('Twin'), await instance.project('Twin')]
    await expect(getProject(instance.db, 'Twin')).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
      message: 'Several projects are named Twin; give the id.',
    })
    expect((await getProject(instance.db, one.id)).id).toBe(one.id)
    for (const wrong of ['twin', newId(), '', "' or 1=1 --"]) {
      await expect(getProject(instance.db, wrong)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    }
  })

  test('in the list, oldest first', async () => {
    const { id } = await instance.project('Last')
    expect((await listProjects(instance.db)).at(-1)).toEqual({ id, name: 'Last' })
  })
})
