import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { goTo } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE, PASSWORD, join, newProject, setUp } from '../posthorn/people.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { fillSignIn } from './sign-in.ts'

let posthorn: Posthorn
let projectId: string
let secretKey: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  const made = await newProject(posthorn, 'Acme')
  projectId = made.project.id
  secretKey = made.secretKey
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

const switcher = (page: Page) => page.getByRole('button', { name: /switch project$/ })
const projectIdOf = (page: Page) => /\/p\/([^/?]+)/.exec(page.url())?.[1] ?? ''

test('a project is made, is given another name that every open tab shows, and is open to its maker', async () => {
  const page = await visit(posthorn, `/p/${projectId}`, { as: OLIVE })
  await switcher(page).click()
  await page.getByRole('menuitem', { name: 'New project' }).click()
  await page.getByLabel('Name').fill('Bakery')
  await page.getByRole('button', { name: 'Create project' }).click()
  await page.getByRole('heading', { name: 'Bakery', level: 1 }).waitFor()
  const bakeryId = projectIdOf(page)
  expect(bakeryId).not.toBe(projectId)

  const other = await page.context().newPage()
  await other.goto(`/p/${bakeryId}/emails`)
  await switcher(other).getByText('Bakery').waitFor()
  await page.goto(`/p/${bakeryId}/settings`)
  await page.getByLabel('Project name').fill('Bakery by the sea')
  await page.getByRole('button', { name: 'Save' }).click()
  for (const tab of [page, other]) await switcher(tab).getByText('Bakery by the sea').waitFor()
})

test('a project is deleted by typing its name: its keys are dead at once, and a bar says how far it is until it is gone', async () => {
  const doomed = await newProject(posthorn, 'Doomed')
  const { project } = doomed
  const { user_id } = await posthorn.db.selectFrom('members').select('user_id').executeTakeFirstOrThrow()
  await posthorn.db.insertInto('members').values({ project_id: project.id, user_id, role: 'owner' }).execute()
  const keys = [doomed.secretKey, doomed.publicKey]
  expect((await send(posthorn, doomed.secretKey)).status).toBe(200)
  const page = await visit(posthorn, `/p/${project.id}/settings/danger`, { as: OLIVE, expected: [REFUSED] })
  await page.getByRole('button', { name: 'Delete project' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete Doomed?' })
  const yes = dialog.getByRole('button', { name: 'Delete project' })
  await dialog.getByLabel('Type Doomed to confirm').fill('doomed')
  expect(await yes.isDisabled()).toBe(true)
  await dialog.getByLabel('Type Doomed to confirm').fill('Doomed')

  // The deletion waits for a row that somebody else holds.
  const holding = await posthorn.db.startTransaction().execute()
  try {
    await holding.selectFrom('email_contents').select('id').where('project_id', '=', project.id).forUpdate().execute()
    await yes.click()
    await page.getByRole('progressbar', { name: 'Deletion of Doomed' }).waitFor()
    expect(await Promise.all(keys.map(async (key) => (await track(key)).status))).toEqual([401, 401])
    await switcher(page).click()
    expect(await page.getByRole('menuitem', { name: 'Doomed' }).count()).toBe(0)
  } finally {
    await holding.rollback().execute()
  }
  await page.getByRole('progressbar', { name: 'Deletion of Doomed' }).waitFor({ state: 'hidden' })
  await page.goto(`/p/${project.id}`)
  await page.getByRole('heading', { name: 'No such project' }).waitFor()
})

const track = (key: string) =>
  fetch(`${posthorn.url}/v1/track`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ event: 'signed-up', email: 'ada@example.com' }),
  })

test('a role that is changed acts in the open tab of the one it is about, both ways', async () => {
  const vera = await join(posthorn, { projectId, role: 'viewer', name: 'Vera Viewer', email: 'vera@example.com' })
  const tab = await visit(posthorn, `/p/${projectId}/settings/keys`, { as: vera, expected: [REFUSED] })
  await tab.getByRole('article', { name: 'Secret key' }).waitFor()
  const create = tab.getByRole('button', { name: 'Create API key' })
  expect(await create.count()).toBe(0)
  const olive = await visit(posthorn, `/p/${projectId}/settings/members`, { as: OLIVE })
  const give = async (role: string) => {
    await olive.getByRole('combobox', { name: 'Role of Vera Viewer' }).click()
    await olive.getByRole('option', { name: role }).click()
  }
  await give('Admin')
  await create.waitFor()
  await tab.getByRole('link', { name: 'Audit log' }).waitFor()
  await give('Viewer')
  await create.waitFor({ state: 'hidden' })
  await tab.getByRole('link', { name: 'Audit log' }).waitFor({ state: 'hidden' })
})

test('the filters of a list are in its address: a link, signing in, a reload and the way back all keep them', async () => {
  await send(posthorn, secretKey, { subject: 'Your invoice', tags: ['billing'] })
  await send(posthorn, secretKey, { subject: 'Your parcel', tags: ['shipping'] })
  const path = `/p/${projectId}/emails?subject=Your&tag=billing`
  const page = await visit(posthorn, path, { expected: [REFUSED] })
  await fillSignIn(page, OLIVE.email, PASSWORD)
  const rows = page.getByRole('table', { name: 'Emails' }).getByRole('row').filter({ hasText: 'Your' })
  const isAsLinked = async () => {
    await rows.filter({ hasText: 'Your invoice' }).waitFor()
    expect(await rows.count()).toBe(1)
    expect(await page.getByRole('textbox', { name: 'Tag' }).inputValue()).toBe('billing')
    expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('Your')
    expect(new URL(page.url()).search).toBe('?subject=Your&tag=billing')
  }
  await isAsLinked()
  await page.reload()
  await isAsLinked()
  await rows.getByRole('link').click()
  await page.getByRole('heading', { name: 'Your invoice', level: 1 }).waitFor()
  await page.goBack()
  await isAsLinked()
  await rows.getByRole('link').click()
  await page.getByRole('heading', { name: 'Your invoice', level: 1 }).waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Emails' }).click()
  await isAsLinked()
})

test('every page of a project that one does not work on, or that never was, is not found', async () => {
  const { project } = await newProject(posthorn, 'None of yours')
  const max = await join(posthorn, { projectId, role: 'member', name: 'Max Member', email: 'max@example.com' })
  const page = await visit(posthorn, `/p/${projectId}`, { as: max, expected: [REFUSED] })
  await page.getByRole('heading', { name: 'Acme', level: 1 }).waitFor()
  const paths = [
    `/p/${project.id}`,
    `/p/${project.id}/emails`,
    `/p/${project.id}/settings/keys`,
    `/p/01890000-0000-7000-8000-000000000000/emails`,
    '/p/nonsense/settings',
  ]
  for (const path of paths) {
    await goTo(page, path)
    await page.getByRole('heading', { name: 'No such project' }).waitFor()
    expect(await page.content()).not.toContain('None of yours')
  }
  // Loaded from there, too.
  await page.reload()
  await page.getByRole('heading', { name: 'No such project' }).waitFor()
})
