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

/** Regenerates the secret key, and returns the new one. The dialog stays open. */
async function regenerate(page: Page, ends: string): Promise<string> {
  await secretCard(page)
    .getByRole('button', { name: /^Regenerate/ })
    .click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(ends, { exact: true }).check()
  await dialog.getByRole('button', { name: 'Regenerate key' }).click()
  return (await dialog.getByText(/^sk_ph_\w{30,}$/).textContent()) ?? ''
}

test('a key that is regenerated now is dead when the dialog says so, and the new one works', async () => {
  expect(await statusOf(secret)).toBe(200)
  const page = await openKeys()
  const key = await regenerate(page, 'Now')
  expect(await Promise.all([statusOf(secret), statusOf(key)])).toEqual([401, 200])
  await page.getByRole('dialog').getByRole('button', { name: 'Copy key' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key)
})

test('with an overlap both keys work, its end stands beside the old one, and it can be ended early', async () => {
  const page = await openKeys()
  const key = await regenerate(page, 'In 24 hours')
  expect(await Promise.all([statusOf(secret), statusOf(key)])).toEqual([200, 200])
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await secretCard(page).getByText('works until').waitFor()
  await secretCard(page)
    .getByRole('button', { name: /^End .* now$/ })
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
  const key = (await dialog.getByText(/^sk_ph_\w{30,}$/).textContent()) ?? ''
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('article', { name: 'Reports' }).waitFor()
  expect(await statusOf(key)).toBe(403)
  const read = await fetch(`${posthorn.url}/v1/emails`, { headers: { Authorization: `Bearer ${key}` } })
  expect(read.status).toBe(200)
})
