import { hashToken, newId, newSetUpToken } from '@posthorn/services'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { confirmAddress, newMember, openBrowser, PASSWORD, setUp, signIn } from '../test/people.ts'
import { productMail, productMails, tokenIn } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf } from '../test/totp.ts'
import type { ApiOptions } from './start.ts'

async function freshApi(options?: Partial<ApiOptions>): Promise<TestApi> {
  const api = await startTestApi(options)
  onTestFinished(() => api.stop())
  return api
}

const users = async ({ db }: TestApi) =>
  (await db.selectFrom('auth.users').select(['email', 'is_instance_owner']).orderBy('id').execute()).map((row) => row)

const ADA = { name: 'Ada', email: 'ada@example.com', password: PASSWORD }

describe('an account', () => {
  test('is made by an invitation, of the invited address alone, once', async () => {
    const api = await freshApi()
    const { project } = await api.newProject()
    await setUp(api)
    const member = await newMember(api, { projectId: project.id, role: 'member', email: 'grace@example.com' })
    const { output } = await member.browser.trpc('account.get')
    expect(output).toMatchObject({ email: 'grace@example.com', emailVerified: true, isInstanceOwner: false })
    expect((await member.browser.trpc('project.get', {}, { projectId: project.id })).code).toBeUndefined()
    expect(await api.db.selectFrom('invitations').selectAll().execute()).toEqual([])

    const token = 'a token that was mailed'
    const invitation = {
      project_id: project.id,
      id: newId(),
      email: 'invited@example.com',
      role: 'viewer' as const,
      token_hash: hashToken(token),
      invited_by: null,
      expires_at: sql<Date>`now() + interval '1 day'`,
    }
    await api.db.insertInto('invitations').values(invitation).execute()
    const stranger = openBrowser(api)
    expect((await stranger.auth('/sign-up/email', { ...ADA, token })).status).toBe(404)
    await sql`update invitations set expires_at = now()`.execute(api.db)
    expect((await stranger.auth('/sign-up/email', { ...ADA, email: 'invited@example.com', token })).status).toBe(404)
    expect(await users(api)).toHaveLength(2)
  })

  test('cannot be made without one', async () => {
    const api = await freshApi()
    await setUp(api)
    const browser = openBrowser(api)
    const refused = await browser.auth('/sign-up/email', ADA)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ code: 'NOT_ALLOWED', message: expect.stringContaining('invitation') })
    expect(browser.cookies.size).toBe(0)
  })

  test('of an address that nobody has proven does not exist, so it is in nobody’s way', async () => {
    const api = await freshApi({ signUps: 'open' })
    const { project } = await api.newProject()
    await setUp(api)
    const thief = openBrowser(api)
    const theirs = { name: 'Thief', email: 'victim@example.com', password: 'the thief knows this one' }
    expect((await thief.auth('/sign-up/email', theirs)).body).toEqual({ user: null })
    const mail = await productMail(api, 'victim@example.com', 'Confirm your address')
    expect((await thief.auth('/sign-in/email', theirs)).status).toBe(401)

    // The victim, who knows nothing of it, is invited and makes an account with a password of their own.
    const victim = await newMember(api, { projectId: project.id, role: 'admin', email: 'victim@example.com' })
    expect((await victim.browser.trpc('account.get')).output.email).toBe('victim@example.com')
    expect((await thief.auth('/sign-in/email', theirs)).status).toBe(401)
    const late = await thief.auth('/confirm-address', { token: tokenIn(mail), password: theirs.password })
    expect(late.body).toMatchObject({ code: 'INVALID_TOKEN' })
  })

  test('where sign-up is open, is made by the link and the password together', async () => {
    const api = await freshApi({ signUps: 'open' })
    await setUp(api)
    const browser = openBrowser(api)
    await browser.auth('/sign-up/email', ADA)
    const token = tokenIn(await productMail(api, ADA.email, 'Confirm your address'))
    // Who asked knows the password; the mailbox alone is not enough, nor is the password.
    expect((await browser.auth('/confirm-address', { token })).body).toMatchObject({ code: 'PASSWORD_NEEDED' })
    const wrong = await browser.auth('/confirm-address', { token, password: 'some other password' })
    expect(wrong.body).toMatchObject({ code: 'INVALID_PASSWORD' })
    expect((await browser.auth('/confirm-address', { token, password: PASSWORD })).body).toEqual({ signedIn: true })
    expect((await browser.trpc('account.get')).output).toMatchObject({ email: ADA.email, isInstanceOwner: false })
    const twice = await openBrowser(api).auth('/confirm-address', { token, password: PASSWORD })
    expect(twice.body).toMatchObject({ code: 'INVALID_TOKEN' })
  })

  test.each([
    [{ ...ADA, email: 'not an address' }, 'INVALID_EMAIL'],
    [{ ...ADA, email: 'Ada <ada@example.com>' }, 'INVALID_EMAIL'],
    [{ ...ADA, email: undefined }, 'INVALID_EMAIL'],
    [{ ...ADA, email: ['ada@example.com'] }, 'INVALID_EMAIL'],
    [{ ...ADA, name: undefined }, 'INVALID_NAME'],
    [{ ...ADA, name: ' ' }, 'INVALID_NAME'],
    [{ ...ADA, name: 'Ada\r\nBcc: all@example.com' }, 'INVALID_NAME'],
    [{ ...ADA, password: 'short' }, 'PASSWORD_TOO_WEAK'],
    [{ ...ADA, password: 'football' }, 'PASSWORD_TOO_WEAK'],
    [{ ...ADA, image: 'https://example.com/x.svg' }, 'NOT_POSSIBLE'],
  ])('of %o is refused', async (body, code) => {
    const api = await freshApi()
    const token = await newSetUpToken(api.db)
    const answer = await openBrowser(api).auth('/sign-up/email', { ...body, token })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code })
    expect(await users(api)).toEqual([])
  })

  test('cannot be given rights by the one who makes it', async () => {
    const api = await freshApi()
    const { project } = await api.newProject()
    await setUp(api)
    const member = await newMember(api, { projectId: project.id, role: 'member' })
    for (const field of ['isInstanceOwner', 'is_instance_owner', 'emailVerified', 'twoFactorEnabled']) {
      await member.browser.auth('/update-user', { name: 'Max', [field]: true })
    }
    expect((await member.browser.trpc('account.get')).output).toMatchObject({ isInstanceOwner: false })
    expect((await users(api)).filter((user) => user.is_instance_owner)).toHaveLength(1)
  })

  test('has its address in one form, however it is written', async () => {
    const api = await freshApi()
    const owner = await setUp(api, { email: 'Olive@Bücher.Example' })
    expect(owner.email).toBe('olive@xn--bcher-kva.example')
    await signIn(api, { email: ' OLIVE@bücher.example ' })
  })
})

