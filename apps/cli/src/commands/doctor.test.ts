import { newId, noteForwarding } from '@posthorn/services'
import { testMailbox } from '@posthorn/testkit'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

test('doctor ends with exit code 1 when something is wrong, and says what and what to do', async () => {
  const { code, stdout } = await scene.posthorn(['doctor'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ok +database /m)
  expect(stdout).toMatch(/^wrong +durability +fsync is off: .*\n +Set fsync = on/m)
})

test('doctor logs in to each relay as the worker would, sends nothing, and fails where one of them is wrong', async () => {
  const box = await testMailbox({ auth: { user: 'user', pass: 'right' } })
  onTestFinished(box.close)
  const url = (pass: string, query = '') => `smtp://user:${pass}@127.0.0.1:${box.port}${query}`
  const doctor = async (SMTP_URL: string) => {
    const { code, stdout } = await scene.posthorn(['doctor', '--json'], { SMTP_URL })
    expect(code).toBe(1)
    expect(stdout).not.toContain('hunter2')
    const { checks } = JSON.parse(stdout) as { checks: Record<string, string>[] }
    return checks.filter(({ name }) => name === 'smtp')
  }
  expect(await doctor(`${url('right')},${url('hunter2')},${url('hunter2', '?tls=required')}`)).toEqual([
    { name: 'smtp', status: 'ok', message: `127.0.0.1:${box.port} answers and takes the login.` },
    { name: 'smtp', status: 'wrong', message: expect.stringMatching(/refuses the login/), advice: expect.any(String) },
    { name: 'smtp', status: 'wrong', message: expect.stringMatching(/does not begin TLS/), advice: expect.any(String) },
  ])
  expect(box.messages).toEqual([])
})

test('doctor without SMTP_URL says that it tried no relay where mail is accepted for one, and what the workers found', async () => {
  const smtp = async () => {
    const { stdout } = await scene.posthorn(['doctor', '--json'])
    const { checks } = JSON.parse(stdout) as { checks: Record<string, string>[] }
    return checks.filter(({ name }) => name === 'smtp' || name === 'relays')
  }
  expect(await smtp()).toMatchObject([
    { name: 'relays', status: 'ok' },
    { name: 'smtp', status: 'ok', message: 'SMTP_URL is not set: mail stays in the built-in inbox.' },
  ])

  const { project } = await scene.newProject()
  const { db } = scene
  await sql`insert into emails (project_id, id, content_id, contact_id, from_email, to_email, subject, captured)
    select ${project.id}, id, id, id, 'a@example.com', 'b@example.com', 'Hello', false from (select ${newId()}::uuid as id)`.execute(
    db,
  )
  await sql`insert into relay_pauses values ('dead.example.com', now() + interval '1 hour', 'It is down.')`.execute(db)
  onTestFinished(() => void sql`delete from relay_pauses`.execute(db))
  expect(await smtp()).toMatchObject([
    { name: 'relays', status: 'wrong', message: expect.stringMatching(/dead\.example\.com .* It is down\.$/) },
    {
      name: 'smtp',
      status: 'warning',
      message: expect.stringContaining('it was not tried'),
      advice: expect.any(String),
    },
  ])
})

test('a parameter that SMTP_URL does not have is one plain sentence', async () => {
  const SMTP_URL = 'smtp://user:hunter2@127.0.0.1:2525?tlz=required'
  const { code, stdout, stderr } = await scene.posthorn(['doctor'], { SMTP_URL })
  expect(code).toBe(1)
  expect(stdout + stderr).toMatch(/SMTP_URL.*unknown parameter "tlz"; known are tls, /)
  expect(stdout + stderr).not.toMatch(/hunter2|^ +at /m)
})

test('a database that cannot be used is one sentence, without its password', async () => {
  const password = decodeURIComponent(new URL(scene.settings.DATABASE_URL).password)
  const nowhere = new URL(scene.settings.DATABASE_URL)
  nowhere.port = '1'
  const stranger = new URL(scene.settings.DATABASE_URL)
  stranger.pathname = '/no_such_database'
  const [unreachable, missing, doctor] = await Promise.all([
    scene.posthorn(['project', 'list'], { DATABASE_URL: nowhere.href }),
    scene.posthorn(['project', 'list', '--json'], { DATABASE_URL: stranger.href }),
    scene.posthorn(['doctor', '--json'], { DATABASE_URL: nowhere.href }),
  ])
  expect(unreachable).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The database cannot be reached \(.*ECONNREFUSED.*DATABASE_URL is right\.\n$/),
  })
  expect(JSON.parse(missing.stderr).error).toEqual({
    code: 'DATABASE_REFUSED',
    message: expect.stringMatching(
      /^The database in DATABASE_URL refuses \(database "no_such_database" does not exist\)/,
    ),
  })
  expect(JSON.parse(doctor.stdout)).toMatchObject({
    healthy: false,
    checks: [{ name: 'database', status: 'wrong' }, { name: 'secret' }, { name: 'smtp' }],
  })
  for (const { stdout, stderr } of [unreachable, missing, doctor]) expect(stdout + stderr).not.toContain(password)
})

test('doctor warns of requests through a proxy that is not trusted, until it is', async () => {
  const proxies = async () => {
    const { stdout } = await scene.posthorn(['doctor', '--json'])
    const { checks } = JSON.parse(stdout) as { checks: Record<string, string>[] }
    return checks.find(({ name }) => name === 'proxies')
  }
  expect(await proxies()).toMatchObject({ status: 'ok' })
  await noteForwarding(scene.db, false)
  expect(await proxies()).toMatchObject({ status: 'warning', advice: expect.stringContaining('TRUSTED_PROXIES') })
  await noteForwarding(scene.db, true)
  expect(await proxies()).toMatchObject({ status: 'ok' })
})
