import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE, newProject, setUp } from '../posthorn/people.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

/** Longer than the page waits until it looks at its keys again. */
const NEXT_LOOK_MS = 21_000

let posthorn: Posthorn
let projectId: string

beforeAll(async () => {
  // Nothing of it needs a mail to arrive.
  posthorn = await startPosthorn({ hasWorker: false })
  const { project } = await newProject(posthorn, 'Acme')
  projectId = project.id
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

async function openKeys(): Promise<Page> {
  const page = await visit(posthorn, '/sign-in', { as: OLIVE, expected: [REFUSED], isOwn: true })
  await page.clock.install()
  await page.goto(`/p/${projectId}/settings/keys`)
  await page.getByRole('article', { name: 'Secret key' }).waitFor()
  await page.evaluate('globalThis.isSameTab = true')
  return page
}

/** Fills in the form for a key that may send, and returns the key that comes of it. */
async function create(page: Page, name: string, fill: () => Promise<unknown>): Promise<string> {
  await page.getByRole('button', { name: 'Create API key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create API key' })
  await dialog.getByLabel('Name').fill(name)
  await fill()
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const key = (await page.getByText(/^sk_ph_\w{30,}$/).textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  return key
}

const cardOf = (page: Page, name: string) => page.getByRole('article', { name })
const addressesIn = (page: Page) => page.getByRole('combobox', { name: 'Only from these addresses' })
const isSameTab = (page: Page) => page.evaluate<boolean>('globalThis.isSameTab === true')

/** The keys that ended, as the page lists them with the words of their end. */
async function endedRow(page: Page, name: string) {
  const fold = page.getByRole('button', { name: /no longer works?$/ })
  if ((await fold.getAttribute('aria-expanded')) === 'false') await fold.click()
  return page.getByRole('table', { name: 'Ended keys' }).getByRole('row', { name })
}

test('a key says when it stops working, is refused from then on, and is listed as expired without a reload', async () => {
  const page = await openKeys()
  const key = await create(page, 'For the fair', async () => {
    await page.getByRole('button', { name: 'Expires' }).click()
    await page.getByRole('button', { name: 'In 30 days' }).click()
  })
  const card = cardOf(page, 'For the fair')
  await card.getByText(/^Stops working/).waitFor()
  await card.getByText('Expires', { exact: true }).waitFor()
  expect((await send(posthorn, key)).status).toBe(200)

  await posthorn.db
    .updateTable('api_keys')
    .set({ expires_at: new Date() })
    .where('project_id', '=', projectId)
    .where('name', '=', 'For the fair')
    .execute()
  expect((await send(posthorn, key)).status).toBe(401)
  await page.clock.fastForward(NEXT_LOOK_MS)
  await card.waitFor({ state: 'hidden' })
  await (await endedRow(page, 'For the fair')).getByText('Expired').waitFor()
  expect(await isSameTab(page)).toBe(true)
})

test('a key works from the addresses that its card names and is refused from others, and what is no address is said at its field', async () => {
  const page = await openKeys()
  const only = (addresses: string) => () => addressesIn(page).fill(addresses)
  const office = await create(page, 'From the office', only('203.0.113.0/24, 2001:db8::/32,'))
  await cardOf(page, 'From the office').getByText('Only from 203.0.113.0/24, 2001:db8::/32').waitFor()
  const here = await create(page, 'From here', only('127.0.0.0/8,'))
  await cardOf(page, 'From here').getByText('Only from 127.0.0.0/8').waitFor()
  expect([(await send(posthorn, office)).status, (await send(posthorn, here)).status]).toEqual([403, 200])

  await page.getByRole('button', { name: 'Create API key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Create API key' })
  await dialog.getByLabel('Name').fill('From nowhere')
  await addressesIn(page).fill('203.0.113.999,')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await addressesIn(page).and(page.locator('[aria-invalid=true]:focus')).waitFor()
  expect(await dialog.getByLabel('Name').inputValue()).toBe('From nowhere')
})

test('a key that is revoked is dead when the dialog closes, and every open tab lists it among the ended', async () => {
  const page = await openKeys()
  const key = await create(page, 'Of the old shop', () => Promise.resolve())
  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.evaluate('globalThis.isSameTab = true')
  await cardOf(other, 'Of the old shop').waitFor()
  expect((await send(posthorn, key)).status).toBe(200)
  await page.getByRole('button', { name: 'What to do with Of the old shop' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect((await send(posthorn, key)).status).toBe(401)
  for (const tab of [page, other]) {
    await cardOf(tab, 'Of the old shop').waitFor({ state: 'hidden' })
    await (await endedRow(tab, 'Of the old shop')).getByText('Revoked').waitFor()
    expect(await isSameTab(tab)).toBe(true)
  }
})
