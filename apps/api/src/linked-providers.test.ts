import { startOidcProvider, type OidcProvider } from '@posthorn/testkit/oidc-provider'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { newAuthenticator } from '../test/authenticator.ts'
import { follow } from '../test/follow.ts'
import { forgetProof, newMember, openBrowser, PASSWORD, setUp, signIn, type Browser } from '../test/people.ts'
import { productMail } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let provider: OidcProvider
let api: TestApi
let projectId: string
let people = 0

beforeAll(async () => {
  provider = await startOidcProvider()
  const { issuer, clientId, clientSecret } = provider
  api = await startTestApi({ providers: { oidc: { issuer, clientId, clientSecret, name: 'Acme ID' } } })
  projectId = (await api.newProject()).project.id
  await setUp(api)
})
afterAll(async () => {
  await api?.stop()
  await provider?.stop()
})
beforeEach(() => {
  people += 1
  provider.person = { sub: `s${people}`, email: `s${people}@home.example`, email_verified: true, name: 'Ada' }
})

const newPerson = () => newMember(api, { projectId, role: 'member' })

/** Goes to the provider and comes back, and answers where the browser ends up. */
async function comeBack(browser: Browser, begun: { status: number; body: { url: string } }): Promise<string> {
  expect(begun.status).toBe(200)
  return follow(api, browser, provider.agree(begun.body.url))
}

const link = async (browser: Browser) =>
  comeBack(
    browser,
    await browser.auth('/link-social', {
      provider: 'oidc',
      callbackURL: '/account/security',
      errorCallbackURL: '/account/security',
    }),
  )

const signInThere = async (browser: Browser) =>
  comeBack(browser, await browser.auth('/sign-in/social', { provider: 'oidc', callbackURL: '/' }))

const linksOf = async (browser: Browser) => (await browser.trpc('account.providers')).output.data

async function unlink(browser: Browser) {
  const [{ id }] = await linksOf(browser)
  return browser.trpc('account.unlinkProvider', { id })
}

async function addPasskey(browser: Browser): Promise<string> {
  const { body: options } = await browser.auth('/passkey/generate-register-options')
  const response = newAuthenticator('localhost').register(options, `http://localhost:${api.port}`)
  return (await browser.auth('/passkey/verify-registration', { response, name: 'Laptop' })).body.id
}

/** Somebody who can sign in by the provider and by nothing else. */
async function withoutPassword() {
  const person = await newPerson()
  await link(person.browser)
  expect((await person.browser.trpc('account.removePassword')).code).toBeUndefined()
  return person
}

const lastAct = async (browser: Browser) => (await browser.trpc('account.activity')).output.data[0]

test('a provider that knows somebody by another address is linked, signs them in, and is told of', async () => {
  const { browser, userId, email } = await newPerson()
  expect(await link(browser)).toBe('/account/security')
  expect(await linksOf(browser)).toEqual([
    {
      id: expect.any(String),
      provider: 'oidc',
      name: 'Acme ID',
      isOffered: true,
      email: provider.person.email,
      linkedAt: expect.any(String),
      isOnlyWayIn: false,
    },
  ])
  const fresh = openBrowser(api)
  expect(await signInThere(fresh)).toBe('/')
  expect((await fresh.trpc('account.get')).output).toMatchObject({ id: userId, email })
  expect((await productMail(api, email, 'How you sign in was changed')).text).toContain('oidc')
  const acts = (await browser.trpc('account.activity')).output.data.map(({ action }: { action: string }) => action)
  expect(acts).toContain('provider-linked')
})

test('a provider’s account that somebody else has linked, or whose address is not verified, is not linked', async () => {
  await link((await newPerson()).browser)
  const { browser } = await newPerson()
  expect(await link(browser)).toMatch(/^\/account\/security\?error=/)
  provider.person = { ...provider.person, sub: 'unverified', email_verified: false }
  expect(await link(browser)).toMatch(/^\/account\/security\?error=/)
  expect(await linksOf(browser)).toEqual([])
})

test('linking asks for a recent proof, and goes the provider’s own way alone', async () => {
  const { browser, userId } = await newPerson()
  const body = { provider: 'oidc', callbackURL: '/account/security' }
  expect((await browser.auth('/link-social', { ...body, idToken: { token: 'x' } })).body.code).toBe('NOT_POSSIBLE')
  expect((await browser.auth('/link-social', { ...body, callbackURL: 'https://evil.example/' })).status).toBe(403)
  await forgetProof(api, userId)
  expect((await browser.auth('/link-social', body)).body.code).toBe('PROOF_NEEDED')
  expect((await openBrowser(api).auth('/link-social', body)).status).toBe(401)
})

test('a link is removed with a recent proof: it signs nobody in any more, and that is told and kept', async () => {
  const { browser, userId, email } = await newPerson()
  await link(browser)
  await productMail(api, email, 'How you sign in was changed')
  await forgetProof(api, userId)
  expect((await unlink(browser)).code).toBe('PROOF_NEEDED')
  const proven = await signIn(api, { email })
  expect((await unlink(proven)).code).toBeUndefined()
  expect(await linksOf(proven)).toEqual([])
  expect(await lastAct(proven)).toMatchObject({ action: 'provider-unlinked', detail: { provider: 'oidc' } })
  expect((await productMail(api, email, 'How you sign in was changed')).text).toContain('was removed')
  expect(await signInThere(openBrowser(api))).toMatch(/error=/)
})

