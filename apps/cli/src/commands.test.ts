import { connect, type Connection } from '@posthorn/db'
import {
  authenticate,
  createProject,
  createRuntime,
  invoke,
  newId,
  systemActor,
  type Runtime,
} from '@posthorn/services'
import { testMailbox } from '@posthorn/testkit'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { exitOf, posthorn, posthornJson, spawnPosthorn } from '../test/posthorn-process.ts'

const POSTHORN_SECRET = 'a secret of at least thirty-two characters'

let database: TestDatabase
let connection: Connection
let runtime: Runtime
let settings: Record<string, string>

beforeAll(async () => {
  database = await testDatabase()
  connection = connect(database.connectionString, { poolSize: 2 })
  runtime = createRuntime({ db: connection.db, secret: POSTHORN_SECRET, captures: true })
  settings = { DATABASE_URL: database.connectionString, POSTHORN_SECRET }
})

afterEach(async () => {
  await sql`delete from outbox`.execute(connection.db)
  await sql`delete from projects`.execute(connection.db)
})

afterAll(async () => {
  await runtime.close()
  await connection.close()
  await database.drop()
})

const newProject = (name = 'Acme') => createProject(runtime, name)
const actorOf = (key: string) => authenticate(runtime, { authorization: `Bearer ${key}`, ip: '192.0.2.1' })

test('a project comes with two keys that work', async () => {
  const { code, stdout, stderr } = await posthorn(['project', 'create', '--name', ' Acme '], settings)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Project +Acme\nId +\S+\nSecret key +sk_ph_\w{38}\nPublic key +pk_ph_\w{38}\n$/)

  const made = await posthornJson(['project', 'create', '--name', 'Other'], settings)
  expect(made).toEqual({
    project: { id: expect.any(String), name: 'Other' },
    secretKey: expect.stringMatching(/^sk_ph_/),
    publicKey: expect.stringMatching(/^pk_ph_/),
  })
  expect(await actorOf(made.secretKey)).toMatchObject({ projectId: made.project.id, keyKind: 'secret' })
  expect(await actorOf(made.publicKey)).toMatchObject({ projectId: made.project.id, keyKind: 'public' })
  expect((await posthornJson(['project', 'list'], settings)).data).toContainEqual(made.project)
})

test('a key is made as asked, shown again, replaced with an overlap and ended, and the audit log has it all', async () => {
  const { project } = await newProject()
  const wishes = ['--scope', 'emails:send', '--scope', 'emails:read', '--expires', '90d', '--allow-ip', '192.0.2.0/24']
  const made = await posthornJson(['key', 'create', '--name', 'CI', ...wishes], settings)
  expect(made).toMatchObject({
    name: 'CI',
    kind: 'secret',
    scopes: ['emails:send', 'emails:read'],
    allowedIps: ['192.0.2.0/24'],
  })
  expect(new Date(made.expiresAt).getTime() / 86_400_000).toBeCloseTo(Date.now() / 86_400_000 + 90, 2)
  expect(await actorOf(made.key)).toMatchObject({ keyId: made.id })

  expect((await posthornJson(['key', 'reveal', made.id], settings)).key).toBe(made.key)

  const { key: next, replaced } = await posthornJson(['key', 'regenerate', made.id, '--overlap', '1h'], settings)
  expect(replaced).toMatchObject({ id: made.id, status: 'expiring', replacedBy: next.id })
  await actorOf(made.key)

  const ended = await posthornJson(['key', 'revoke', made.id, '--project', project.name], settings)
  expect(ended).toMatchObject({ id: made.id, status: 'revoked' })
  await expect(actorOf(made.key)).rejects.toMatchObject({ code: 'INVALID_API_KEY' })
  await actorOf(next.key)

  const entries = await connection.db
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
  const { project, secretKey, publicKey } = await newProject()
  const ctx = { db: connection.db, runtime, actor: systemActor(project.id), requestId: newId() }
  for (let count = 0; count < 100; count += 1)
    await invoke(ctx, ['keys', 'create'], { name: `Key ${count}`, kind: 'public' })
  const [json, plain] = await Promise.all([
    posthorn(['key', 'list', '--json'], settings),
    posthorn(['key', 'list'], settings),
  ])
  expect(JSON.parse(json.stdout).data).toHaveLength(102)
  expect(plain.stdout.trimEnd().split('\n')).toHaveLength(103)
  for (const shown of [json.stdout, plain.stdout]) {
    expect(shown).not.toContain(secretKey)
  }
  expect(plain.stdout).not.toContain(publicKey)
})

