import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance } from '../../test/instance.ts'
import { auditOf, memberContext, testMember } from '../../test/people.ts'
import { invoke } from '../invoke.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())

test('who deletes several templates by hand is in the audit log for each, and for none where one is not there', async () => {
  const [project, other] = [await instance.project(), await instance.project()]
  const create = ({ call }: typeof project, name: string) =>
    call(['templates', 'create'], { name, subject: 'Hello', body: '<p>Hello</p>' })
  const [welcome, bye, foreign] = [
    await create(project, 'Welcome'),
    await create(project, 'Bye'),
    await create(other, 'Foreign'),
  ]
  const member = await testMember(instance, project.id, 'admin')
  const ctx = await memberContext(instance, member.session, project.id)
  const deleteAll = (...ids: string[]) => invoke(ctx, ['templates', 'bulkUpdate'], { ids, delete: true })
  const deleted = async () =>
    (await auditOf(instance, project.id)).filter(({ action }) => action === 'template.deleted')

  await expect(deleteAll(welcome.id, foreign.id)).rejects.toMatchObject({ code: 'TEMPLATE_NOT_FOUND' })
  expect(await deleted()).toEqual([])
  expect(await deleteAll(welcome.id, bye.id)).toEqual({ deleted: 2 })
  const entries = await deleted()
  expect(new Map(entries.map(({ target, detail }) => [target, detail]))).toEqual(
    new Map([
      [welcome.id, { name: 'Welcome' }],
      [bye.id, { name: 'Bye' }],
    ]),
  )
  expect((await project.call(['templates', 'list'], {})).data).toEqual([])
  expect((await other.call(['templates', 'list'], {})).data).toHaveLength(1)
})
