import { hashToken, newId, newSetUpToken } from '@posthorn/services'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { follow } from '../test/follow.ts'
import { startOidcProvider, type OidcProvider } from '../test/oidc-provider.ts'
import { confirmAddress, forgetProof, newMember, openBrowser, PASSWORD, setUp, type Browser } from '../test/people.ts'
import { productMail, productMails, tokenIn } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf, forgetUsedCodes } from '../test/totp.ts'

interface Stage {
  api: TestApi
  provider: OidcProvider
  projectId: string
}

async function stage(signUps: 'open' | 'invitation' = 'invitation'): Promise<Stage> {
  const provider = await startOidcProvider()
  const { issuer, clientId, clientSecret } = provider
  const api = await startTestApi({ signUps, providers: { oidc: { issuer, clientId, clientSecret, name: 'Acme ID' } } })
  onTestFinished(() => api.stop())
  const projectId = (await api.newProject()).project.id
  return { api, provider, projectId }
}

/** Signs in at the provider, and follows it back. Answers where the browser ends up. */
async function signInThere({ api, provider }: Stage, browser: Browser, token?: string): Promise<string> {
  const begun = await browser.auth('/sign-in/social', {
    provider: 'oidc',
    callbackURL: '/',
    errorCallbackURL: '/sign-in',
    ...(token !== undefined && { additionalData: { token } }),
  })
  expect(begun.status).toBe(200)
  return follow(api, browser, provider.agree(begun.body.url))
}

async function invitationFor({ api, projectId }: Stage, email: string): Promise<string> {
  const token = `invitation of ${email}`
  const times = { expires_at: sql<Date>`now() + interval '1 day'` }
  await api.db
    .insertInto('invitations')
    .values({
      project_id: projectId,
      id: newId(),
      email,
      role: 'member',
      token_hash: hashToken(token),
      invited_by: null,
      ...times,
    })
    .execute()
  return token
}

const emailIn = async (browser: Browser) => (await browser.trpc('account.get')).output?.email

test('the page is told of each provider that is set up', async () => {
  const { api } = await stage()
  const { output } = await openBrowser(api).trpc('account.options')
  expect(output.providers).toEqual([{ id: 'oidc', name: 'Acme ID' }])
})

test('the first account can be made there, with the set-up link alone', async () => {
  const scene = await stage()
  const browser = openBrowser(scene.api)
  expect(await signInThere(scene, browser)).toMatch(/^\/sign-in\?error=NOT_ALLOWED/)
  const token = await newSetUpToken(scene.api.db)
  expect(await signInThere(scene, browser, token)).toBe('/')
  expect((await browser.trpc('account.get')).output).toMatchObject({
    email: 'ada@example.com',
    isInstanceOwner: true,
    hasPassword: false,
  })
})

test('an account is made there by an invitation of the same address', async () => {
  const scene = await stage()
  await setUp(scene.api)
  const token = await invitationFor(scene, 'ada@example.com')
  const stranger = openBrowser(scene.api)
  expect(await signInThere(scene, stranger)).toMatch(/error=NOT_ALLOWED/)
  scene.provider.person = { sub: '2', email: 'eve@example.com', email_verified: true, name: 'Eve' }
  expect(await signInThere(scene, stranger, token)).toMatch(/error=NOT_ALLOWED/)

  scene.provider.person = { sub: '1', email: 'ada@example.com', email_verified: true, name: 'Ada' }
  const invited = openBrowser(scene.api)
  expect(await signInThere(scene, invited, token)).toBe('/')
  expect(await emailIn(invited)).toBe('ada@example.com')
  expect((await invited.trpc('project.get', {}, { projectId: scene.projectId })).code).toBeUndefined()
  const again = openBrowser(scene.api)
  expect(await signInThere(scene, again)).toBe('/')
  expect(await emailIn(again)).toBe('ada@example.com')
})

