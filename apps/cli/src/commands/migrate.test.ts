import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterAll(() => scene.close())

test('on an old schema every command asks for migrate, which brings it up to date', async () => {
  for (const schema of ['public', 'auth', 'jobs']) await sql`drop schema ${sql.ref(schema)} cascade`.execute(scene.db)
  await sql`create schema public`.execute(scene.db)

  const refused = await scene.posthorn(['project', 'list', '--json'])
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.stderr)).toEqual({
    error: { code: 'MIGRATIONS_PENDING', message: expect.stringMatching(/: run pnpm posthorn migrate\.$/) },
  })
  const doctor = await scene.posthorn(['doctor', '--json'])
  expect(JSON.parse(doctor.stdout).checks).toContainEqual(
    expect.objectContaining({ name: 'migrations', status: 'wrong' }),
  )

  expect((await scene.json(['migrate'])).applied).toContain('0001_first_tables')
  expect(await scene.posthorn(['migrate'])).toMatchObject({ code: 0, stdout: 'The schema was up to date.\n' })
  expect(await scene.json(['project', 'list'])).toEqual({ data: [] })
})
