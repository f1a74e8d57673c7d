import { newId } from '@posthorn/services'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

test('a member is invited by mail, listed, and removed', async () => {
  const { project } = await scene.newProject()
  const add = ['member', 'add', 'Ada@Example.com', '--role', 'admin']
  expect(await scene.json(add)).toMatchObject({ email: 'ada@example.com', role: 'admin', invitedBy: null })
  const mails = await scene.db.selectFrom('emails').select('to_email').execute()
  expect(mails).toContainEqual({ to_email: 'ada@example.com' })
  const userId = newId()
  await scene.db
    .insertInto('auth.users')
    .values({ id: userId, name: 'Grace', email: 'grace@example.com', email_verified: true, image: null })
    .execute()
  await scene.db.insertInto('members').values({ project_id: project.id, user_id: userId, role: 'member' }).execute()

  const list = ['member', 'list']
  const { stdout } = await scene.posthorn(list)
  expect(stdout).toMatch(/^grace@example\.com +Grace +member +\d{4}-/m)
  expect(stdout).toMatch(/^ada@example\.com +- +admin +invited until \d{4}-/m)
  for (const address of ['grace@example.com', 'ADA@example.com']) {
    await scene.json(['member', 'remove', address])
  }
  expect(await scene.json(list)).toEqual({ members: [], invitations: [] })
  expect(await scene.posthorn(['member', 'remove', 'eve@example.com'])).toMatchObject({
    code: 1,
    stderr: 'The project has no member eve@example.com.\n',
  })
})