test('Posthorn’s own mail is from a project of its own, which nobody but the owner of the instance can read', async () => {
  const api = await freshApi()
  const { project } = await api.newProject()
  const owner = await setUp(api)
  await confirmAddress(api, owner)
  await owner.browser.auth('/request-password-reset', { email: owner.email })
  const mail = await productMail(api, owner.email, 'Reset your password')
  expect(mail.projectId).not.toBe(project.id)
  const listed = await owner.browser.trpc('emails.list', {}, { projectId: mail.projectId })
  const subjects = listed.output.data.map(({ subject }: { subject: string }) => subject)
  expect(subjects).toContain('Reset your password')
  const key = await owner.browser.trpc('keys.create', { name: 'A way in' }, { projectId: mail.projectId })
  expect(key.code).toBe('NOT_ALLOWED')
  const admin = await newMember(api, { projectId: project.id, role: 'admin' })
  const refused = await admin.browser.trpc('emails.list', {}, { projectId: mail.projectId })
  expect(refused.code).toBe('PROJECT_NOT_FOUND')
  expect(await productMails(api, 'nobody@example.com')).toEqual([])
})

test('no answer holds the token of a session, which is in a cookie that scripts cannot read', async () => {
  const api = await freshApi()
  const { browser, email } = await setUp(api)
  const tokenOf = () => {
    const [, value = ''] = [...browser.cookies].find(([name]) => name.endsWith('session_token')) ?? []
    return decodeURIComponent(value).split('.')[0] ?? ''
  }
  const newToken = async (path: string, body: object) => {
    const before = tokenOf()
    const { status, text } = await browser.auth(path, body)
    const token = tokenOf()
    expect([path, status, token.length >= 32, token !== before]).toEqual([path, 200, true, true])
    expect(text).not.toContain(token)
    return text
  }
  const { body: begun } = await browser.auth('/two-factor/enable', { password: PASSWORD })
  await newToken('/two-factor/verify-totp', { code: codeOf(begun.totpURI) })
  await newToken('/two-factor/disable', { password: PASSWORD })
  await newToken('/change-password', { currentPassword: PASSWORD, newPassword: 'another umbrella' })
  const text = await newToken('/sign-in/email', { email, password: 'another umbrella' })
  expect(JSON.parse(text)).toMatchObject({ user: { email } })
  const { project } = await api.newProject()
  const address = await invitationOf(api, project.id)
  await newToken('/sign-up/email', { name: 'Ada', password: PASSWORD, ...address })
})

