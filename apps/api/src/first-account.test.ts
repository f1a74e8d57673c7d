import { hashToken, newSetUpToken } from '@posthorn/services'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { confirmAddress, openBrowser, PASSWORD, setUp, signIn } from '../test/people.ts'
import { productMail, productMails, tokenIn } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import type { ApiOptions } from './start.ts'

async function freshApi(options?: Partial<ApiOptions>): Promise<TestApi> {
  const api = await startTestApi(options)
  onTestFinished(() => api.stop())
  return api
}

const users = async ({ db }: TestApi) =>
  (await db.selectFrom('auth.users').select(['email', 'is_instance_owner']).orderBy('id').execute()).map((row) => row)

const ADA = { name: 'Ada', email: 'ada@example.com', password: PASSWORD }

describe('the first account', () => {
  test('is nobody’s at first, and no way but the set-up link leads to it', async () => {
    const api = await freshApi({ signUps: 'open' })
    expect(await users(api)).toEqual([])
    const browser = openBrowser(api)
    expect((await browser.trpc('account.options')).output).toMatchObject({ setUpNeeded: true })
    for (const token of ['', 'x', hashToken('x').toString('base64url')]) {
      expect((await browser.auth('/sign-up/email', { ...ADA, token })).status).toBe(404)
    }
    expect((await browser.auth('/sign-up/email', ADA)).body).toMatchObject({ code: 'NOT_ALLOWED' })
    expect(await users(api)).toEqual([])
  })

  test('owns the instance and all projects, and is signed in', async () => {
    const api = await freshApi()
    const { project } = await api.newProject()
    const owner = await setUp(api)
    expect((await owner.browser.trpc('account.get')).output).toMatchObject({
      isInstanceOwner: true,
      emailVerified: false,
      hasPassword: true,
      hasSecondFactor: false,
    })
    expect((await owner.browser.trpc('project.get', {}, { projectId: project.id })).output).toMatchObject({
      id: project.id,
    })
    expect((await owner.browser.trpc('account.options')).output).toMatchObject({ setUpNeeded: false })
    const again = await signIn(api, { email: owner.email })
    expect((await again.trpc('account.get')).output.id).toBe(owner.userId)
  })

  test('has an address that is its own once the link in the mail was followed where it is signed in', async () => {
    const api = await freshApi()
    const { project } = await api.newProject()
    const { browser, email } = await setUp(api)
    const made = await browser.trpc('keys.create', { name: 'Before' }, { projectId: project.id })
    expect(made.code).toBeUndefined()
    expect((await browser.trpc('projects.create', { name: 'Before' })).code).toBeUndefined()
    const token = tokenIn(await productMail(api, email, 'Confirm your address'))
    const stranger = openBrowser(api)
    expect((await stranger.auth('/confirm-address', { token })).body).toMatchObject({ code: 'SIGN_IN_NEEDED' })
    expect((await browser.trpc('account.get')).output.emailVerified).toBe(false)
    expect((await browser.auth('/confirm-address', { token })).body).toEqual({ signedIn: false })
    expect((await browser.trpc('account.get')).output.emailVerified).toBe(true)
    const subjects = (await productMails(api, email)).map(({ subject }) => subject)
    expect(subjects).not.toContain('Your address was changed')
  })

  test('can have that link sent again, until it was followed', async () => {
    const api = await freshApi()
    const { browser, email } = await setUp(api)
    await productMail(api, email, 'Confirm your address')
    await api.db.deleteFrom('auth.verifications').execute()
    const again = () => browser.auth('/change-address', { newEmail: email, password: PASSWORD })
    expect((await again()).status).toBe(200)
    const token = await vi.waitFor(async () => {
      const mails = (await productMails(api, email)).filter(({ subject }) => subject === 'Confirm your address')
      expect(mails).toHaveLength(2)
      return tokenIn(mails[1]!)
    })
    expect((await browser.auth('/confirm-address', { token })).status).toBe(200)
    expect((await again()).body).toMatchObject({ code: 'SAME_EMAIL' })
  })

  test('cannot be taken by whoever has the address that was mistyped for it', async () => {
    const api = await freshApi()
    const owner = await setUp(api, { email: 'slip-of-the-pen@example.com' })
    const token = tokenIn(await productMail(api, owner.email, 'Confirm your address'))
    // A process of its own, whose end waits for the mails that its answers did not wait for.
    const other = await startTestApi({ databaseUrl: api.databaseUrl })
    const stranger = openBrowser(other)
    expect((await stranger.auth('/confirm-address', { token })).body).toMatchObject({ code: 'SIGN_IN_NEEDED' })
    const asked = await stranger.auth('/request-password-reset', { email: owner.email })
    expect(asked.body).toEqual({ status: true })
    await other.stop()
    const subjects = (await productMails(api, owner.email)).map(({ subject }) => subject)
    expect(subjects).not.toContain('Reset your password')

    await confirmAddress(api, owner)
    await openBrowser(api).auth('/request-password-reset', { email: owner.email })
    await productMail(api, owner.email, 'Reset your password')
  })

  test('invites nobody in the name of an address that may not be its own', async () => {
    const api = await freshApi()
    const { project } = await api.newProject()
    const owner = await setUp(api)
    const invite = () =>
      owner.browser.trpc('members.invite', { email: 'x@example.com', role: 'viewer' }, { projectId: project.id })
    expect((await invite()).code).toBe('NOT_ALLOWED')
    await confirmAddress(api, owner)
    expect((await invite()).code).toBeUndefined()
  })

  test('is made once, however many come with the link at the same time', async () => {
    const api = await freshApi()
    const token = await newSetUpToken(api.db)
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        openBrowser(api).auth('/sign-up/email', { ...ADA, email: `${index}@example.com`, token }),
      ),
    )
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 404, 404, 404, 404])
    expect(await users(api)).toEqual([{ email: expect.any(String), is_instance_owner: true }])
    expect((await openBrowser(api).auth('/sign-up/email', { ...ADA, token })).status).toBe(404)
    expect(await newSetUpToken(api.db)).toBeUndefined()
  })

  test('stays the only one of its kind when all accounts are gone', async () => {
    const api = await freshApi()
    await setUp(api)
    await api.db.deleteFrom('auth.users').execute()
    expect(await newSetUpToken(api.db)).toBeUndefined()
    expect((await openBrowser(api).trpc('account.options')).output.setUpNeeded).toBe(false)
  })

  test('needs the newest link: the one before is dead', async () => {
    const api = await freshApi()
    const older = await newSetUpToken(api.db)
    const newer = await newSetUpToken(api.db)
    const browser = openBrowser(api)
    expect((await browser.auth('/sign-up/email', { ...ADA, token: older })).status).toBe(404)
    expect((await browser.auth('/sign-up/email', { ...ADA, token: newer })).status).toBe(200)
  })
})
