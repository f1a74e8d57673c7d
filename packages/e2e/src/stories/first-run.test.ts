import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE, PASSWORD } from '../posthorn/people.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn

beforeAll(async () => {
  posthorn = await startPosthorn()
})
afterAll(() => posthorn?.stop())

/** Lets `isLoadedAnew` tell. */
const mark = (page: Page) => page.evaluate('void (globalThis.isMarked = true)')
const isLoadedAnew = async (page: Page) => !(await page.evaluate<boolean>('globalThis.isMarked === true'))

test('from the link that the start prints to a mail that arrives before one’s eyes', async () => {
  const link = await posthorn.setUpLink()
  const browser = await openBrowser(posthorn, {
    expected: [REFUSED],
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const home = await browser.newPage()
  await home.goto(link)
  await home.getByLabel('Your name').fill(OLIVE.name)
  await home.getByLabel('E-mail address').fill(OLIVE.email)
  await home.getByLabel(/^Password/).fill(PASSWORD)
  await home.getByRole('button', { name: 'Make the account' }).click()

  await home.getByRole('button', { name: /switch project/ }).click()
  await home.getByRole('menuitem', { name: 'New project' }).click()
  await home.getByLabel('Name').fill('Acme')
  await home.getByRole('button', { name: 'Create project' }).click()
  await home.getByRole('heading', { name: 'Acme', level: 1 }).waitFor()
  const { pathname } = new URL(home.url())

  await home.getByRole('button', { name: 'Copy key' }).click()
  await home.getByRole('heading', { name: /^Copy the secret key ?, done$/ }).waitFor()
  const key = await home.evaluate<string>('navigator.clipboard.readText()')

  const [emails, inbox] = [await browser.newPage(), await browser.newPage()]
  await emails.goto(`${pathname}/emails`)
  await emails.getByRole('heading', { name: 'No mail yet' }).waitFor()
  await inbox.goto(`${pathname}/inbox`)
  await inbox.getByRole('heading', { name: 'Nothing caught yet' }).waitFor()
  for (const page of [home, emails, inbox]) await mark(page)

  const sent = await send(posthorn, key, { to: 'grace@example.com', subject: 'It works' })
  expect(sent.status).toBe(200)

  await home.getByRole('heading', { name: /^See it arrive ?, done$/ }).waitFor()
  await emails.getByRole('row', { name: /grace@example\.com.*Sent.*It works/ }).waitFor()
  await inbox.getByRole('row', { name: /grace@example\.com.*It works/ }).waitFor()
  for (const page of [home, emails, inbox]) expect(await isLoadedAnew(page)).toBe(false)

  await inbox.getByRole('link', { name: 'grace@example.com' }).click()
  await inbox.getByRole('heading', { name: 'It works', level: 1 }).waitFor()

  const late = await visit(posthorn, link)
  await late.getByRole('heading', { name: 'Already set up' }).waitFor()
})
