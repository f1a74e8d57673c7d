import { URI } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { linkIn, productMail } from '../posthorn/mail.ts'
import { OLIVE, PASSWORD, join, newProject, setUp, type Somebody } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { fillSignIn } from './sign-in.ts'

let posthorn: Posthorn
let projectId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  const { project } = await newProject(posthorn, 'Acme')
  projectId = project.id
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

/** Somebody with an account, who is signed in nowhere. */
const newcomer = (name: string): Promise<Somebody> =>
  join(posthorn, { projectId, role: 'admin', name, email: `${name.toLowerCase()}@example.com` })

test('a forgotten password is set anew through the mail in the built-in inbox', async () => {
  const rita = await newcomer('Rita')
  const page = await visit(posthorn, '/sign-in', { expected: [REFUSED] })
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('E-mail address').fill(rita.email)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor()
  await page.goto(linkIn(await productMail(posthorn, rita.email, /reset/i)))
  await page.getByLabel('New password').fill('another umbrella for the sun')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await page.waitForURL('**/sign-in')
  await fillSignIn(page, rita.email, PASSWORD)
  await page.getByRole('alert').waitFor()
  await fillSignIn(page, rita.email, 'another umbrella for the sun')
  await page.getByRole('button', { name: 'Account of Rita' }).waitFor()
})

test('a second factor is turned on with an app, and asked for at the next sign-in', async () => {
  const tom = await newcomer('Tom')
  const page = await visit(posthorn, '/account/security', { as: tom })
  await page.getByRole('button', { name: 'Turn on' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^Password/).fill(PASSWORD)
  const enrolling = page.waitForResponse('**/auth/two-factor/enable')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  const { totpURI } = await (await enrolling).json()
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
})

test('a session that is ended in another browser is over in the tab that is open', async () => {
  const sue = await newcomer('Sue')
  const tab = await visit(posthorn, `/p/${projectId}/emails`, { as: sue, expected: [REFUSED] })
  await tab.getByRole('heading', { name: 'Emails' }).waitFor()
  const page = await visit(posthorn, '/account/sessions', { as: sue })
  await page.getByRole('button', { name: 'End all others' }).click()
  await tab.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(new URL(tab.url()).searchParams.get('back')).toBe(`/p/${projectId}/emails`)
  await page.getByRole('heading', { name: 'Sessions' }).waitFor()
})

test('the address of the first account counts once its owner has confirmed it by a link, which can be sent again', async () => {
  const page = await visit(posthorn, '/account', { as: OLIVE })
  await page.getByText('not confirmed yet').waitFor()
  await page.getByLabel(/^Password/).fill(PASSWORD)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByText('Look into the mailbox of').waitFor()
  await page.goto(linkIn(await productMail(posthorn, OLIVE.email, /confirm/i)))
  await page.getByRole('button', { name: 'Confirm the address' }).click()
  await page.getByText('A new address counts once it has agreed').waitFor()
})
