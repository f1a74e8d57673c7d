import { ACCOUNT_ACTS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newAuthenticator } from '../test/authenticator.ts'
import { newMember, openBrowser, PASSWORD, setUp, type Browser } from '../test/people.ts'
import { productMail, tokenIn } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf } from '../test/totp.ts'

let api: TestApi
let projectId: string
let owner: Awaited<ReturnType<typeof setUp>>

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
  owner = await setUp(api)
})

afterAll(() => api.stop())

const newPerson = () => newMember(api, { projectId, role: 'member' })
const activity = async (browser: Browser) => (await browser.trpc('account.activity')).output.data as Act[]
const actsOf = async (browser: Browser) => (await activity(browser)).map(({ action }) => action).toReversed()

interface Act {
  action: string
  ip: string | null
  userAgent: string | null
  detail: Record<string, unknown>
}

/** What is kept of the person that is not there yet. */
async function newActs(browser: Browser, act: () => Promise<unknown>): Promise<string[]> {
  const before = (await actsOf(browser)).length
  await act()
  return (await actsOf(browser)).slice(before)
}

test('who made the first account is kept, with from where', async () => {
  expect((await activity(owner.browser)).toReversed()).toMatchObject([
    { action: 'account-made', detail: { isInstanceOwner: true } },
    { action: 'signed-in', ip: '127.0.0.1', userAgent: 'Mozilla/5.0 (test)', detail: { by: 'new account' } },
  ])
})

test('who signs in and out, and ends sessions, is kept; who fails to is not', async () => {
  const { browser, email } = await newPerson()
  const signIn = async (password = PASSWORD) => {
    const other = openBrowser(api)
    await other.auth('/sign-in/email', { email, password })
    return other
  }
  const acts = await newActs(browser, async () => {
    await signIn('a wrong password')
    await (await signIn()).auth('/sign-out', {})
    await signIn()
    const sessions = (await browser.trpc('account.sessions')).output.data as { id: string; isCurrent: boolean }[]
    await browser.trpc('account.endSession', { id: sessions.find(({ isCurrent }) => !isCurrent)?.id })
    await browser.trpc('account.endOtherSessions')
  })
  expect(acts).toEqual(['signed-in', 'signed-out', 'signed-in', 'session-ended', 'other-sessions-ended'])
  for (const act of (await activity(browser)).slice(0, acts.length)) {
    expect(act).toMatchObject({ ip: '127.0.0.1', userAgent: 'Mozilla/5.0 (test)' })
  }
})

test('wrong tries that lead to a wait are kept, once for each wait, with from where', async () => {
  const { browser, email } = await newPerson()
  const guess = () => openBrowser(api).auth('/sign-in/email', { email, password: 'a wrong password' })
  const delays = async () => (await activity(browser)).filter(({ action }) => action === 'sign-in-delayed')
  for (let tried = 0; tried < 2; tried += 1) expect((await guess()).status).toBe(401)
  expect(await delays()).toEqual([])
  const statuses = (await Promise.all([guess(), guess(), guess()])).map(({ status }) => status)
  expect(statuses).toEqual([401, 401, 401])
  await vi.waitFor(async () => expect(await delays()).toHaveLength(1))
  expect((await delays())[0]).toMatchObject({
    ip: '127.0.0.1',
    userAgent: 'Mozilla/5.0 (test)',
    detail: { by: 'password' },
  })
  await sql`update auth.attempts set blocked_until = now() + interval '10 minutes' where count >= 5`.execute(api.db)
  for (let tried = 0; tried < 2; tried += 1) expect((await guess()).status).toBe(429)
  await sql`update auth.attempts set blocked_until = now() where count >= 5`.execute(api.db)
  expect((await guess()).status).toBe(401)
  await vi.waitFor(async () => expect(await delays()).toHaveLength(2))
})

test('each change of a way in is kept', async () => {
  const { browser, email } = await newPerson()
  const authenticator = newAuthenticator('localhost')
  const newEmail = `new-${email}`
  const acts = await newActs(browser, async () => {
    const { body: options } = await browser.auth('/passkey/generate-register-options')
    const response = authenticator.register(options, `http://localhost:${api.port}`)
    const { body: passkey } = await browser.auth('/passkey/verify-registration', { response, name: 'Laptop' })
    await browser.auth('/passkey/delete-passkey', { id: passkey.id })
    await browser.auth('/change-password', { currentPassword: 'a wrong password', newPassword: 'another umbrella' })
    await browser.auth('/change-password', { currentPassword: PASSWORD, newPassword: 'another umbrella' })
    await browser.auth('/change-address', { newEmail, password: 'another umbrella' })
    const token = tokenIn(await productMail(api, newEmail, 'Confirm your new address'))
    await browser.auth('/confirm-address', { token })
    const { body: begun } = await browser.auth('/two-factor/enable', { password: 'another umbrella' })
    await browser.auth('/two-factor/verify-totp', { code: codeOf(begun.totpURI) })
    await browser.auth('/two-factor/generate-backup-codes', { password: 'another umbrella' })
    await browser.auth('/two-factor/disable', { password: 'another umbrella' })
  })
  expect(acts).toEqual([
    'passkey-added',
    'passkey-removed',
    'password-changed',
    'address-changed',
    'second-factor-on',
    'recovery-codes-made',
    'second-factor-off',
  ])
  expect((await activity(browser)).find(({ action }) => action === 'address-changed')?.detail).toEqual({
    from: email,
    to: newEmail,
  })
})

test('a reset by mail is kept, without the link', async () => {
  const { email } = await newPerson()
  await openBrowser(api).auth('/request-password-reset', { email })
  const token = tokenIn(await productMail(api, email, 'Reset your password'))
  const newPassword = 'another umbrella'
  await openBrowser(api).auth('/reset-password', { token, newPassword })
  const browser = openBrowser(api)
  await browser.auth('/sign-in/email', { email, password: newPassword })
  expect((await actsOf(browser)).slice(-2)).toEqual(['password-reset', 'signed-in'])
  const { rows } = await sql`select * from auth.account_log`.execute(api.db)
  for (const secret of [token, newPassword, PASSWORD]) expect(JSON.stringify(rows)).not.toContain(secret)
  for (const { action } of rows as { action: string }[]) expect(ACCOUNT_ACTS).toContain(action)
})

test('what is kept cannot be changed or deleted', async () => {
  for (const change of ["update auth.account_log set action = 'x'", 'delete from auth.account_log']) {
    await expect(sql.raw(change).execute(api.db)).rejects.toThrow('append-only')
  }
  await expect(sql`truncate auth.account_log`.execute(api.db)).rejects.toThrow('append-only')
})

test('nobody sees what somebody else did', async () => {
  const { browser, userId } = await newPerson()
  await vi.waitFor(async () => expect(await actsOf(browser)).not.toEqual([]))
  const { rows } = await sql<{ id: string }>`select id from auth.account_log where user_id = ${userId}`.execute(api.db)
  const theirs = new Set(rows.map(({ id }) => id))
  const shown = (await owner.browser.trpc('account.activity')).output.data as { id: string }[]
  expect(shown.filter(({ id }) => theirs.has(id))).toEqual([])
  expect((await openBrowser(api).trpc('account.activity')).code).toBe('SIGN_IN_NEEDED')
})
