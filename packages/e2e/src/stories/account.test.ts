import { randomUUID } from 'node:crypto'
import { startOidcProvider, type OidcProvider } from '@posthorn/testkit/oidc-provider'
import { URI } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { linkIn, productMail } from '../posthorn/mail.ts'
import { OLIVE, PASSWORD, forgetProofs, join, newProject, setUp, type Somebody } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { seeActivity } from './activity.ts'
import { fillSignIn } from './sign-in.ts'

/** Longer than Activity waits until it looks again. */
const NEXT_LOOK_MS = 6_000

let posthorn: Posthorn
let provider: OidcProvider
let projectId: string

beforeAll(async () => {
  provider = await startOidcProvider()
  const { issuer, clientId, clientSecret } = provider
  posthorn = await startPosthorn({ providers: { oidc: { issuer, clientId, clientSecret, name: 'Acme ID' } } })
  const { project } = await newProject(posthorn, 'Acme')
  projectId = project.id
  await setUp(posthorn)
})
afterAll(async () => {
  await posthorn?.stop()
  await provider?.stop()
})

/** Somebody with an account, who is signed in nowhere; somebody else when the test is run once more. */
const newcomer = (name: string): Promise<Somebody> =>
  join(posthorn, { projectId, role: 'admin', name, email: `${name.toLowerCase()}-${randomUUID()}@example.com` })

test('a forgotten password is set anew through the mail in the built-in inbox', async () => {
  const rita = await newcomer('Rita')
  const page = await visit(posthorn, '/sign-in', { expected: [REFUSED] })
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  // Both pages have a field of this name.
  await page.waitForURL('**/forgot-password')
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
  await page.getByLabel('E-mail address').fill(rita.email)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
  await page.goto(linkIn(await productMail(posthorn, rita.email, /reset/i)))
  await page.getByLabel('New password').fill('another umbrella for the sun')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await page.waitForURL('**/sign-in')
  await fillSignIn(page, rita.email, PASSWORD)
  await page.getByRole('alert').getByText('E-mail address or password is wrong.').waitFor()
  await fillSignIn(page, rita.email, 'another umbrella for the sun')
  await page.getByRole('button', { name: 'Account of Rita' }).waitFor()
})

