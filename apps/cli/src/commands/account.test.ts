import { newId } from '@posthorn/services'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { setScene, type Scene } from '../../test/scene.ts'

let scene: Scene

beforeAll(async () => {
  scene = await setScene()
})
afterEach(() => scene.clear())
afterAll(() => scene.close())

async function newAccount(email: string, { hasSecondFactor = false, isConfirmed = true } = {}): Promise<string> {
  const id = newId()
  await sql`
    insert into auth.users (id, name, email, email_verified, two_factor_enabled)
    values (${id}, 'Ada', ${email}, ${isConfirmed}, ${hasSecondFactor})
  `.execute(scene.db)
  await sql`
    insert into auth.sessions (user_id, token, expires_at, updated_at)
    values (${id}, ${id}, now() + interval '1 day', '2026-01-31T09:30:00Z')
  `.execute(scene.db)
  if (hasSecondFactor) {
    await sql`insert into auth.two_factors (user_id, secret, backup_codes) values (${id}, 's', 'c')`.execute(scene.db)
  }
  return id
}

const rowsOf = async (table: string, userId: string) =>
  (await sql`select * from ${sql.table(table)} where user_id = ${userId}`.execute(scene.db)).rows

const actsOf = async (userId: string) =>
  (
    await sql<{ action: string; detail: object }>`
      select action, detail from auth.account_log where user_id = ${userId} order by id
    `.execute(scene.db)
  ).rows

test('accounts are listed with how they sign in and when they were last seen', async () => {
  await newAccount('ada@example.com', { hasSecondFactor: true })
  await newAccount('grace@example.com', { isConfirmed: false })
  const { stdout } = await scene.posthorn(['account', 'list'])
  expect(stdout).toMatch(/^ADDRESS +NAME +CONFIRMED +SECOND FACTOR +PROJECTS +LAST SEEN +ROLE\n/)
  expect(stdout).toMatch(/^ada@example\.com +Ada +yes +yes +0 +2026-01-31T09:30:00\.000Z +-$/m)
  expect(stdout).toMatch(/^grace@example\.com +Ada +no +no +0 +/m)
  expect((await scene.json(['account', 'list'])).data).toMatchObject([
    { email: 'ada@example.com', hasSecondFactor: true, isConfirmed: true, isInstanceOwner: false },
    { email: 'grace@example.com', hasSecondFactor: false, isConfirmed: false },
  ])
})

test('a lost second factor is switched off with its recovery codes and all sessions, which is told and kept', async () => {
  const id = await newAccount('ada@example.com', { hasSecondFactor: true })
  const bystander = await newAccount('grace@example.com', { hasSecondFactor: true })
  const reset = ['account', 'reset-second-factor', ' ADA@example.com']
  expect(await scene.json(reset)).toEqual({ email: 'ada@example.com', changed: true, endedSessions: 1 })
  expect(await rowsOf('auth.two_factors', id)).toEqual([])
  expect(await rowsOf('auth.sessions', id)).toEqual([])
  for (const table of ['auth.two_factors', 'auth.sessions']) expect(await rowsOf(table, bystander)).toHaveLength(1)
  expect(await actsOf(id)).toEqual([{ action: 'second-factor-off', detail: { by: 'operator', endedSessions: 1 } }])
  const mails = () => scene.db.selectFrom('emails').select(['to_email', 'subject']).execute()
  const told = [{ to_email: 'ada@example.com', subject: 'Your second factor was switched off' }]
  expect(await mails()).toEqual(told)

  expect(await scene.posthorn(reset)).toMatchObject({
    code: 0,
    stdout: 'ada@example.com has no second factor: nothing was changed.\n',
  })
  expect(await actsOf(id)).toHaveLength(1)
  expect(await mails()).toEqual(told)
})

test('a link to a new password is printed and nowhere sent, works for an hour, and is kept as a hash', async () => {
  const id = await newAccount('ada@example.com', { isConfirmed: false })
  const { code, stdout } = await scene.posthorn(['account', 'reset-password', 'ada@example.com'], {
    PUBLIC_URL: 'https://mail.example.com',
  })
  expect(code).toBe(0)
  const [, token] = /^https:\/\/mail\.example\.com\/reset-password#token=([\w-]{43})\n$/.exec(stdout)!
  const links = await sql<{ value: string; minutes: number }>`
    select *, extract(epoch from expires_at - now())::float8 / 60 as minutes from auth.verifications
  `.execute(scene.db)
  expect(links.rows).toMatchObject([{ value: id }])
  expect(links.rows[0]!.minutes).toBeCloseTo(60, -1)
  expect(JSON.stringify(links.rows)).not.toContain(token)
  expect(await actsOf(id)).toEqual([{ action: 'reset-link-made', detail: { by: 'operator' } }])
  expect(await scene.db.selectFrom('emails').select('id').execute()).toEqual([])
})

