import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE, PASSWORD, forgetProofs, newProject, setUp } from '../posthorn/people.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn
let projectId: string
let secret: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

beforeEach(async () => {
  const { project, secretKey } = await newProject(posthorn, 'Acme')
  projectId = project.id
  secret = secretKey
  const owner = posthorn.db
    .selectFrom('auth.users')
    .select((eb) => [eb.val(projectId).as('project_id'), 'id as user_id', eb.val('owner' as const).as('role')])
  await posthorn.db.insertInto('members').columns(['project_id', 'user_id', 'role']).expression(owner).execute()
})

const statusOf = async (key: string) => (await send(posthorn, key)).status

const openKeys = () =>
  visit(posthorn, `/p/${projectId}/settings/keys`, {
    as: OLIVE,
    expected: [REFUSED],
    permissions: ['clipboard-read', 'clipboard-write'],
  })

const secretCard = (page: Page) => page.getByRole('article', { name: 'Secret key' })

const askForSecret = (page: Page) =>
  secretCard(page)
    .getByRole('button', { name: /^Regenerate/ })
    .click()

/** Regenerates a key, the main secret one if nothing else is said, and returns the new one. The dialog stays open. */
async function regenerate(page: Page, ends: string, open = () => askForSecret(page)): Promise<string> {
  await open()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(ends, { exact: true }).check()
  await dialog.getByRole('button', { name: 'Regenerate key' }).click()
  return newKeyIn(page)
}

/** The key that the dialog shows, which only leaves when somebody says that it is taken. */
async function newKeyIn(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog')
  const key = (await dialog.getByText(/^sk_ph_\w{30,}$/).textContent()) ?? ''
  await page.keyboard.press('Escape')
  await page.mouse.click(5, 5)
  await dialog.getByText(key).waitFor()
  return key
}

const clipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()')

test('a key that is regenerated now is dead when the dialog says so, and the new one works', async () => {
  expect(await statusOf(secret)).toBe(200)
  const page = await openKeys()
  const key = await regenerate(page, 'Now')
  expect(await Promise.all([statusOf(secret), statusOf(key)])).toEqual([401, 200])
  await page.getByRole('dialog').getByRole('button', { name: 'Copy key' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await clipboard(page)).toBe(key)
})

test('a key that was shown when it was regenerated is neither shown nor copied any more', async () => {
  const page = await openKeys()
  const card = secretCard(page)
  await card.getByRole('button', { name: /^Reveal/ }).click()
  await card.getByText(secret).waitFor()
  const key = await regenerate(page, 'Now')
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await card.getByRole('button', { name: /^Copy/ }).click()
  await card.getByText('Copied').first().waitFor()
  expect(await clipboard(page)).toBe(key)
  await card.getByRole('button', { name: /^Reveal/ }).click()
  await card.getByText(key).waitFor()
  expect(await page.content()).not.toContain(secret)
})

test('each copy is written down, also of a key that is shown', async () => {
  const page = await openKeys()
  const card = secretCard(page)
  await card.getByRole('button', { name: /^Reveal/ }).click()
  await card.getByText(secret).waitFor()
  await card.getByRole('button', { name: /^Copy/ }).click()
  await card.getByText('Copied').first().waitFor()
  const acts = await posthorn.db
    .selectFrom('audit_log')
    .select('action')
    .where('project_id', '=', projectId)
    .where('action', '=', 'key.revealed')
    .execute()
  expect(acts).toHaveLength(2)
})

test('with an overlap both keys work, its end stands beside the old one, and it can be ended early', async () => {
  const page = await openKeys()
  const key = await regenerate(page, 'In 24 hours')
  expect(await Promise.all([statusOf(secret), statusOf(key)])).toEqual([200, 200])
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await secretCard(page).getByText('works until').waitFor()
  await secretCard(page)
    .getByRole('button', { name: /^End now: / })
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'End it now' }).click()
  await page.getByRole('alert').getByText('no longer works').waitFor()
  expect(await Promise.all([statusOf(secret), statusOf(key)])).toEqual([401, 200])
  await secretCard(page).getByText('works until').waitFor({ state: 'hidden' })
})

test('a secret key is masked, and shown only to who gives the password again when that was long ago', async () => {
  const page = await openKeys()
  await secretCard(page)
    .getByText(/^sk_ph_••••/)
    .waitFor()
  expect(await page.content()).not.toContain(secret)
  await forgetProofs(posthorn)
  await secretCard(page)
    .getByRole('button', { name: /^Reveal/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await dialog.getByLabel(/^Password/).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Confirm' }).click()
  await secretCard(page).getByText(secret).waitFor()
  await page.goto(`/p/${projectId}/audit-log`)
  await page
    .getByRole('row', { name: /Olive Owner/ })
    .first()
    .waitFor()
})

test('a new key does what was picked for it, and nothing else', async () => {
  const page = await openKeys()
  await page.getByRole('button', { name: 'Create API key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Reports')
  await dialog.getByRole('button', { name: 'Reading only' }).click()
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const key = await newKeyIn(page)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('article', { name: 'Reports' }).waitFor()
  expect(await statusOf(key)).toBe(403)
  const read = await fetch(`${posthorn.url}/v1/emails`, { headers: { Authorization: `Bearer ${key}` } })
  expect(read.status).toBe(200)
})

test('a further key that is regenerated shows the new one until it is taken', async () => {
  const page = await openKeys()
  await page.getByRole('button', { name: 'Create API key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Billing')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const key = await newKeyIn(page)
  await dialog.getByRole('button', { name: 'Done' }).click()
  const next = await regenerate(page, 'Now', async () => {
    await page.getByRole('button', { name: 'What to do with Billing' }).click()
    await page.getByRole('menuitem', { name: 'Regenerate' }).click()
  })
  expect([await statusOf(key), await statusOf(next)]).toEqual([401, 200])
  // The list has been told by now, and the dialog is still there.
  await page.getByRole('button', { name: 'One key that no longer works' }).waitFor({ state: 'attached' })
  await dialog.getByRole('button', { name: 'Done' }).click()
})

test('the code to paste is there for each language and each task, with the address and the public key in it', async () => {
  const page = await openKeys()
  const publicKey =
    (await page.getByRole('article', { name: 'Public key' }).locator('code').first().textContent()) ?? ''
  expect(publicKey).toMatch(/^pk_ph_/)
  for (const [task, path, key] of [
    ['Send a mail', '/v1/send', 'POSTHORN_KEY'],
    ['Report an event', '/v1/track', publicKey],
  ] as const) {
    await page.getByText(task, { exact: true }).click()
    for (const language of await page.getByRole('tablist', { name: 'Language' }).getByRole('tab').all()) {
      await language.click()
      const code = await page.getByRole('tabpanel').getByRole('region').textContent()
      const name = await language.textContent()
      expect(code, `${task}: ${name}`).toContain(key)
      expect(code, `${task}: ${name}`).toContain(posthorn.url)
      if (name !== 'SDK') expect(code, `${task}: ${name}`).toContain(path)
    }
  }
})
