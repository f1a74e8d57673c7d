import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAuthenticator, type Authenticator } from '../test/authenticator.ts'
import { forgetProof, newMember, openBrowser, PASSWORD, setUp, type Browser } from '../test/people.ts'
import { productMail } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf } from '../test/totp.ts'

let api: TestApi
let projectId: string
/** Browsers have passkeys for names alone, and the test’s server goes by this one. */
let origin: string

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
  await setUp(api)
  origin = `http://localhost:${api.port}`
})

afterAll(() => api.stop())

async function addPasskey(browser: Browser, authenticator: Authenticator, from = origin) {
  const { body: options } = await browser.auth('/passkey/generate-register-options')
  return browser.auth('/passkey/verify-registration', {
    response: authenticator.register(options, from),
    name: 'Laptop',
  })
}

async function signInWith(browser: Browser, authenticator: Authenticator, from = origin) {
  const { body: options } = await browser.auth('/passkey/generate-authenticate-options')
  return browser.auth('/passkey/verify-authentication', { response: authenticator.assert(options, from) })
}

test('a passkey is added, signs in without a password, and is told of by mail', async () => {
  const { browser, email, userId } = await newMember(api, { projectId, role: 'member' })
  const authenticator = newAuthenticator('localhost')
  expect((await addPasskey(browser, authenticator)).status).toBe(200)
  expect((await productMail(api, email, 'How you sign in was changed')).text).toContain('passkey was added')

  const fresh = openBrowser(api)
  expect((await signInWith(fresh, authenticator)).status).toBe(200)
  expect((await fresh.trpc('account.get')).output).toMatchObject({ id: userId })
})

test('it is added and removed by whoever has proven lately that it is them', async () => {
  const { browser, userId } = await newMember(api, { projectId, role: 'member' })
  const authenticator = newAuthenticator('localhost')
  await addPasskey(browser, authenticator)
  await forgetProof(api, userId)
  const [{ id }] = (await browser.auth('/passkey/list-user-passkeys')).body
  expect((await browser.auth('/passkey/generate-register-options')).body).toMatchObject({ code: 'PROOF_NEEDED' })
  expect((await browser.auth('/passkey/delete-passkey', { id })).body).toMatchObject({ code: 'PROOF_NEEDED' })
  const fresh = openBrowser(api)
  await signInWith(fresh, authenticator)
  expect((await fresh.auth('/passkey/delete-passkey', { id })).status).toBe(200)
  expect((await signInWith(openBrowser(api), authenticator)).status).toBe(401)
})

test('it is a proof: the session that it begins takes the place of the one whose proof was too old', async () => {
  const { browser, userId } = await newMember(api, { projectId, role: 'member' })
  const authenticator = newAuthenticator('localhost')
  await addPasskey(browser, authenticator)
  await forgetProof(api, userId)
  const former = browser.copy()
  const enable = (body: object) => browser.auth('/two-factor/enable', body)
  expect((await enable({ password: PASSWORD })).body).toMatchObject({ code: 'PROOF_NEEDED' })
  expect((await signInWith(browser, authenticator)).status).toBe(200)
  expect((await browser.trpc('account.sessions')).output.data).toHaveLength(1)
  expect((await former.trpc('account.get')).code).toBe('SIGN_IN_NEEDED')
  expect((await enable({ password: PASSWORD })).status).toBe(200)
})

test('who has nothing but passkeys switches the second factor on and off by one', async () => {
  const { browser, userId } = await newMember(api, { projectId, role: 'member' })
  const authenticator = newAuthenticator('localhost')
  await addPasskey(browser, authenticator)
  await sql`delete from auth.accounts where user_id = ${userId}`.execute(api.db)
  await forgetProof(api, userId)
  expect((await browser.auth('/two-factor/enable', {})).body).toMatchObject({ code: 'PROOF_NEEDED' })
  await signInWith(browser, authenticator)
  const begun = await browser.auth('/two-factor/enable', {})
  expect((await browser.auth('/two-factor/verify-totp', { code: codeOf(begun.body.totpURI) })).status).toBe(200)
  expect((await browser.trpc('account.get')).output).toMatchObject({ hasPassword: false, hasSecondFactor: true })
  expect((await browser.auth('/two-factor/disable', {})).status).toBe(200)
})