test('an address that the provider has not verified opens no account, not even where sign-up is open', async () => {
  const scene = await stage('open')
  const { userId } = await setUp(scene.api, { email: 'victim@example.com' })
  scene.provider.person = { sub: '3', email: 'victim@example.com', email_verified: false, name: 'Eve' }
  const thief = openBrowser(scene.api)
  expect(await signInThere(scene, thief)).toMatch(/error=/)
  scene.provider.person = { sub: '3', email: 'new@example.com', email_verified: false, name: 'Eve' }
  expect(await signInThere(scene, thief)).toMatch(/error=NOT_ALLOWED/)
  expect(await emailIn(thief)).toBeUndefined()
  scene.provider.person.email_verified = true
  expect(await signInThere(scene, openBrowser(scene.api))).toBe('/')
  const accounts = await scene.api.db
    .selectFrom('auth.accounts')
    .select('provider_id')
    .where('user_id', '=', userId)
    .execute()
  expect(accounts).toEqual([{ provider_id: 'credential' }])
})

test('who has an account signs in to it there, with an address that is proven on both sides', async () => {
  const scene = await stage()
  await setUp(scene.api)
  await newMember(scene.api, { projectId: scene.projectId, role: 'member', email: 'ada@example.com' })
  const browser = openBrowser(scene.api)
  expect(await signInThere(scene, browser)).toBe('/')
  expect(await emailIn(browser)).toBe('ada@example.com')
})

test('who has an account is told by mail that a provider can sign them in, and who comes by it first is not', async () => {
  const scene = await stage()
  await setUp(scene.api)
  await newMember(scene.api, { projectId: scene.projectId, role: 'member', email: 'ada@example.com' })
  await signInThere(scene, openBrowser(scene.api))
  expect((await productMail(scene.api, 'ada@example.com', 'How you sign in was changed')).text).toContain('oidc')
  scene.provider.person = { sub: '3', email: 'new@example.com', email_verified: true, name: 'New' }
  expect(await signInThere(scene, openBrowser(scene.api), await invitationFor(scene, 'new@example.com'))).toBe('/')
  await openBrowser(scene.api).auth('/request-password-reset', { email: 'new@example.com' })
  await productMail(scene.api, 'new@example.com', 'Reset your password')
  expect(await productMails(scene.api, 'new@example.com')).toHaveLength(1)
})

test('whoever has the mistyped address of the first account cannot sign in to it by a provider', async () => {
  const scene = await stage()
  const owner = await setUp(scene.api, { email: 'ada@example.com' })
  const stranger = openBrowser(scene.api)
  expect(await signInThere(scene, stranger)).toMatch(/error=/)
  expect(await emailIn(stranger)).toBeUndefined()
  const token = tokenIn(await productMail(scene.api, owner.email, 'Confirm your address'))
  await owner.browser.auth('/confirm-address', { token })
  expect(await signInThere(scene, openBrowser(scene.api))).toBe('/')
})

test('a second factor is asked for after the provider, too', async () => {
  const scene = await stage()
  await setUp(scene.api)
  const { userId } = await newMember(scene.api, {
    projectId: scene.projectId,
    role: 'member',
    email: 'ada@example.com',
  })
  await signInThere(scene, openBrowser(scene.api))
  await sql`update auth.users set two_factor_enabled = true where id = ${userId}`.execute(scene.api.db)
  const browser = openBrowser(scene.api)
  expect(await signInThere(scene, browser)).toMatch(/\/sign-in\?step=second-factor$/)
  expect(await emailIn(browser)).toBeUndefined()
  expect([...browser.cookies.keys()].some((name) => name.includes('two_factor'))).toBe(true)
})