test('an address is confirmed on the operator’s word, once', async () => {
  const id = await newAccount('ada@example.com', { isConfirmed: false })
  const confirm = ['account', 'confirm-address', 'ada@example.com']
  expect(await scene.json(confirm)).toEqual({ email: 'ada@example.com', changed: true })
  expect((await scene.json(['account', 'list'])).data).toMatchObject([{ isConfirmed: true }])
  expect((await scene.posthorn(confirm)).stdout).toBe('ada@example.com was confirmed already.\n')
  expect(await actsOf(id)).toEqual([{ action: 'address-confirmed', detail: { by: 'operator' } }])
})

test('somebody is signed out everywhere, which is kept', async () => {
  const id = await newAccount('ada@example.com')
  const bystander = await newAccount('grace@example.com')
  const end = ['account', 'end-sessions', 'Ada@example.com']
  expect(await scene.json(end)).toEqual({ email: 'ada@example.com', endedSessions: 1 })
  expect([await rowsOf('auth.sessions', id), await rowsOf('auth.sessions', bystander)]).toMatchObject([[], [{}]])
  expect((await scene.posthorn(end)).stdout).toBe('ada@example.com is signed out. Sessions that ended: 0.\n')
  expect(await actsOf(id)).toEqual([{ action: 'all-sessions-ended', detail: { by: 'operator', endedSessions: 1 } }])
})

describe('deleting an account', () => {
  const erase = (yes = 'ada@example.com') => scene.posthorn(['account', 'delete', 'ada@example.com', '--yes', yes])
  const join = (projectId: string, userId: string, role: 'owner' | 'admin') =>
    scene.db.insertInto('members').values({ project_id: projectId, user_id: userId, role }).execute()
  const membersOf = async (projectId: string) =>
    (await scene.db.selectFrom('members').select('user_id').where('project_id', '=', projectId).execute()).map(
      ({ user_id }) => user_id,
    )

  test('ends its sessions, memberships and invitations, and keeps its log', async () => {
    const id = await newAccount('ada@example.com', { hasSecondFactor: true })
    const grace = await newAccount('grace@example.com')
    const { project } = await scene.newProject()
    await join(project.id, id, 'owner')
    await join(project.id, grace, 'owner')
    await sql`
      insert into invitations (project_id, id, email, role, token_hash, invited_by, expires_at)
      values (${project.id}, uuidv7(), 'x@example.com', 'owner', 'x', ${id}, now() + interval '1 day')
    `.execute(scene.db)
    await scene.posthorn(['account', 'reset-password', 'ada@example.com'])
    expect(await erase()).toEqual({
      code: 0,
      stdout: 'ada@example.com has no account any more. Sessions that ended: 1; projects that were left: 1.\n',
      stderr: '',
    })
    expect((await scene.json(['account', 'list'])).data).toMatchObject([{ email: 'grace@example.com' }])
    expect(await membersOf(project.id)).toEqual([grace])
    for (const table of ['auth.sessions', 'auth.two_factors']) expect(await rowsOf(table, id)).toEqual([])
    expect(await scene.db.selectFrom('invitations').select('id').execute()).toEqual([])
    const links = sql`select from auth.verifications where value = ${id}`.execute(scene.db)
    expect((await links).rows).toEqual([])
    const detail = { by: 'operator', email: 'ada@example.com', name: 'Ada', endedSessions: 1 }
    expect((await actsOf(id)).at(-1)).toEqual({ action: 'account-deleted', detail })
    const audit = await scene.db
      .selectFrom('audit_log')
      .select(['action', 'actor'])
      .where('project_id', '=', project.id)
      .orderBy('id')
      .execute()
    const bySystem = (action: string) => ({ action, actor: { kind: 'system' } })
    expect(audit.slice(-2)).toEqual([bySystem('member.removed'), bySystem('member.invitation-revoked')])
  })

  test('is refused while it is the only owner of projects, which are named', async () => {
    const id = await newAccount('ada@example.com')
    const grace = await newAccount('grace@example.com')
    const [shop, blog, other] = [
      await scene.newProject('Shop'),
      await scene.newProject('Blog'),
      await scene.newProject('Other'),
    ]
    for (const { project } of [shop, blog]) await join(project.id, id, 'owner')
    await join(shop.project.id, grace, 'admin')
    await join(other.project.id, id, 'admin')
    const { code, stderr } = await erase()
    expect(code).toBe(1)
    expect(stderr).toContain('ada@example.com is the only owner of “Blog”, “Shop”.')
    expect(await membersOf(other.project.id)).toEqual([id])
    expect([await rowsOf('auth.sessions', id), await actsOf(id)]).toMatchObject([[{}], []])
  })

  test('is refused to the owner of the instance, and where another address is typed', async () => {
    const id = await newAccount('ada@example.com')
    expect(await erase('grace@example.com')).toMatchObject({ code: 2, stdout: '' })
    await scene.db.updateTable('auth.users').set({ is_instance_owner: true }).where('id', '=', id).execute()
    const { code, stderr } = await erase()
    expect(code).toBe(1)
    expect(stderr).toMatch(/^ada@example\.com owns this Posthorn\. Make somebody else its owner first/)
    expect(await rowsOf('auth.sessions', id)).toHaveLength(1)
  })

  test('asks for the address at a terminal', async () => {
    await newAccount('ada@example.com')
    const { code, stderr } = await scene.posthorn(['account', 'delete', 'ada@example.com'], {}, 'ada@example.com\n')
    expect(stderr).toContain('Type the address to go on: ')
    expect(code).toBe(0)
    expect((await scene.json(['account', 'list'])).data).toEqual([])
  })
})