test('a name cannot command the terminal', async () => {
  const { project } = await newProject()
  await sql`update projects set name = ${'Evil\u001b[2J\r\u0007 name'}`.execute(connection.db)
  const { stdout } = await posthorn(['project', 'list'], settings)
  expect(stdout).toContain(project.id)
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/)
})

test('without POSTHORN_SECRET only what seals or opens a secret key fails, and says so', async () => {
  const { project } = await newProject()
  const without = { DATABASE_URL: database.connectionString }
  const create = ['key', 'create', '--name', 'New']
  const [refused, made, list] = await Promise.all([
    posthorn([...create, '--json'], without),
    posthornJson([...create, '--kind', 'public'], without),
    posthornJson(['key', 'list'], without),
  ])
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(JSON.parse(refused.stderr).error).toEqual({
    code: 'CONFIGURATION',
    message: expect.stringMatching(/^Set POSTHORN_SECRET to the master key of this instance/),
  })
  expect(made).toMatchObject({ kind: 'public' })
  const secret = list.data.find(({ kind }: { kind: string }) => kind === 'secret')
  expect(await posthorn(['key', 'reveal', secret.id], without)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Set POSTHORN_SECRET/),
  })
  expect(await posthornJson(['key', 'revoke', secret.id], without)).toMatchObject({ status: 'revoked' })
  const { data } = await posthornJson(['key', 'list', '--project', project.id], without)
  expect(data.map(({ name }: { name: string }) => name).toSorted()).toEqual(['New', 'Public key', 'Secret key'])
})

test('the project may be left out only where there is exactly one', async () => {
  expect(await posthorn(['key', 'list'], settings)).toMatchObject({
    code: 1,
    stderr: 'There is no project yet: run pnpm posthorn project create --name NAME.\n',
  })
  const { project } = await newProject('One')
  await newProject('Two')
  const [none, byName, byId, wrong] = await Promise.all([
    posthorn(['key', 'list'], settings),
    posthornJson(['key', 'list', '--project', 'One'], settings),
    posthornJson(['key', 'list', '--project', project.id], settings),
    posthorn(['key', 'list', '--project', 'Three', '--json'], settings),
  ])
  expect(none).toMatchObject({ code: 2, stdout: '', stderr: 'There are 2 projects: name one with --project.\n' })
  expect(byName).toEqual(byId)
  expect(wrong.code).toBe(1)
  expect(JSON.parse(wrong.stderr)).toEqual({
    error: { code: 'PROJECT_NOT_FOUND', message: 'There is no project Three.' },
  })
})

test('values that the contract refuses are named by their options', async () => {
  await newProject()
  const { code, stderr } = await posthorn(
    ['key', 'create', '--name', 'x', '--scope', 'all', '--expires', 'soon'],
    settings,
  )
  expect(code).toBe(2)
  expect(stderr).toMatch(/^--scope: .*emails:send.* --expires: Expected a date and time/)
})

test('a member is invited by mail, listed, and removed', async () => {
  const { project } = await newProject()
  const add = ['member', 'add', 'Ada@Example.com', '--role', 'admin']
  expect(await posthornJson(add, settings)).toMatchObject({ email: 'ada@example.com', role: 'admin', invitedBy: null })
  const mails = await connection.db.selectFrom('emails').select('to_email').execute()
  expect(mails).toContainEqual({ to_email: 'ada@example.com' })
  const userId = newId()
  await connection.db
    .insertInto('auth.users')
    .values({ id: userId, name: 'Grace', email: 'grace@example.com', email_verified: true, image: null })
    .execute()
  await connection.db
    .insertInto('members')
    .values({ project_id: project.id, user_id: userId, role: 'member' })
    .execute()

  const list = ['member', 'list']
  const { stdout } = await posthorn(list, settings)
  expect(stdout).toMatch(/^grace@example\.com +Grace +member +\d{4}-/m)
  expect(stdout).toMatch(/^ada@example\.com +- +admin +invited until \d{4}-/m)
  for (const address of ['grace@example.com', 'ADA@example.com']) {
    await posthornJson(['member', 'remove', address], settings)
  }
  expect(await posthornJson(list, settings)).toEqual({ members: [], invitations: [] })
  expect(await posthorn(['member', 'remove', 'eve@example.com'], settings)).toMatchObject({
    code: 1,
    stderr: 'The project has no member eve@example.com.\n',
  })
})

