import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

test('a link to the first account is printed as often as it is asked for, until that account is made', async () => {
  const env = { PUBLIC_URL: 'https://mail.example.com' }
  const { code, stdout } = await scene.posthorn(['setup-link'], env)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^https:\/\/mail\.example\.com\/setup#token=[\w-]{43}\n$/)
  expect((await scene.json(['setup-link'], env)).url).not.toBe(stdout.trim())

  await sql`update instance_setup set completed_at = now(), token_hash = null`.execute(scene.db)
  const late = await scene.posthorn(['setup-link'], env)
  await sql`update instance_setup set completed_at = null`.execute(scene.db)
  expect(late).toMatchObject({ code: 1, stderr: 'The first account was made already: sign in with it.\n' })
})
