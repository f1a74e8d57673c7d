import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { distrustDomain, listDomains, trustDomain } from './domains.ts'
import { authenticate } from './keys/authenticate.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance({ captures: false })
})

afterAll(() => instance.close())

async function projectOf(...domains: string[]): Promise<TestProject> {
  const project = await instance.project()
  for (const domain of domains) await trustDomain(instance.db, project.id, domain)
  return project
}

/** One mail, asked for with the project's key as over the network. */
async function sendFrom(project: TestProject, from?: string) {
  const actor = await authenticate(instance.runtime, { authorization: `Bearer ${project.secretKey}`, ip: undefined })
  return project.call(['emails', 'send'], { to: 'ada@example.net', subject: 'Hello', text: 'Hi', from }, { actor })
}

const defaultSender = async (project: TestProject) => (await project.call(['project', 'get'], {})).defaultSender.email

async function auditOf({ id }: TestProject) {
  const log = instance.db.selectFrom('audit_log').select(['action', 'target', 'actor'])
  return log.where('project_id', '=', id).where('action', 'like', 'domain.%').orderBy('id').execute()
}

describe('a domain', () => {
  test.each([
    ['Example.COM', 'example.com'],
    [' bücher.de ', 'xn--bcher-kva.de'],
    ['XN--BCHER-KVA.de', 'xn--bcher-kva.de'],
    ['mail.example.com', 'mail.example.com'],
  ])('%j is trusted as %s, once', async (domain, trusted) => {
    const { id, call } = await instance.project()
    expect(await trustDomain(instance.db, id, domain)).toBe(trusted)
    expect(await trustDomain(instance.db, id, trusted)).toBe(trusted)
    expect((await call(['project', 'get'], {})).domains).toEqual([trusted])
    const log = await instance.db.selectFrom('audit_log').selectAll().where('project_id', '=', id).execute()
    expect(log.map(({ action, target }) => [action, target])).toContainEqual(['domain.trusted', trusted])
  })

  test.each([
    '',
    'localhost',
    'example.com.',
    '*.example.com',
    'https://example.com',
    'a@example.com',
    '127.0.0.1',
    'com',
  ])('%j is none', async (domain) => {
    const { id, call } = await instance.project()
    await expect(trustDomain(instance.db, id, domain)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
    expect((await call(['project', 'get'], {})).domains).toEqual([])
  })
})

describe('a domain that is trusted no longer', () => {
  test('is refused from the next mail on, and mail that was accepted from it stays queued', async () => {
    const project = await projectOf('example.com', 'example.org')
    const { emails } = await sendFrom(project, 'ada@example.com')
    expect(await distrustDomain(instance.db, project.id, 'Example.COM')).toBe('example.com')
    await expect(sendFrom(project, 'ada@example.com')).rejects.toMatchObject({ code: 'SENDER_UNVERIFIED' })
    await sendFrom(project, 'ada@example.org')
    expect(await project.call(['emails', 'get'], { id: emails[0]!.email })).toMatchObject({ status: 'queued' })
  })

  test('is gone from the list, with a line in the audit log', async () => {
    const project = await projectOf('b.example.com', 'a.example.com')
    const listed = async () => (await listDomains(instance.db, project.id)).map(({ domain }) => domain)
    expect(await listed()).toEqual(['a.example.com', 'b.example.com'])
    await distrustDomain(instance.db, project.id, 'b.example.com')
    expect(await listed()).toEqual(['a.example.com'])
    expect((await auditOf(project)).at(-1)).toEqual({
      action: 'domain.distrusted',
      target: 'b.example.com',
      actor: { kind: 'system' },
    })
  })

  test('leaves the default sender to one that is, and the last one to the next that will be', async () => {
    const project = await projectOf('example.com', 'example.org')
    await distrustDomain(instance.db, project.id, 'example.com')
    expect(await defaultSender(project)).toBe('hello@example.org')
    await distrustDomain(instance.db, project.id, 'example.org')
    expect(await defaultSender(project)).toBe('hello@test.example')
    await expect(sendFrom(project)).rejects.toMatchObject({ code: 'SENDER_UNVERIFIED' })
    await trustDomain(instance.db, project.id, 'example.net')
    expect(await defaultSender(project)).toBe('hello@example.net')
  })

  test('stays one that other projects may use', async () => {
    const [one, other] = [await projectOf('example.com'), await projectOf('example.com')]
    await distrustDomain(instance.db, one.id, 'example.com')
    await sendFrom(other, 'ada@example.com')
  })

  test.each(['example.net', 'mail.example.com', 'not a domain'])('cannot be %s, which never was', async (domain) => {
    const project = await projectOf('example.com')
    const before = await auditOf(project)
    await expect(distrustDomain(instance.db, project.id, domain)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'domain' }],
    })
    expect(await auditOf(project)).toEqual(before)
  })
})
