import { newId } from '@posthorn/services'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
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

test.each(['reset-second-factor', 'reset-password', 'confirm-address'])(
  '%s says that nobody has the address, and does nothing',
  async (verb) => {
    const id = await newAccount('ada@example.com', { isConfirmed: false, hasSecondFactor: true })
    const { code, stdout, stderr } = await scene.posthorn(['account', verb, 'eve@example.com', '--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(JSON.parse(stderr).error).toEqual({
      code: 'ACCOUNT_NOT_FOUND',
      message: 'Nobody has an account eve@example.com.',
    })
    expect(await actsOf(id)).toEqual([])
  },
)
