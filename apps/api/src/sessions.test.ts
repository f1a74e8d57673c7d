import { newId } from '@posthorn/services'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { forgetProof, newMember, openBrowser, PASSWORD, setUp, signIn, type Somebody } from '../test/people.ts'
import { productMail, productMails } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

const DAY_MS = 86_400_000
const COOKIE = 'posthorn.session_token'

let api: TestApi
let projectId: string
let owner: Somebody

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
  owner = await setUp(api)
})

afterAll(() => api.stop())

const newPerson = () => newMember(api, { projectId, role: 'member' })
const isIn = async (browser: Somebody['browser']) => (await browser.trpc('account.get')).code === undefined

describe('the cookie', () => {
  test('is for this host alone, and no script can read it', async () => {
    const { email } = await newPerson()
    const { headers } = await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD })
    const line = headers.getSetCookie().find((cookie) => cookie.startsWith(COOKIE)) ?? ''
    const [, ...attributes] = line.split('; ')
    expect(attributes.sort()).toEqual(['HttpOnly', `Max-Age=${30 * 86_400}`, 'Path=/', 'SameSite=Lax'])
  })

  test('is named __Host- and goes over TLS alone where people come by https', async () => {
    const https = await startTestApi({ databaseUrl: api.databaseUrl, publicUrl: 'https://mail.example.com' })
    try {
      const { email } = await newPerson()
      const browser = openBrowser(https)
      const { headers } = await browser.auth('/sign-in/email', { email, password: PASSWORD })
      const lines = headers.getSetCookie()
      expect(lines.some((line) => line.startsWith('__Host-posthorn.session_token='))).toBe(true)
      for (const line of lines) {
        expect(line).toMatch(/^__Host-/)
        expect(line.split('; ')).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'Path=/', 'SameSite=Lax']))
        expect(line).not.toMatch(/domain/i)
      }
      expect(await isIn(browser)).toBe(true)
    } finally {
      await https.stop()
    }
  })

  test('is worth nothing when it was made up or changed', async () => {
    const { browser } = await newPerson()
    const [token = '', signature = ''] = decodeURIComponent(browser.cookies.get(COOKIE) ?? '').split('.')
    const [other = ''] = decodeURIComponent((await newPerson()).browser.cookies.get(COOKIE) ?? '').split('.')
    for (const forged of [
      token,
      `${token}.`,
      `${other}.${signature}`,
      `${token}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      '.',
    ]) {
      const thief = openBrowser(api, new Map([[COOKIE, encodeURIComponent(forged)]]))
      expect([forged, await isIn(thief)]).toEqual([forged, false])
    }
    expect(await isIn(browser)).toBe(true)
  })

  test('is a new one at each sign-in: one that somebody was made to carry before is worth nothing after', async () => {
    const { email, browser } = await newPerson()
    const planted = browser.cookies.get(COOKIE)
    await signIn(api, { email, browser })
    expect(browser.cookies.get(COOKIE)).not.toBe(planted)

    const made = openBrowser(api, new Map([[COOKIE, 'chosen-by-the-thief.c2lnbmVk']]))
    await signIn(api, { email, browser: made })
    expect(made.cookies.get(COOKIE)).not.toContain('chosen-by-the-thief')
    expect(await isIn(openBrowser(api, new Map([[COOKIE, 'chosen-by-the-thief.c2lnbmVk']])))).toBe(false)
  })
})

describe('a session', () => {
  const change = (userId: string, set: string) =>
    sql`update auth.sessions set ${sql.raw(set)} where user_id = ${userId}`.execute(api.db)
  const read = (userId: string) =>
    api.db.selectFrom('auth.sessions').selectAll().where('user_id', '=', userId).executeTakeFirstOrThrow()

  test('ends when it is not used for a week', async () => {
    const { browser, userId } = await newPerson()
    const { expires_at } = await read(userId)
    expect((expires_at.getTime() - Date.now()) / DAY_MS).toBeCloseTo(7, 2)
    await change(userId, `expires_at = now() - interval '1 second'`)
    expect((await browser.trpc('account.get')).code).toBe('SIGN_IN_NEEDED')
    expect((await browser.trpc('emails.list', {}, { projectId })).code).toBe('SIGN_IN_NEEDED')
    expect(
      (await browser.auth('/change-password', { currentPassword: PASSWORD, newPassword: 'x'.repeat(20) })).status,
    ).toBe(401)
  })

  test('lasts while it is used, which is noted at most every few minutes', async () => {
    const { browser, userId } = await newPerson()
    const fresh = await read(userId)
    await browser.trpc('account.get')
    expect(await read(userId)).toEqual(fresh)
    await change(userId, `updated_at = now() - interval '6 minutes', expires_at = now() + interval '1 day'`)
    await browser.trpc('account.get')
    const used = await read(userId)
    expect((used.expires_at.getTime() - Date.now()) / DAY_MS).toBeCloseTo(7, 2)
    expect(Date.now() - used.updated_at.getTime()).toBeLessThan(60_000)
  })

  test('ends after 30 days, however much it is used', async () => {
    const { browser, userId } = await newPerson()
    await change(
      userId,
      `created_at = now() - interval '29 days', updated_at = now() - interval '6 minutes', expires_at = now() + interval '1 hour'`,
    )
    await browser.trpc('account.get')
    const { expires_at } = await read(userId)
    expect((expires_at.getTime() - Date.now()) / DAY_MS).toBeCloseTo(1, 2)
  })

  test('ends at sign-out, for whoever kept a copy of the cookie, too', async () => {
    const { browser } = await newPerson()
    const copy = browser.copy()
    expect((await browser.auth('/sign-out', {})).status).toBe(200)
    expect(browser.cookies.has(COOKIE)).toBe(false)
    expect(await isIn(copy)).toBe(false)
  })

  test('ends when somebody signs in anew in its browser, where it could not be signed out any more', async () => {
    const { browser, email } = await newPerson()
    const copy = browser.copy()
    const other = await signIn(api, { email })
    await signIn(api, { email, browser })
    expect([await isIn(browser), await isIn(copy), await isIn(other)]).toEqual([true, false, true])
    const { email: theirs } = await newPerson()
    const mine = browser.copy()
    await signIn(api, { email: theirs, browser })
    expect(await isIn(mine)).toBe(false)
  })

  test('is listed with where it is from, and can be ended from another', async () => {
    const { browser, email } = await newPerson()
    const other = openBrowser(api)
    await other.auth('/sign-in/email', { email, password: PASSWORD }, { 'User-Agent': 'Other browser' })
    const { output } = await browser.trpc('account.sessions')
    expect(output.data).toHaveLength(2)
    expect(output.data[0]).toMatchObject({ isCurrent: false, userAgent: 'Other browser', ip: '127.0.0.1' })
    expect(output.data[1]).toMatchObject({ isCurrent: true })
    expect(JSON.stringify(output)).not.toContain(decodeURIComponent(other.cookies.get(COOKIE) ?? '').split('.')[0])
    expect((await browser.trpc('account.endSession', { id: output.data[0].id })).code).toBeUndefined()
    expect([await isIn(other), await isIn(browser)]).toEqual([false, true])
  })

  test('of somebody else cannot be ended, and answers as one that is not there', async () => {
    const { browser } = await newPerson()
    const theirs = (await owner.browser.trpc('account.sessions')).output.data[0].id
    const foreign = await browser.trpc('account.endSession', { id: theirs })
    const missing = await browser.trpc('account.endSession', { id: newId() })
    expect([foreign.code, foreign.message]).toEqual(['SESSION_NOT_FOUND', missing.message])
    expect(await isIn(owner.browser)).toBe(true)
  })

  test('stays when all others are ended', async () => {
    const { browser, email } = await newPerson()
    const others = [await signIn(api, { email }), await signIn(api, { email })]
    expect((await browser.trpc('account.endOtherSessions')).output).toEqual({ ended: 2 })
    expect([await isIn(browser), await isIn(others[0]!), await isIn(others[1]!)]).toEqual([true, false, false])
  })
})

describe('a new password', () => {
  const NEW = 'another umbrella for the moon'

  test('ends all other sessions at once, whatever is asked for, and its own gets a new cookie', async () => {
    const { browser, email } = await newPerson()
    const other = await signIn(api, { email })
    const copy = browser.copy()
    const changed = await browser.auth('/change-password', {
      currentPassword: PASSWORD,
      newPassword: NEW,
      revokeOtherSessions: false,
    })
    expect(changed.status).toBe(200)
    expect([await isIn(browser), await isIn(copy), await isIn(other)]).toEqual([true, false, false])
    expect((await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD })).status).toBe(401)
    await signIn(api, { email, password: NEW })
    await productMail(api, email, 'Your password was changed')
  })

  test('is not set without the one before', async () => {
    const { browser, email } = await newPerson()
    const refused = await browser.auth('/change-password', { currentPassword: 'wrong password', newPassword: NEW })
    expect(refused.body).toMatchObject({ code: 'INVALID_PASSWORD' })
    await signIn(api, { email })
    expect((await productMails(api, email)).map(({ subject }) => subject)).not.toContain('Your password was changed')
  })

  test('that somebody writes into the table by hand ends all sessions, too', async () => {
    const { browser, userId } = await newPerson()
    await sql`update auth.accounts set password = 'changed' where user_id = ${userId}`.execute(api.db)
    expect(await isIn(browser)).toBe(false)
  })
})

describe('a proof', () => {
  test('is asked for when the last one is too old, and giving the password again is one', async () => {
    const { browser, userId } = owner
    const keyId = (await browser.trpc('keys.list', {}, { projectId })).output.data[0].id
    const reveal = () => browser.trpc('keys.reveal', { id: keyId }, { projectId })
    expect((await reveal()).code).toBeUndefined()
    await forgetProof(api, userId)
    expect((await reveal()).code).toBe('PROOF_NEEDED')
    expect((await browser.auth('/prove', { password: 'not the password' })).body).toMatchObject({
      code: 'INVALID_PASSWORD',
    })
    expect((await reveal()).code).toBe('PROOF_NEEDED')
    expect((await browser.auth('/prove', { password: PASSWORD })).status).toBe(200)
    expect((await reveal()).code).toBeUndefined()
    const until = new Date((await browser.trpc('account.get')).output.provenUntil)
    expect((until.getTime() - Date.now()) / 60_000).toBeCloseTo(15, 0)
  })

  test('counts for its own session alone', async () => {
    const { browser, email, userId } = await newPerson()
    const other = await signIn(api, { email })
    await forgetProof(api, userId)
    await browser.auth('/prove', { password: PASSWORD })
    const until = async (one: typeof browser) => new Date((await one.trpc('account.get')).output.provenUntil).getTime()
    expect(await until(browser)).toBeGreaterThan(Date.now())
    expect(await until(other)).toBeLessThan(Date.now())
  })
})

describe('a session acts for a project', () => {
  test('that it names, with the role that its person has there now', async () => {
    const { browser, userId } = await newMember(api, { projectId, role: 'viewer' })
    const track = () => browser.trpc('events.track', { event: 'x', email: 'x@example.com' }, { projectId })
    expect((await browser.trpc('emails.list', {}, { projectId })).code).toBeUndefined()
    expect((await browser.trpc('emails.list')).code).toBe('PROJECT_NEEDED')
    expect((await track()).code).toBe('ROLE_TOO_LOW')
    await sql`update members set role = 'member' where user_id = ${userId}`.execute(api.db)
    expect((await track()).code).toBeUndefined()
  })

  test('and for no other: one that is not theirs, one that is gone and one that never was answer alike', async () => {
    const { browser } = await newPerson()
    const foreign = (await api.newProject()).project.id
    const ended = (await api.newProject()).project.id
    await sql`update projects set deleted_at = now() where id = ${ended}`.execute(api.db)
    const answers = await Promise.all(
      [foreign, ended, newId(), 'nonsense', `${projectId}'`].map((id) =>
        browser.trpc('emails.list', {}, { projectId: id }),
      ),
    )
    for (const answer of answers) expect([answer.status, answer.code]).toEqual([404, 'PROJECT_NOT_FOUND'])
    expect(new Set(answers.map(({ message }) => message)).size).toBe(1)
    // What is one's own is answered all the same.
    expect((await browser.trpc('account.get', {}, { projectId: foreign })).code).toBeUndefined()
  })

  test('until the person is removed, at once and in open tabs', async () => {
    const { browser, userId } = await newPerson()
    expect((await browser.trpc('emails.list', {}, { projectId })).code).toBeUndefined()
    await owner.browser.trpc('members.remove', { userId }, { projectId })
    expect((await browser.trpc('emails.list', {}, { projectId })).code).toBe('PROJECT_NOT_FOUND')
  })

  test('over tRPC alone: REST knows no sessions', async () => {
    const { browser } = await newPerson()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { Cookie: cookie, Origin: api.url, 'X-Project-Id': projectId }
    const answer = await fetch(`${api.url}/v1/emails`, { headers })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { code: 'MISSING_AUTH' } })
  })
})

test('a sign-in from a new device is told by mail, from a known one and at sign-up it is not', async () => {
  const { email, browser } = await newPerson()
  const subjects = async () => (await productMails(api, email)).map(({ subject }) => subject)
  await signIn(api, { email })
  await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD }, { 'User-Agent': 'Somewhere else' })
  const mail = await productMail(api, email, 'Sign-in from a new device')
  expect(mail.text).toContain('Somewhere else')
  expect(mail.text).toContain('127.0.0.1')
  await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD }, { 'User-Agent': 'Somewhere else' })
  // The next mail to the same address comes after any that the sign-in before would have caused.
  await browser.auth('/request-password-reset', { email })
  await productMail(api, email, 'Reset your password')
  expect(await subjects()).toEqual(['Sign-in from a new device', 'Reset your password'])
})