test('the last way in stays, be it a provider or a passkey', async () => {
  const { browser } = await withoutPassword()
  expect(await linksOf(browser)).toMatchObject([{ isOnlyWayIn: true }])
  expect(await unlink(browser)).toMatchObject({ status: 409, code: 'LAST_WAY_IN' })
  const passkey = await addPasskey(browser)
  expect((await unlink(browser)).code).toBeUndefined()
  expect((await browser.auth('/passkey/delete-passkey', { id: passkey })).body.code).toBe('LAST_WAY_IN')
  expect(await link(browser)).toBe('/account/security')
  expect((await browser.auth('/passkey/delete-passkey', { id: passkey })).status).toBe(200)
})

test('of two links that are removed at once one stays', async () => {
  const { browser } = await withoutPassword()
  provider.person.sub += ' as well'
  await link(browser)
  const links = (await linksOf(browser)) as { id: string }[]
  const codes = await Promise.all(
    links.map(async ({ id }) => (await browser.trpc('account.unlinkProvider', { id })).code),
  )
  expect(codes.filter((code) => code === 'LAST_WAY_IN')).toHaveLength(1)
  expect(await linksOf(browser)).toHaveLength(1)
})

test('a password cannot be removed as if it were a provider, nor somebody else’s link', async () => {
  const { browser, userId } = await newPerson()
  const { id } = await api.db
    .selectFrom('auth.accounts')
    .select('id')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  expect((await browser.trpc('account.unlinkProvider', { id })).code).toBe('PROVIDER_NOT_LINKED')
  const theirs = await newPerson()
  await link(theirs.browser)
  const [{ id: other }] = await linksOf(theirs.browser)
  expect((await browser.trpc('account.unlinkProvider', { id: other })).code).toBe('PROVIDER_NOT_LINKED')
})

test('a password is removed by who has another way in, with a recent proof, and that is told and kept', async () => {
  const { browser, userId, email } = await newPerson()
  expect((await browser.trpc('account.removePassword')).code).toBe('LAST_WAY_IN')
  await addPasskey(browser)
  await forgetProof(api, userId)
  expect((await browser.trpc('account.removePassword')).code).toBe('PROOF_NEEDED')
  const proven = await signIn(api, { email })
  expect((await proven.trpc('account.removePassword')).code).toBeUndefined()
  expect((await proven.trpc('account.get')).output).toMatchObject({ hasPassword: false })
  expect(await lastAct(proven)).toMatchObject({ action: 'password-removed' })
  expect((await productMail(api, email, 'How you sign in was changed')).text).toContain('password of your account')
  expect((await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD })).status).toBe(401)
  expect((await proven.trpc('account.removePassword')).code).toBe('NO_PASSWORD')
})

test('a password or link that is removed ends all other sessions and links at once', async () => {
  const { browser, userId, email } = await newPerson()
  await link(browser)
  const take = { password: () => browser.trpc('account.removePassword'), link: () => unlink(browser) }
  await addPasskey(browser)
  for (const way of ['password', 'link'] as const) {
    const other = openBrowser(api)
    await signInThere(other)
    await api.db
      .insertInto('auth.verifications')
      .values({ identifier: way, value: userId, expires_at: new Date(Date.now() + 60_000) })
      .execute()
    expect((await take[way]()).code).toBeUndefined()
    expect([way, (await other.trpc('account.get')).code]).toEqual([way, 'SIGN_IN_NEEDED'])
    expect((await browser.trpc('account.get')).output).toMatchObject({ email })
    const links = await api.db.selectFrom('auth.verifications').select('id').where('identifier', '=', way).execute()
    expect(links).toEqual([])
  }
})

test('who has no password sets a first one with a recent proof, which ends their other sessions', async () => {
  const { browser, userId, email } = await withoutPassword()
  const other = openBrowser(api)
  await signInThere(other)
  expect((await browser.auth('/set-password', { newPassword: 'short' })).body.code).toBe('PASSWORD_TOO_WEAK')
  await api.db
    .updateTable('auth.sessions')
    .set({ proven_at: new Date(Date.now() - 10 * 60_000) })
    .where('user_id', '=', userId)
    .execute()
  const before = (await browser.trpc('account.get')).output.provenUntil
  expect((await browser.auth('/set-password', { newPassword: PASSWORD })).status).toBe(200)
  expect((await browser.trpc('account.get')).output).toMatchObject({ hasPassword: true, provenUntil: before })
  expect((await other.trpc('account.get')).code).toBe('SIGN_IN_NEEDED')
  expect(await lastAct(browser)).toMatchObject({ action: 'password-set' })
  await vi.waitFor(async () => {
    expect((await productMail(api, email, 'How you sign in was changed')).text).toContain('was set')
  })
  await signIn(api, { email })
  expect((await browser.auth('/set-password', { newPassword: PASSWORD })).body.code).toBe('PASSWORD_ALREADY_SET')
  await forgetProof(api, userId)
  expect((await browser.auth('/set-password', { newPassword: PASSWORD })).body.code).toBe('PROOF_NEEDED')
})
