import { confirmAccountAddress, newPasswordLink, resetSecondFactor } from '@posthorn/services'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newMember, openBrowser, PASSWORD, setUp, type Somebody } from '../test/people.ts'
import { productMail } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf } from '../test/totp.ts'

let api: TestApi
let projectId: string
let owner: Somebody

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
  owner = await setUp(api)
})

afterAll(() => api.stop())

const signIn = async (email: string, password = PASSWORD) => {
  const browser = openBrowser(api)
  const { body, status } = await browser.auth('/sign-in/email', { email, password })
  const { code } = await browser.trpc('account.get')
  return { browser, status, isIn: code === undefined, asksForCode: body.twoFactorRedirect === true }
}

const lastActOf = async ({ browser }: Pick<Somebody, 'browser'>, action: string) =>
  (await browser.trpc('account.activity')).output.data.find((act: { action: string }) => act.action === action)

test('who lost the second factor signs in by password once the operator has switched it off, and can set up a new one', async () => {
  const { browser, email } = await newMember(api, { projectId, role: 'member' })
  const enable = async (on = browser) => {
    const { body } = await on.auth('/two-factor/enable', { password: PASSWORD })
    const code = codeOf(body.totpURI)
    expect((await on.auth('/two-factor/verify-totp', { code })).status).toBe(200)
    return body as { totpURI: string; backupCodes: string[] }
  }
  const lost = await enable()
  const waiting = await signIn(email)
  expect(waiting).toMatchObject({ isIn: false, asksForCode: true })

  expect(await resetSecondFactor(api, email)).toMatchObject({ email, changed: true, endedSessions: expect.any(Number) })
  expect((await browser.trpc('account.get')).code).toBe('SIGN_IN_NEEDED')
  // A sign-in that was begun before goes on with nothing.
  const [code] = lost.backupCodes
  expect((await waiting.browser.auth('/two-factor/verify-backup-code', { code })).status).not.toBe(200)
  const { text } = await productMail(api, email, 'Your second factor was switched off')
  expect(text).toContain('Whoever runs this Posthorn')

  const now = await signIn(email)
  expect(now).toMatchObject({ isIn: true, asksForCode: false })
  expect(await lastActOf(now, 'second-factor-off')).toMatchObject({ ip: null, detail: { by: 'operator' } })
  await enable(now.browser)
  expect(await signIn(email)).toMatchObject({ isIn: false, asksForCode: true })
})

test('the link that the operator is printed sets a new password, once, and proves no address', async () => {
  const { email } = owner
  const made = await newPasswordLink(api, ` ${email.toUpperCase()}`)
  const [, token] = /\/reset-password#token=([\w-]{43})$/.exec(made!.url) ?? []
  const newPassword = 'another umbrella for the moon'
  const reset = () => openBrowser(api).auth('/reset-password', { token, newPassword })
  expect((await reset()).status).toBe(200)
  expect((await reset()).status).not.toBe(200)
  expect((await owner.browser.trpc('account.get')).code).toBe('SIGN_IN_NEEDED')
  expect((await signIn(email)).isIn).toBe(false)
  const { browser, isIn } = await signIn(email, newPassword)
  expect(isIn).toBe(true)
  expect((await browser.trpc('account.get')).output).toMatchObject({ emailVerified: false })
  expect(await lastActOf({ browser }, 'reset-link-made')).toMatchObject({ detail: { by: 'operator' } })

  await confirmAccountAddress(api.db, email)
  expect((await browser.trpc('account.get')).output).toMatchObject({ emailVerified: true })
})

test('the link is dead after an hour', async () => {
  const { email } = await newMember(api, { projectId, role: 'member' })
  const made = await newPasswordLink(api, email)
  await sql`update auth.verifications set expires_at = expires_at - interval '1 hour'`.execute(api.db)
  const token = made!.url.split('#token=')[1]
  const answer = await openBrowser(api).auth('/reset-password', { token, newPassword: 'another umbrella' })
  expect(answer.status).not.toBe(200)
  expect((await signIn(email)).isIn).toBe(true)
})