test('of somebody else it cannot be removed, and made-up ids are no fault of ours', async () => {
  const mine = await newMember(api, { projectId, role: 'member' })
  const theirs = await newMember(api, { projectId, role: 'member' })
  await addPasskey(theirs.browser, newAuthenticator('localhost'))
  const [{ id }] = (await theirs.browser.auth('/passkey/list-user-passkeys')).body
  expect((await mine.browser.auth('/passkey/delete-passkey', { id })).status).toBe(404)
  expect((await theirs.browser.auth('/passkey/list-user-passkeys')).body).toHaveLength(1)
  for (const made of ['x', '', { $ne: null }, crypto.randomUUID()]) {
    const { status } = await mine.browser.auth('/passkey/delete-passkey', { id: made })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  }
})

test.each(['two passkeys', 'a passkey and the password'])('of %s that are removed at once one stays', async (which) => {
  for (let round = 0; round < 3; round += 1) {
    const { browser, userId } = await newMember(api, { projectId, role: 'member' })
    await addPasskey(browser, newAuthenticator('localhost'))
    if (which === 'two passkeys') {
      await addPasskey(browser, newAuthenticator('localhost'))
      await sql`delete from auth.accounts where user_id = ${userId}`.execute(api.db)
    }
    const passkeys = (await browser.auth('/passkey/list-user-passkeys')).body as { id: string }[]
    const codes = await Promise.all([
      ...passkeys.map(async ({ id }) => (await browser.auth('/passkey/delete-passkey', { id })).body.code),
      ...(passkeys.length === 1 ? [browser.trpc('account.removePassword').then(({ code }) => code)] : []),
    ])
    expect(codes.filter((code) => code === 'LAST_WAY_IN')).toHaveLength(1)
    const { hasPassword } = (await browser.trpc('account.get')).output
    const left = (await browser.auth('/passkey/list-user-passkeys')).body.length
    expect(left + Number(hasPassword)).toBe(1)
  }
})

test('questions for a passkey are kept for so many only that one network has asked', async () => {
  await sql`delete from auth.attempts`.execute(api.db)
  const asked = async (browser = openBrowser(api)) =>
    (await browser.auth('/passkey/generate-authenticate-options')).status
  const { browser: known } = await newMember(api, { projectId, role: 'member' })
  expect(await asked()).toBe(200)
  await sql`update auth.attempts set count = 600, blocked_until = now() + interval '1 minute'`.execute(api.db)
  const kept = async () => (await sql`select from auth.verifications`.execute(api.db)).rows.length
  const before = await kept()
  expect(await asked()).toBe(429)
  expect(await kept()).toBe(before)
  expect(await asked(known)).toBe(200)
  await sql`delete from auth.attempts`.execute(api.db)
})

test('an answer for another site, or to an older question, is refused', async () => {
  const { browser } = await newMember(api, { projectId, role: 'member' })
  const authenticator = newAuthenticator('localhost')
  await addPasskey(browser, authenticator)
  expect((await signInWith(openBrowser(api), authenticator, 'https://evil.example')).status).toBe(400)
  expect((await addPasskey(browser, newAuthenticator('localhost'), 'https://evil.example')).status).toBe(400)
  expect((await signInWith(openBrowser(api), newAuthenticator('evil.example'))).status).toBe(401)

  const fresh = openBrowser(api)
  const { body: options } = await fresh.auth('/passkey/generate-authenticate-options')
  const response = authenticator.assert(options, origin)
  const copy = fresh.copy()
  expect((await fresh.auth('/passkey/verify-authentication', { response })).status).toBe(200)
  expect((await copy.auth('/passkey/verify-authentication', { response })).status).toBe(400)
})

test('one that does not ask who uses it is none', async () => {
  const { browser } = await newMember(api, { projectId, role: 'member' })
  const answer = await addPasskey(browser, newAuthenticator('localhost', { verifies: false }))
  expect(answer.body).toMatchObject({ code: 'NOT_VERIFIED' })
  expect((await browser.auth('/passkey/list-user-passkeys')).body).toEqual([])
})
