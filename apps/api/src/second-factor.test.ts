import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { sql } from 'kysely'
import { forgetProof, newMember, openBrowser, PASSWORD, setUp, type Browser } from '../test/people.ts'
import { productMail, productMails, tokenIn } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf, forgetUsedCodes } from '../test/totp.ts'

let api: TestApi
let projectId: string

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
  await setUp(api)
})

beforeEach(() => sql`delete from auth.attempts`.execute(api.db))
afterAll(() => api.stop())

const wrong = (code: string) => code.replace(/^./, (digit) => String((Number(digit) + 1) % 10))

async function withSecondFactor() {
  const person = await newMember(api, { projectId, role: 'member' })
  const begun = await person.browser.auth('/two-factor/enable', { password: PASSWORD })
  const { totpURI, backupCodes }: { totpURI: string; backupCodes: string[] } = begun.body
  const verified = await person.browser.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })
  expect([begun.status, verified.status]).toEqual([200, 200])
  await forgetUsedCodes(api)
  return { ...person, totpURI, backupCodes }
}

/** Draws out the waits that have begun, so that a slow machine does not wait them out by itself. */
const hold = () =>
  sql`update auth.attempts set blocked_until = blocked_until + interval '10 minutes'
    where blocked_until >= last_at + interval '1 second'`.execute(api.db)

const isIn = async (browser: Browser) => (await browser.trpc('account.get')).code === undefined

async function withPassword(email: string, password = PASSWORD): Promise<Browser> {
  const browser = openBrowser(api)
  const answer = await browser.auth('/sign-in/email', { email, password })
  expect(answer.body).toMatchObject({ twoFactorRedirect: true })
  return browser
}