test('a trusted domain is kept in its one form', async () => {
  const { project } = await newProject()
  const trusted = await posthornJson(['domain', 'trust', 'Bücher.Example'], settings)
  expect(trusted).toEqual({ project, domain: 'xn--bcher-kva.example' })
  const rows = await connection.db.selectFrom('domains').select('domain').where('project_id', '=', project.id).execute()
  expect(rows).toEqual([{ domain: 'xn--bcher-kva.example' }])
})

test('a domain is listed while a project may send from it, and not after', async () => {
  const { project } = await newProject()
  await posthornJson(['domain', 'trust', 'example.com'], settings)
  const listed = await posthornJson(['domain', 'list'], settings)
  expect(listed).toEqual({ project, data: [{ domain: 'example.com', trustedAt: expect.stringMatching(/Z$/) }] })
  expect((await posthorn(['domain', 'list', '--project', 'Acme'], settings)).stdout).toMatch(
    /^DOMAIN +TRUSTED SINCE\nexample\.com +\d{4}-\S+Z\n$/,
  )

  expect(await posthornJson(['domain', 'distrust', 'EXAMPLE.com'], settings)).toEqual({
    project,
    domain: 'example.com',
  })
  expect((await posthornJson(['domain', 'list'], settings)).data).toEqual([])
  expect(await posthorn(['domain', 'distrust', 'example.com'], settings)).toMatchObject({
    code: 2,
    stderr: 'the domain: The project does not send from example.com.\n',
  })
  const audit = connection.db.selectFrom('audit_log').select('action').where('project_id', '=', project.id)
  expect(await audit.where('target', '=', 'example.com').orderBy('id').execute()).toEqual([
    { action: 'domain.trusted' },
    { action: 'domain.distrusted' },
  ])
})

test('every waiting mail is told with its reason, to programs, to people and to readers who leave early', async () => {
  const { project } = await newProject()
  const ctx = { db: connection.db, runtime, actor: systemActor(project.id), requestId: newId() }
  const batch = Array.from({ length: 100 }, (_, index) => ({
    to: `a${index}@example.com`,
    subject: 'Hello',
    text: 'Hi',
  }))
  for (let count = 0; count < 6; count += 1) await invoke(ctx, ['emails', 'sendBatch'], { emails: batch })

  const reader = spawnPosthorn(['emails', 'why'], settings)
  reader.stdout.once('data', () => reader.stdout.destroy())
  const [json, plain, few, exit] = await Promise.all([
    posthornJson(['emails', 'why'], settings),
    posthorn(['emails', 'why', '--project', 'Acme'], settings),
    posthornJson(['emails', 'why', '--limit', '3'], settings),
    exitOf(reader),
  ])
  expect(json.data).toHaveLength(600)
  expect(json.data[0]).toEqual({
    projectId: project.id,
    id: expect.any(String),
    to: 'a0@example.com',
    subject: 'Hello',
    status: 'queued',
    why: 'It is due and waits for its turn.',
    attempts: 0,
    nextAttemptAt: expect.stringMatching(/^\d{4}-.*Z$/),
  })
  const [headings, ...lines] = plain.stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(600)
  expect(new Set(lines.map((line) => line.indexOf('It is due')))).toEqual(new Set([headings?.indexOf('WHY')]))
  expect(few.data).toEqual(json.data.slice(0, 3))
  expect(exit).toBe(0)
  await sql`delete from outbox`.execute(connection.db)
  expect(await posthorn(['emails', 'why'], settings)).toMatchObject({ code: 0, stdout: 'No mail waits.\n' })
  expect(await posthornJson(['emails', 'why'], settings)).toEqual({ data: [] })
})