test('who has no password switches it on after signing in there lately, and gives the code at each sign-in', async () => {
  const scene = await stage()
  await setUp(scene.api)
  const token = await invitationFor(scene, 'ada@example.com')
  const browser = openBrowser(scene.api)
  await signInThere(scene, browser, token)
  const { id: userId } = (await browser.trpc('account.get')).output
  await forgetProof(scene.api, userId)
  expect((await browser.auth('/two-factor/enable', {})).body).toMatchObject({ code: 'PROOF_NEEDED' })
  expect((await browser.auth('/prove', { password: PASSWORD })).body).toMatchObject({ code: 'NO_PASSWORD' })
  await signInThere(scene, browser)
  const { totpURI, backupCodes } = (await browser.auth('/two-factor/enable', {})).body
  const code = codeOf(totpURI)
  expect((await browser.auth('/two-factor/verify-totp', { code })).status).toBe(200)
  expect((await browser.trpc('account.get')).output).toMatchObject({ hasPassword: false, hasSecondFactor: true })
  await browser.auth('/sign-out', {})
  await forgetUsedCodes(scene.api)

  expect(await signInThere(scene, browser)).toMatch(/\/sign-in\?step=second-factor$/)
  expect(await emailIn(browser)).toBeUndefined()
  const refused = await browser.auth('/two-factor/verify-totp', {
    code: code.replace(/./g, (n) => String(9 - Number(n))),
  })
  expect(refused.status).toBe(401)
  expect((await browser.auth('/two-factor/verify-totp', { code })).status).toBe(200)
  expect(await emailIn(browser)).toBe('ada@example.com')

  const other = openBrowser(scene.api)
  await signInThere(scene, other)
  expect((await other.auth('/two-factor/verify-backup-code', { code: backupCodes[0] })).status).toBe(200)
  await forgetProof(scene.api, userId)
  expect((await other.auth('/two-factor/disable', {})).body).toMatchObject({ code: 'PROOF_NEEDED' })
  await signInThere(scene, other)
  expect((await other.auth('/two-factor/disable', {})).status).toBe(401)
  await other.auth('/two-factor/verify-backup-code', { code: backupCodes[1] })
  expect((await other.auth('/two-factor/disable', {})).status).toBe(200)
  expect(await signInThere(scene, openBrowser(scene.api))).toBe('/')
})

test('a first account whose address the provider has not verified is asked to confirm it by itself, once', async () => {
  const scene = await stage()
  scene.provider.person.email_verified = false
  const browser = openBrowser(scene.api)
  expect(await signInThere(scene, browser, await newSetUpToken(scene.api.db))).toBe('/')
  expect((await browser.trpc('account.get')).output).toMatchObject({ isInstanceOwner: true, emailVerified: false })
  await confirmAddress(scene.api, { browser, email: 'ada@example.com' })
  expect((await browser.trpc('account.get')).output).toMatchObject({ emailVerified: true })
  await signInThere(scene, browser)
  await browser.auth('/request-password-reset', { email: 'ada@example.com' })
  await productMail(scene.api, 'ada@example.com', 'Reset your password')
  const subjects = (await productMails(scene.api, 'ada@example.com')).map(({ subject }) => subject)
  expect(subjects.filter((subject) => subject === 'Confirm your address')).toHaveLength(1)
})

test('a return from the provider that this browser did not begin is refused', async () => {
  const scene = await stage()
  await setUp(scene.api)
  await newMember(scene.api, { projectId: scene.projectId, role: 'member', email: 'ada@example.com' })
  const thief = openBrowser(scene.api)
  const begun = await thief.auth('/sign-in/social', { provider: 'oidc', callbackURL: '/' })
  const victim = openBrowser(scene.api)
  expect(await follow(scene.api, victim, scene.provider.agree(begun.body.url))).toMatch(/error=/)
  expect(await emailIn(victim)).toBeUndefined()
})

test('nobody is sent on to another site', async () => {
  const scene = await stage()
  const { browser } = await setUp(scene.api)
  for (const callbackURL of ['https://evil.example/', '//evil.example/', '/\\evil.example']) {
    const begun = await browser.auth('/sign-in/social', { provider: 'oidc', callbackURL })
    expect([callbackURL, begun.status]).toEqual([callbackURL, 403])
  }
})

test('a provider’s idea of a name cannot get into the headers of mails', async () => {
  const scene = await stage()
  scene.provider.person.name = 'Ada\r\nBcc: all@example.com'
  const browser = openBrowser(scene.api)
  await signInThere(scene, browser, await newSetUpToken(scene.api.db))
  expect((await browser.trpc('account.get')).output).toMatchObject({ name: 'ada' })
})