describe('with a second factor', () => {
  test('the password alone signs nobody in; with the code it does', async () => {
    const { email, totpURI, browser: first } = await withSecondFactor()
    expect((await first.trpc('account.get')).output).toMatchObject({ hasSecondFactor: true })
    const browser = await withPassword(email)
    expect(await isIn(browser)).toBe(false)
    expect((await browser.auth('/two-factor/verify-totp', { code: wrong(codeOf(totpURI)) })).status).toBe(401)
    expect(await isIn(browser)).toBe(false)
    expect((await browser.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })).status).toBe(200)
    expect(await isIn(browser)).toBe(true)
  })

  test('a code without the password is worth nothing', async () => {
    const { totpURI } = await withSecondFactor()
    const browser = openBrowser(api)
    expect((await browser.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })).status).toBe(401)
    expect(await isIn(browser)).toBe(false)
  })

  test('a code that somebody saw is worth nothing once it was used', async () => {
    const { email, userId, totpURI, browser: first } = await withSecondFactor()
    const code = codeOf(totpURI)
    const [one, two] = [await withPassword(email), await withPassword(email)]
    expect((await one.auth('/two-factor/verify-totp', { code })).status).toBe(200)
    expect((await two.auth('/two-factor/verify-totp', { code })).body).toMatchObject({ code: 'INVALID_CODE' })
    expect([await isIn(one), await isIn(two)]).toEqual([true, false])
    await forgetProof(api, userId)
    expect((await first.auth('/prove', { password: PASSWORD, code })).body).toMatchObject({ code: 'INVALID_CODE' })
  })

  test('nor is the one that set it up', async () => {
    const { email, browser } = await newMember(api, { projectId, role: 'member' })
    const { totpURI } = (await browser.auth('/two-factor/enable', { password: PASSWORD })).body
    const code = codeOf(totpURI)
    expect((await browser.auth('/two-factor/verify-totp', { code })).status).toBe(200)
    const other = await withPassword(email)
    expect((await other.auth('/two-factor/verify-totp', { code })).body).toMatchObject({ code: 'INVALID_CODE' })
    expect(await isIn(other)).toBe(false)
    await forgetUsedCodes(api)
    const later = await withPassword(email)
    expect((await later.auth('/two-factor/verify-totp', { code })).status).toBe(200)
  })

  test('each recovery code works once', async () => {
    const { email, backupCodes } = await withSecondFactor()
    const [code = ''] = backupCodes
    expect(backupCodes.length).toBeGreaterThanOrEqual(8)
    const browser = await withPassword(email)
    expect((await browser.auth('/two-factor/verify-backup-code', { code })).status).toBe(200)
    expect(await isIn(browser)).toBe(true)
    const again = await withPassword(email)
    expect((await again.auth('/two-factor/verify-backup-code', { code })).status).toBe(401)
    expect(await isIn(again)).toBe(false)
  })

  test('guesses at the code are few for each time that the password is given', async () => {
    const { email, totpURI } = await withSecondFactor()
    const browser = await withPassword(email)
    for (let tried = 0; tried < 5; tried += 1) {
      await browser.auth('/two-factor/verify-totp', { code: wrong(codeOf(totpURI)) })
    }
    const late = await browser.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })
    expect(late.status).toBeGreaterThanOrEqual(400)
    expect(await isIn(browser)).toBe(false)
  })

  test('guesses are few over however many times that the password is given, at codes and recovery codes alike', async () => {
    const { email, totpURI, backupCodes } = await withSecondFactor()
    const guess = async (browser: Browser, path: string, code: string) =>
      (await browser.auth(`/two-factor/verify-${path}`, { code })).status
    const [one, two, three] = [await withPassword(email), await withPassword(email), await withPassword(email)]
    const wrongTotp = wrong(codeOf(totpURI))
    const statuses = [
      await guess(one, 'totp', wrongTotp),
      await guess(one, 'backup-code', 'aaaaa-aaaaa'),
      await guess(one, 'totp', wrongTotp),
      await guess(two, 'totp', wrongTotp),
      await guess(two, 'backup-code', 'bbbbb-bbbbb'),
    ]
    expect(statuses).toEqual([401, 401, 401, 401, 401])
    await hold()
    const late = await three.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })
    expect(late.status).toBe(429)
    expect(late.body).toMatchObject({ code: 'TOO_MANY_TRIES' })
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await guess(three, 'backup-code', backupCodes[0]!)).toBe(429)
    expect(await isIn(three)).toBe(false)

    const other = await withSecondFactor()
    const theirs = await withPassword(other.email)
    expect(await guess(theirs, 'backup-code', other.backupCodes[0]!)).toBe(200)

    await sql`update auth.attempts set blocked_until = now()`.execute(api.db)
    expect(await guess(three, 'backup-code', backupCodes[0]!)).toBe(200)
    expect(await isIn(three)).toBe(true)
    const { rows } = await sql`select from auth.attempts where blocked_until > now() + interval '1 minute'`.execute(
      api.db,
    )
    expect(rows).toEqual([])
  })

  test('a session that somebody left open is no way to guess at it either', async () => {
    const { browser, totpURI } = await withSecondFactor()
    const code = wrong(codeOf(totpURI))
    for (let tried = 0; tried < 3; tried += 1) await browser.auth('/two-factor/verify-totp', { code })
    for (let tried = 0; tried < 2; tried += 1) await browser.auth('/prove', { password: PASSWORD, code })
    await hold()
    expect((await browser.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })).status).toBe(429)
    expect((await browser.auth('/prove', { password: PASSWORD, code: codeOf(totpURI) })).status).toBe(429)
  })

  test('a reset of the password does not go round it', async () => {
    const { email, totpURI } = await withSecondFactor()
    await openBrowser(api).auth('/request-password-reset', { email })
    const token = tokenIn(await productMail(api, email, 'Reset your password'))
    const newPassword = 'another umbrella for the moon'
    await openBrowser(api).auth('/reset-password', { token, newPassword })
    const browser = await withPassword(email, newPassword)
    expect(await isIn(browser)).toBe(false)
    await browser.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })
    expect(await isIn(browser)).toBe(true)
  })

  test('a proof needs the code, too', async () => {
    const { browser, userId, totpURI } = await withSecondFactor()
    await forgetProof(api, userId)
    expect((await browser.auth('/prove', { password: PASSWORD })).body).toMatchObject({ code: 'SECOND_FACTOR_NEEDED' })
    const code = codeOf(totpURI)
    expect((await browser.auth('/prove', { password: PASSWORD, code: wrong(code) })).body).toMatchObject({
      code: 'INVALID_CODE',
    })
    expect((await browser.auth('/two-factor/disable', { password: PASSWORD })).body).toMatchObject({
      code: 'PROOF_NEEDED',
    })
    expect((await browser.auth('/prove', { password: PASSWORD, code: codeOf(totpURI) })).status).toBe(200)
  })

  test('a new password needs a proof with the code, and its session counts as no fresher one', async () => {
    const { browser, userId, totpURI } = await withSecondFactor()
    await forgetProof(api, userId)
    const change = { currentPassword: PASSWORD, newPassword: 'another umbrella for the moon' }
    expect((await browser.auth('/change-password', change)).body).toMatchObject({ code: 'PROOF_NEEDED' })
    expect((await browser.auth('/prove', { password: PASSWORD, code: codeOf(totpURI) })).status).toBe(200)
    await sql`update auth.sessions set proven_at = now() - interval '14 minutes' where user_id = ${userId}`.execute(
      api.db,
    )
    const before = (await browser.trpc('account.get')).output
    const cookie = [...browser.cookies.entries()].find(([name]) => name.endsWith('session_token'))
    expect((await browser.auth('/change-password', change)).status).toBe(200)
    expect([...browser.cookies.entries()]).not.toContainEqual(cookie)
    expect((await browser.trpc('account.get')).output.provenUntil).toBe(before.provenUntil)
  })

  test.each(['/two-factor/verify-totp', '/two-factor/verify-backup-code'])(
    'no browser can be let off it by %s',
    async (path) => {
      const { email, totpURI, backupCodes } = await withSecondFactor()
      const browser = await withPassword(email)
      const code = path.endsWith('totp') ? codeOf(totpURI) : backupCodes[0]
      const refused = await browser.auth(path, { code, trustDevice: true })
      expect(refused.body).toMatchObject({ code: 'NOT_POSSIBLE' })
      expect(await isIn(browser)).toBe(false)
      expect((await browser.auth(path, { code })).status).toBe(200)
      await browser.auth('/sign-out', {})
      const again = await browser.auth('/sign-in/email', { email, password: PASSWORD })
      expect(again.body).toMatchObject({ twoFactorRedirect: true })
    },
  )

  test('a recovery code is a proof, once', async () => {
    const { browser, userId, backupCodes } = await withSecondFactor()
    await forgetProof(api, userId)
    const prove = () => browser.auth('/prove', { password: PASSWORD, code: backupCodes[0] })
    expect((await prove()).status).toBe(200)
    expect((await prove()).body).toMatchObject({ code: 'INVALID_CODE' })
  })
})

