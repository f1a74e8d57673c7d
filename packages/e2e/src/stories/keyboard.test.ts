import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoutes, goTo, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { OLIVE, newProject, setUp } from '../posthorn/people.ts'
import { caught } from '../posthorn/scene.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { isForVisitors } from './visitors.ts'

/** What somebody types to get to a page: all that need nothing but a project. */
const TYPED: Record<string, string> = {
  '/account': 'Account',
  '/account/activity': 'Activity',
  '/account/security': 'Security',
  '/account/sessions': 'Sessions',
  '/instance': 'Instance',
  '/p/$projectId': 'Home',
  '/p/$projectId/api-log': 'API log',
  '/p/$projectId/audit-log': 'Audit log',
  '/p/$projectId/contacts': 'Contacts',
  '/p/$projectId/emails': 'Emails',
  '/p/$projectId/events': 'Events',
  '/p/$projectId/inbox': 'Inbox',
  '/p/$projectId/settings': 'Settings',
  '/p/$projectId/settings/danger': 'Danger',
  '/p/$projectId/settings/keys': 'API keys',
  '/p/$projectId/settings/members': 'Members',
  '/projects/new': 'New project',
}

/** What can be done from everywhere, where that leads, and what it opens there. */
const DONE: [words: string, path: string, opens: string | undefined][] = [
  ['Create API key', '/p/$projectId/settings/keys', 'Create API key'],
  ['Regenerate the secret key', '/p/$projectId/settings/keys', 'Regenerate Secret key'],
  ['Regenerate the public key', '/p/$projectId/settings/keys', 'Regenerate Public key'],
  ['Invite somebody', '/p/$projectId/settings/members', 'Invite somebody'],
  ['Empty the inbox', '/p/$projectId/inbox', 'Empty the inbox?'],
  ['Add a contact', '/p/$projectId/contacts', 'Add a contact'],
  ['Delete project', '/p/$projectId/settings/danger', 'Delete Acme?'],
  ['Leave project', '/p/$projectId/settings/danger', undefined],
  ['Change password', '/account/security', undefined],
  ['Sign out other sessions', '/account/sessions', undefined],
]

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

async function goByPalette(page: Page, words: string): Promise<void> {
  const palette = page.getByRole('textbox', { name: 'Search pages and actions' })
  await page.keyboard.press('Control+K')
  await palette.and(page.locator(':focus')).waitFor()
  await page.keyboard.type(words)
  await page.locator('[data-selected]').filter({ hasText: words }).waitFor()
  await page.keyboard.press('Enter')
  await palette.waitFor({ state: 'hidden' })
}

test('the command palette leads to every page that needs no more than a project, by keyboard alone', async () => {
  const page = await visit(posthorn, `/p/${projectId}`, { as: OLIVE })
  await settle(page)
  const routes = (await allRoutes(page)).filter((route) => !isForVisitors(route) && route !== '/')
  expect(Object.keys(TYPED)).toEqual(routes.filter((route) => !/\$(?!projectId)/.test(route)))
  for (const [route, words] of Object.entries(TYPED)) {
    await goByPalette(page, words)
    await expect
      .poll(() => new URL(page.url()).pathname, { timeout: 10_000, message: words })
      .toBe(route.replace('$projectId', projectId))
    await settle(page)
  }
})

test('the command palette does from every page what the buttons of others do, and the focus is where one goes on', async () => {
  const { emailId } = await send(posthorn, secretKey)
  await caught(posthorn, projectId, emailId ?? '')
  const page = await visit(posthorn, `/p/${projectId}/emails`, { as: OLIVE })
  for (const [words, path, opens] of DONE) {
    await goTo(page, `/p/${projectId}/emails`)
    await goByPalette(page, words)
    await expect
      .poll(() => new URL(page.url()).pathname, { timeout: 10_000, message: words })
      .toBe(path.replace('$projectId', projectId))
    if (opens !== undefined) {
      const dialog = page.getByRole('dialog', { name: opens })
      await dialog.locator(':focus').waitFor()
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
    }
  }
  await goByPalette(page, 'Change password')
  await page.getByLabel('Current password').and(page.locator(':focus')).waitFor()
  await goByPalette(page, 'Add a contact')
  await page.getByRole('textbox', { name: 'E-mail address' }).and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Escape')
  const saving = page.waitForEvent('download')
  await goByPalette(page, 'Export audit log as CSV')
  expect((await saving).suggestedFilename()).toMatch(/^audit-log-.*\.csv$/)
})

test('the first key leads past the menus, and the palette is left where it was opened', async () => {
  const page = await visit(posthorn, `/p/${projectId}/settings/keys`, { as: OLIVE })
  await settle(page)
  await page.getByRole('article', { name: 'Secret key' }).waitFor()
  const focused = () => page.evaluate<string>('document.activeElement.textContent || document.activeElement.id')
  await page.evaluate('document.activeElement.blur()')
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to content')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  expect(await page.locator('main :focus').count()).toBe(1)
  const before = await focused()
  await page.keyboard.press('Control+K')
  const palette = page.getByRole('textbox', { name: 'Search pages and actions' })
  await palette.waitFor()
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'hidden' })
  expect(await focused()).toBe(before)
})
