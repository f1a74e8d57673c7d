import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testInstance, type TestInstance } from '../../test/instance.ts'
import { testMember, testPerson, type TestPerson } from '../../test/people.ts'

let instance: TestInstance
let owner: TestPerson

beforeEach(async () => {
  instance = await testInstance()
  owner = await testPerson(instance, { isInstanceOwner: true })
})

afterEach(() => instance.close())

const get = () => owner.call(['instance', 'get'], {})

test('the owner of the instance sees its numbers', async () => {
  expect(await get()).toEqual({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    projects: 0,
    users: 1,
    waitingEmails: 0,
    oldestDueAt: null,
    captures: true,
  })
  const { call } = await instance.project()
  await call(['emails', 'send'], { to: ['a@example.com', 'b@example.com'], subject: 'Hello', text: 'Hello' })
  await sql`update outbox set due_at = now() - interval '1 hour'`.execute(instance.db)
  const { oldestDueAt, ...numbers } = await get()
  expect(numbers).toMatchObject({ projects: 1, users: 1, waitingEmails: 2 })
  expect(Math.abs(Date.parse(oldestDueAt ?? '') - (Date.now() - 3_600_000))).toBeLessThan(60_000)
})

test('the checks are those of the command line', async () => {
  const { checks } = await owner.call(['instance', 'health'], {})
  expect(checks.map(({ name }) => name)).toEqual((await instance.runtime.checkHealth()).map(({ name }) => name))
  expect(checks).toContainEqual(
    expect.objectContaining({ name: 'durability', status: 'wrong', advice: expect.stringContaining('fsync') }),
  )
})

test('projects and users are listed newest first, page by page, without anything of what is in them', async () => {
  const names = ['One', 'Two', 'Three']
  for (const name of names) {
    const { id } = await instance.project(name)
    await testMember(instance, id, 'owner')
  }
  const first = await owner.call(['instance', 'projects'], { limit: 2 })
  const rest = await owner.call(['instance', 'projects'], { limit: 2, cursor: first.cursor as string })
  expect([...first.data, ...rest.data].map(({ name, members }) => [name, members])).toEqual([
    ['Three', 1],
    ['Two', 1],
    ['One', 1],
  ])
  expect(rest).toMatchObject({ hasMore: false, cursor: null })

  const users = await owner.call(['instance', 'users'], {})
  expect(users.data).toHaveLength(4)
  expect(users.data.at(-1)).toEqual({
    id: owner.id,
    name: owner.name,
    email: owner.email,
    isInstanceOwner: true,
    projects: 0,
    createdAt: expect.any(String),
    lastSeenAt: expect.any(String),
  })
  expect(users.data[0]).toMatchObject({ isInstanceOwner: false, projects: 1 })
})

test('a project that is being deleted is shown as such, and not counted', async () => {
  const { id } = await instance.project('Doomed')
  const boss = await testMember(instance, id, 'owner')
  await boss.call(['projects', 'delete'], { confirm: 'Doomed' }, id)
  const { data } = await owner.call(['instance', 'projects'], {})
  expect(data).toMatchObject([{ id, deletedAt: expect.any(String) }])
  expect((await get()).projects).toBe(0)
})