test('it is switched on with a proof no fresher than the one before, and told by mail', async () => {
  const { browser, userId, email } = await newMember(api, { projectId, role: 'member' })
  await sql`update auth.sessions set proven_at = now() - interval '14 minutes' where user_id = ${userId}`.execute(
    api.db,
  )
  const before = (await browser.trpc('account.get')).output
  const begun = await browser.auth('/two-factor/enable', { password: PASSWORD })
  expect((await browser.auth('/two-factor/verify-totp', { code: codeOf(begun.body.totpURI) })).status).toBe(200)
  const after = (await browser.trpc('account.get')).output
  expect(after).toMatchObject({ hasSecondFactor: true, provenUntil: before.provenUntil })
  expect((await productMail(api, email, 'How you sign in was changed')).text).toContain('switched on')
})

test('who has a password gives it to switch it on, to switch it off, and for new recovery codes', async () => {
  const { browser } = await newMember(api, { projectId, role: 'member' })
  for (const path of ['enable', 'disable']) {
    const refused = await browser.auth(`/two-factor/${path}`, {})
    expect([path, refused.status, refused.body.code]).toEqual([path, 400, 'INVALID_PASSWORD'])
  }
  const { body: begun } = await browser.auth('/two-factor/enable', { password: PASSWORD })
  await browser.auth('/two-factor/verify-totp', { code: codeOf(begun.totpURI) })
  expect((await browser.auth('/two-factor/generate-backup-codes', {})).status).toBe(400)
})

test('it is switched off with the password, and told by mail', async () => {
  const { browser, email } = await withSecondFactor()
  expect((await browser.auth('/two-factor/disable', { password: 'not the password' })).status).toBe(400)
  expect((await browser.auth('/two-factor/disable', { password: PASSWORD })).status).toBe(200)
  expect((await browser.trpc('account.get')).output).toMatchObject({ hasSecondFactor: false })
  await vi.waitFor(async () => {
    const texts = (await productMails(api, email)).map(({ text }) => text)
    expect(texts.some((text) => text.includes('switched off'))).toBe(true)
  }, 10_000)
  expect((await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD })).body.user.email).toBe(email)
})

test('what it is made of cannot be read in the table', async () => {
  const { totpURI, backupCodes } = await withSecondFactor()
  const { rows } = await sql<{ row: string }>`select t::text as row from auth.two_factors t`.execute(api.db)
  const stored = JSON.stringify(rows)
  const secret = new URL(totpURI).searchParams.get('secret') ?? ''
  for (const told of [secret, ...backupCodes]) expect(stored).not.toContain(told)
})