/** The address and token of an invitation that nobody has accepted yet. */
async function invitationOf({ db }: TestApi, projectId: string) {
  const [email, token] = ['invited@example.com', 'a token that was mailed']
  await db
    .insertInto('invitations')
    .values({
      project_id: projectId,
      id: newId(),
      email,
      role: 'viewer',
      token_hash: hashToken(token),
      invited_by: null,
      expires_at: sql<Date>`now() + interval '1 day'`,
    })
    .execute()
  return { email, token }
}

test('a return from a provider that is not set up, or that nobody was sent to, is no fault', async () => {
  const credentials = { clientId: 'id', clientSecret: 'secret' }
  const api = await freshApi({ providers: { github: credentials } })
  const visit = async (path: string) => (await fetch(`${api.url}/auth${path}`, { redirect: 'manual' })).status
  for (const query of ['', '?state=made-up&code=x', '?error=x']) {
    expect([query, await visit(`/callback/google${query}`)]).toEqual([query, 404])
  }
  for (const query of ['', '?state=made-up&code=x', '?error=x']) {
    expect([query, await visit(`/callback/github${query}`)]).toEqual([query, 302])
  }
  expect(api.lines.filter((line) => line.includes('"level":50'))).toEqual([])
})

test('what the library can do beside what is offered does not exist', async () => {
  const api = await freshApi()
  const { browser } = await setUp(api)
  const reads = [
    '/get-session',
    '/list-sessions',
    '/verify-email?token=x',
    '/delete-user/callback?x=x',
    '/ok',
    '/error',
  ]
  for (const path of [...reads, '/reset-password/x?callbackURL=/', '/list-accounts', '/sign-out', '/sign-in/email']) {
    expect([path, (await browser.auth(path)).status]).toEqual([path, path.includes('token=') ? 401 : 404])
  }
  const writes = ['/get-session', '/revoke-sessions', '/delete-user', '/change-email', '/verify-password']
  for (const path of [...writes, '/update-session', '/send-verification-email', '/refresh-token']) {
    expect([path, (await browser.auth(path, {})).status]).toEqual([path, 404])
  }
})

test('owners and admins are told when a key is replaced, by whom, and never with the new one', async () => {
  const api = await freshApi()
  const { project } = await api.newProject()
  const owner = await setUp(api)
  const admin = await newMember(api, { projectId: project.id, role: 'admin' })
  const viewer = await newMember(api, { projectId: project.id, role: 'viewer' })
  const { id, hint } = await api.newKey(project.id, { name: 'Shop' })
  const { output } = await owner.browser.trpc('keys.regenerate', { id, overlap: '24h' }, { projectId: project.id })
  for (const { email } of [owner, admin]) {
    const { text } = await productMail(api, email, `A key of ${project.name} was replaced`)
    expect(text).toContain(`Olive Owner replaced the key “Shop” (${hint}). The old key stops working in 24 hours.`)
    expect(text).not.toContain(output.key.key)
    expect(text).toContain(`/p/${project.id}/settings/keys`)
  }
  expect(await productMails(api, viewer.email)).toEqual([])
})