test('on an old schema every command asks for migrate, which brings it up to date', async () => {
  const old = await testDatabase()
  const admin = connect(old.connectionString, { poolSize: 1 })
  for (const schema of ['public', 'auth', 'jobs']) await sql`drop schema ${sql.ref(schema)} cascade`.execute(admin.db)
  await sql`create schema public`.execute(admin.db)
  await admin.close()
  const settings = { DATABASE_URL: old.connectionString, POSTHORN_SECRET }

  const refused = await posthorn(['project', 'list', '--json'], settings)
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.stderr)).toEqual({
    error: { code: 'MIGRATIONS_PENDING', message: expect.stringMatching(/: run pnpm posthorn migrate\.$/) },
  })
  const doctor = await posthorn(['doctor', '--json'], settings)
  expect(JSON.parse(doctor.stdout).checks).toContainEqual(
    expect.objectContaining({ name: 'migrations', status: 'wrong' }),
  )

  expect((await posthornJson(['migrate'], settings)).applied).toContain('0001_first_tables')
  expect(await posthorn(['migrate'], settings)).toMatchObject({ code: 0, stdout: 'The schema was up to date.\n' })
  expect(await posthornJson(['project', 'list'], settings)).toEqual({ data: [] })
  await old.drop()
})

test('doctor ends with exit code 1 when something is wrong, and says what and what to do', async () => {
  const { code, stdout } = await posthorn(['doctor'], settings)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ok +database /m)
  expect(stdout).toMatch(/^wrong +durability +fsync is off: .*\n +Set fsync = on/m)
})

test('doctor logs in to each relay as the worker would, sends nothing, and fails where one of them is wrong', async () => {
  const box = await testMailbox({ auth: { user: 'user', pass: 'right' } })
  onTestFinished(box.close)
  const url = (pass: string, query = '') => `smtp://user:${pass}@127.0.0.1:${box.port}${query}`
  const doctor = async (SMTP_URL: string) => {
    const { code, stdout } = await posthorn(['doctor', '--json'], { ...settings, SMTP_URL })
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
    const { stdout } = await posthorn(['doctor', '--json'], settings)
    const { checks } = JSON.parse(stdout) as { checks: Record<string, string>[] }
    return checks.filter(({ name }) => name === 'smtp' || name === 'relays')
  }
  expect(await smtp()).toMatchObject([
    { name: 'relays', status: 'ok' },
    { name: 'smtp', status: 'ok', message: 'SMTP_URL is not set: mail stays in the built-in inbox.' },
  ])

  const { project } = await newProject()
  const { db } = connection
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
  const { code, stdout, stderr } = await posthorn(['doctor'], { ...settings, SMTP_URL })
  expect(code).toBe(1)
  expect(stdout + stderr).toMatch(/SMTP_URL.*unknown parameter "tlz"; known are tls, /)
  expect(stdout + stderr).not.toMatch(/hunter2|^ +at /m)
})

test('a database that cannot be used is one sentence, without its password', async () => {
  const password = decodeURIComponent(new URL(database.connectionString).password)
  const nowhere = new URL(database.connectionString)
  nowhere.port = '1'
  const stranger = new URL(database.connectionString)
  stranger.pathname = '/no_such_database'
  const [unreachable, missing, doctor] = await Promise.all([
    posthorn(['project', 'list'], { DATABASE_URL: nowhere.href }),
    posthorn(['project', 'list', '--json'], { DATABASE_URL: stranger.href }),
    posthorn(['doctor', '--json'], { DATABASE_URL: nowhere.href, POSTHORN_SECRET }),
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

test('a link to the first account is printed as often as it is asked for, until that account is made', async () => {
  const env = { ...settings, PUBLIC_URL: 'https://mail.example.com' }
  const { code, stdout } = await posthorn(['setup-link'], env)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^https:\/\/mail\.example\.com\/setup#token=[\w-]{43}\n$/)
  expect((await posthornJson(['setup-link'], env)).url).not.toBe(stdout.trim())

  await sql`update instance_setup set completed_at = now(), token_hash = null`.execute(connection.db)
  const late = await posthorn(['setup-link'], env)
  await sql`update instance_setup set completed_at = null`.execute(connection.db)
  expect(late).toMatchObject({ code: 1, stderr: 'The first account was made already: sign in with it.\n' })
})