test('the instance changes hands, and with it the project of Posthorn’s own mail', async () => {
  const ada = await newAccount('ada@example.com')
  const grace = await newAccount('grace@example.com', { isConfirmed: false })
  await scene.db.updateTable('auth.users').set({ is_instance_owner: true }).where('id', '=', ada).execute()
  // Mail of its own makes its project.
  await newAccount('eve@example.com', { hasSecondFactor: true })
  await scene.posthorn(['account', 'reset-second-factor', 'eve@example.com'])
  const owners = () => scene.db.selectFrom('members').select(['user_id', 'role']).execute()
  expect(await owners()).toEqual([{ user_id: ada, role: 'owner' }])

  const hand = ['account', 'make-instance-owner', 'grace@example.com']
  expect((await scene.posthorn(hand)).stderr).toMatch(/^The address grace@example\.com is not confirmed\./)
  await scene.posthorn(['account', 'confirm-address', 'grace@example.com'])
  expect(await scene.json(hand)).toEqual({ email: 'grace@example.com', changed: true, before: 'ada@example.com' })
  expect(await owners()).toEqual([{ user_id: grace, role: 'owner' }])
  const { data } = await scene.json(['account', 'list'])
  expect(data.filter((one: { isInstanceOwner: boolean }) => one.isInstanceOwner)).toMatchObject([
    { email: 'grace@example.com' },
  ])
  expect((await actsOf(ada)).map(({ action }) => action)).toEqual(['instance-owner-unmade'])
  expect((await actsOf(grace)).map(({ action }) => action)).toEqual(['address-confirmed', 'instance-owner-made'])
  expect((await scene.posthorn(hand)).stdout).toBe('grace@example.com owns this Posthorn already.\n')
})

test.each([
  ['reset-second-factor'],
  ['reset-password'],
  ['confirm-address'],
  ['end-sessions'],
  ['make-instance-owner'],
  ['delete', '--yes', 'eve@example.com'],
])('%s says that nobody has the address, and does nothing', async (verb, ...flags) => {
  const id = await newAccount('ada@example.com', { isConfirmed: false, hasSecondFactor: true })
  const { code, stdout, stderr } = await scene.posthorn(['account', verb, 'eve@example.com', '--json', ...flags])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(JSON.parse(stderr).error).toEqual({
    code: 'ACCOUNT_NOT_FOUND',
    message: 'Nobody has an account eve@example.com.',
  })
  expect(await actsOf(id)).toEqual([])
})