test('a second factor is turned on with an app, and asked for at the next sign-in, or a recovery code in its place', async () => {
  const tom = await newcomer('Tom')
  const page = await visit(posthorn, '/account/security', { as: tom })
  await page.getByRole('button', { name: 'Turn on' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^Password/).fill(PASSWORD)
  const enrolling = page.waitForResponse('**/auth/two-factor/enable')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  const { totpURI, backupCodes } = await (await enrolling).json()
  const app = URI.parse(totpURI)
  await page.getByText(app.secret.base32).first().waitFor()
  await page.getByLabel('Code that the app shows now').fill(app.generate())
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('On', { exact: true }).waitFor()

  const elsewhere = await visit(posthorn, '/sign-in', { expected: [REFUSED] })
  await fillSignIn(elsewhere, tom.email, PASSWORD)
  await elsewhere.getByRole('heading', { name: 'Second factor' }).waitFor()
  await elsewhere.getByLabel('Code').fill('000000')
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await elsewhere.getByLabel('Code').and(elsewhere.locator('[aria-invalid=true]')).waitFor()
  await elsewhere.getByLabel('Code').fill(app.generate({ timestamp: Date.now() + 30_000 }))
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await elsewhere.getByRole('button', { name: 'Account of Tom' }).waitFor()

  const withoutPhone = await visit(posthorn, '/sign-in', { expected: [REFUSED] })
  await fillSignIn(withoutPhone, tom.email, PASSWORD)
  await withoutPhone.getByRole('button', { name: 'Use a recovery code' }).click()
  await withoutPhone.getByLabel('Recovery code').fill(backupCodes[0])
  await withoutPhone.getByRole('button', { name: 'Sign in' }).click()
  await withoutPhone.getByRole('button', { name: 'Account of Tom' }).waitFor()
})

test('a session that is ended in another browser is over in the tab that is open', async () => {
  const sue = await newcomer('Sue')
  const tab = await visit(posthorn, `/p/${projectId}/emails`, { as: sue, expected: [REFUSED] })
  await tab.getByRole('heading', { name: 'Emails' }).waitFor()
  const page = await visit(posthorn, '/account/sessions', { as: sue, anew: true })
  await page.getByRole('button', { name: 'Sign out all others' }).click()
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(new URL(tab.url()).searchParams.get('back')).toBe(`/p/${projectId}/emails`)
  await page.getByRole('heading', { name: 'Sessions' }).waitFor()
})

test('the address of the first account counts once its owner has confirmed it by a link, which can be sent again', async () => {
  await posthorn.db.updateTable('auth.users').set({ email_verified: false }).where('email', '=', OLIVE.email).execute()
  const page = await visit(posthorn, '/account', { as: OLIVE })
  await page.getByText('not confirmed yet').waitFor()
  await page.getByLabel(/^Password/).fill(PASSWORD)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByText('Look into the mailbox of').waitFor()
  await page.goto(linkIn(await productMail(posthorn, OLIVE.email, /confirm/i)))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  await page.getByText('A new address counts once it has agreed').waitFor()
})

test('a new password ends the session in the other browser at once, and Activity says from where it was set', async () => {
  const ned = await newcomer('Ned')
  const tab = await visit(posthorn, `/p/${projectId}/emails`, { as: ned, expected: [REFUSED] })
  await tab.getByRole('heading', { name: 'Emails' }).waitFor()
  const page = await visit(posthorn, '/account/security', { as: ned, anew: true })
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByLabel('New password').fill('another umbrella for the sun')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await page.getByText('Your other sessions are signed out.').waitFor()
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
  await seeActivity(page, /Password changed.*Chrome on Linux.*127\.0\.0\.1/)
})

test('a provider is linked, lets one in, and is unlinked, and each shows in Activity', async () => {
  const pia = await newcomer('Pia')
  provider.person = { sub: 'pia', email: 'pia@home.example', email_verified: true, name: 'Pia' }
  const page = await visit(posthorn, '/account/security', { as: pia, isOwn: true })
  await page.clock.install()
  await page.getByRole('button', { name: 'Link Acme ID' }).click()
  await page.getByText('Acme ID is linked to your account.').waitFor()
  await page.getByText('pia@home.example').waitFor()
  await seeActivity(page, /Linked to Acme ID/)

  const elsewhere = await visit(posthorn, '/sign-in', { expected: [REFUSED] })
  await elsewhere.getByRole('button', { name: 'Go on with Acme ID' }).click()
  await elsewhere.getByRole('button', { name: 'Account of Pia' }).waitFor()
  await page.clock.fastForward(NEXT_LOOK_MS)
  await page.getByRole('row', { name: /Signed in through a provider/ }).waitFor()

  await page.getByRole('link', { name: 'Security' }).click()
  await page.getByRole('button', { name: 'Unlink Acme ID' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click()
  await page.getByRole('button', { name: 'Link Acme ID', exact: true }).waitFor()
  await seeActivity(page, /Unlinked from Acme ID/)
})

test('who removes their password proves that it is them by the provider, turns on a second factor, and sets a new one', async () => {
  const lou = await newcomer('Lou')
  provider.person = { sub: 'lou', email: lou.email, email_verified: true, name: 'Lou' }
  const page = await visit(posthorn, '/sign-in', { expected: [REFUSED] })
  await page.getByRole('button', { name: 'Go on with Acme ID' }).click()
  await page.getByRole('button', { name: 'Account of Lou' }).waitFor()
  await page.goto('/account/security')
  await page.getByRole('button', { name: 'Remove the password' }).click()
  await page.getByRole('button', { name: 'Remove password' }).click()
  await page.getByText('Your only way in').waitFor()
  expect(await page.getByRole('button', { name: 'Unlink Acme ID' }).isDisabled()).toBe(true)
  await forgetProofs(posthorn)
  const turnOn = async () => {
    await page.getByRole('button', { name: 'Turn on' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click()
  }
  await turnOn()
  const signInAnew = page.getByRole('button', { name: 'Sign in anew with Acme ID' })
  await signInAnew.waitFor()
  await Promise.all([page.waitForEvent('domcontentloaded'), signInAnew.click()])
  const enrolling = page.waitForResponse('**/auth/two-factor/enable')
  await turnOn()
  const { totpURI } = await (await enrolling).json()
  await page.getByLabel('Code that the app shows now').fill(URI.parse(totpURI).generate())
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('button', { name: 'I have kept them' }).click()

  await page.getByLabel('New password').fill('another umbrella for the sun')
  await page.getByRole('button', { name: 'Set a password' }).click()
  await page.getByLabel('Current password').waitFor()
  expect(await page.getByRole('button', { name: 'Unlink Acme ID' }).isEnabled()).toBe(true)
  await seeActivity(page, /Password set where there was none/)
  await seeActivity(page, /Second factor turned on/)
})
