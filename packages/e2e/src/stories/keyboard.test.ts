import { invoke, newId, systemActor } from '@posthorn/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoutes, holdStill, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { OLIVE } from '../posthorn/people.ts'
import { setScene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { runByPalette } from './palette.ts'
import { isForVisitors } from './visitors.ts'

/** What somebody types to get to a page: all that need nothing but a project. */
const TYPED: Record<string, string> = {
  '/account': 'Account',
  '/account/activity': 'Activity',
  '/account/security': 'Security',
  '/account/sessions': 'Sessions',
  '/instance': 'Instance',
  '/p/$projectId': 'Home',
  '/p/$projectId/analytics': 'Analytics',
  '/p/$projectId/analytics/feed': 'Feed',
  '/p/$projectId/api-log': 'API log',
  '/p/$projectId/audit-log': 'Audit log',
  '/p/$projectId/contacts': 'Contacts',
  '/p/$projectId/contacts/fields': 'Fields',
  '/p/$projectId/contacts/imports': 'Imports',
  '/p/$projectId/contacts/topics': 'Topics',
  '/p/$projectId/emails': 'Emails',
  '/p/$projectId/events': 'Events',
  '/p/$projectId/events/names': 'By name',
  '/p/$projectId/inbox': 'Inbox',
  '/p/$projectId/settings': 'Settings',
  '/p/$projectId/settings/danger': 'Danger',
  '/p/$projectId/settings/keys': 'API keys',
  '/p/$projectId/settings/members': 'Members',
  '/p/$projectId/templates': 'Templates',
  '/projects/new': 'New project',
}

interface Deed {
  words: string
  /** Where it leads: to another page than the one before it in the list. */
  path: string
  /** The dialog that it opens there. */
  opens?: string
  /** The field there that has the focus then. */
  field?: string
}

/** What can be done from everywhere. */
const DONE: Deed[] = [
  { words: 'Create API key', path: '/p/$projectId/settings/keys', opens: 'Create API key' },
  { words: 'Invite somebody', path: '/p/$projectId/settings/members', opens: 'Invite somebody' },
  { words: 'Regenerate the secret key', path: '/p/$projectId/settings/keys', opens: 'Regenerate Secret key' },
  { words: 'Empty inbox', path: '/p/$projectId/inbox', opens: 'Empty the inbox?' },
  { words: 'Regenerate the public key', path: '/p/$projectId/settings/keys', opens: 'Regenerate Public key' },
  { words: 'Delete project', path: '/p/$projectId/settings/danger', opens: 'Delete Acme?' },
  { words: 'Change password', path: '/account/security', field: 'Current password' },
  { words: 'Leave project', path: '/p/$projectId/settings/danger' },
  { words: 'Turn on the second factor', path: '/account/security', opens: 'Turn on the second factor' },
  { words: 'Sign out all others', path: '/account/sessions' },
  { words: 'New topic', path: '/p/$projectId/contacts/topics', opens: 'New topic', field: 'Name' },
  { words: 'Add contact', path: '/p/$projectId/contacts', opens: 'Add a contact', field: 'E-mail address' },
  { words: 'Create template', path: '/p/$projectId/templates', opens: 'Create a template', field: 'Name' },
]

let posthorn: Posthorn
let projectId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  projectId = (await setScene(posthorn)).project.id
})
afterAll(() => posthorn?.stop())

test('the command palette leads to every page that needs no more than a project, by keyboard alone', async () => {
  const page = await visit(posthorn, `/p/${projectId}`, { as: OLIVE })
  await holdStill(page)
  await settle(page)
  const routes = (await allRoutes(page)).filter((route) => !isForVisitors(route) && route !== '/')
  expect(Object.keys(TYPED)).toEqual(routes.filter((route) => !/\$(?!projectId)/.test(route)))
  for (const [route, words] of Object.entries(TYPED)) {
    await runByPalette(page, words)
    await expect
      .poll(() => new URL(page.url()).pathname, { timeout: 10_000, message: words })
      .toBe(route.replace('$projectId', projectId))
    await settle(page)
  }
})

test('the command palette does from every page what the buttons of others do, and the focus is where one goes on', async () => {
  const page = await visit(posthorn, `/p/${projectId}/emails`, { as: OLIVE })
  await holdStill(page)
  for (const { words, path, opens, field } of DONE) {
    await runByPalette(page, words)
    await expect
      .poll(() => new URL(page.url()).pathname, { timeout: 10_000, message: words })
      .toBe(path.replace('$projectId', projectId))
    const place = opens === undefined ? page.getByRole('main') : page.getByRole('dialog', { name: opens })
    if (opens !== undefined) await place.locator(':focus').waitFor()
    if (field !== undefined) await place.getByLabel(field).and(page.locator(':focus')).waitFor()
    if (opens !== undefined) {
      await page.keyboard.press('Escape')
      await place.waitFor({ state: 'hidden' })
    }
  }
  const saving = page.waitForEvent('download')
  await runByPalette(page, 'Export audit log as CSV')
  expect((await saving).suggestedFilename()).toMatch(/^audit-log-.*\.csv$/)
})

test('the first key leads past the menus, and the palette is left where it was opened', async () => {
  const page = await visit(posthorn, `/p/${projectId}/settings/keys`, { as: OLIVE })
  await holdStill(page)
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
  await expect.poll(focused).toBe(before)
})

test('what a button of a page opens by the palette, opens: a key of any name is regenerated, shown and ended', async () => {
  const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  const { id } = await invoke(ctx, ['keys', 'create'], { name: 'Billing', kind: 'secret', scopes: ['emails:send'] })
  await invoke(ctx, ['keys', 'regenerate'], { id, overlap: '24h' })
  const page = await visit(posthorn, `/p/${projectId}/settings/keys`, { as: OLIVE })
  await holdStill(page)
  const billing = page.getByRole('article', { name: 'Billing' })
  await billing.waitFor()
  for (const [words, title] of [
    ['Regenerate Billing', 'Regenerate Billing'],
    ['Revoke Billing', 'Revoke Billing?'],
    ['End now: sk_ph_', 'End the old key now?'],
  ] as const) {
    await runByPalette(page, words)
    await page.getByRole('dialog', { name: title }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
  }
  await runByPalette(page, 'Reveal Billing')
  await billing.getByText(/sk_ph_\w{30,}/).waitFor()
  await runByPalette(page, 'Hide Billing')
  await billing.getByText(/sk_ph_\w{30,}/).waitFor({ state: 'hidden' })
})
