import { afterAll, beforeAll, expect, test } from 'vitest'
import { allRoutes, goTo, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { invoke, invokePeople, newId, systemActor } from '@posthorn/services'
import type { Page } from 'playwright-core'
import { OLIVE, join } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { runByPalette } from './palette.ts'
import { KINDS, OPENERS } from './openers.ts'
import { REFUSED } from '../browser/watch.ts'
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
  ['Empty inbox', '/p/$projectId/inbox', 'Empty the inbox?'],
  ['Add contact', '/p/$projectId/contacts', 'Add a contact'],
  ['Delete project', '/p/$projectId/settings/danger', 'Delete Acme?'],
  ['Leave project', '/p/$projectId/settings/danger', undefined],
  ['Change password', '/account/security', undefined],
  ['Sign out all others', '/account/sessions', undefined],
  ['Turn on the second factor', '/account/security', 'Turn on the second factor'],
]

let posthorn: Posthorn
let scene: Scene
let projectId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
  projectId = scene.project.id
  await fillPages()
})
afterAll(() => posthorn?.stop())

test('the command palette leads to every page that needs no more than a project, by keyboard alone', async () => {
  const page = await visit(posthorn, `/p/${projectId}`, { as: OLIVE })
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
  for (const [words, path, opens] of DONE) {
    await goTo(page, `/p/${projectId}/emails`)
    await runByPalette(page, words)
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
  await runByPalette(page, 'Change password')
  await page.getByLabel('Current password').and(page.locator(':focus')).waitFor()
  await runByPalette(page, 'Add contact')
  await page.getByRole('textbox', { name: 'E-mail address' }).and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Escape')
  const saving = page.waitForEvent('download')
  await runByPalette(page, 'Export audit log as CSV')
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
  await expect.poll(focused).toBe(before)
})

/** Puts on the pages what they have buttons for. */
async function fillPages(): Promise<void> {
  await join(posthorn, { projectId, role: 'viewer', name: 'Vera Viewer', email: 'vera@example.com' })
  const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  const { id } = await invoke(ctx, ['keys', 'create'], { name: 'Billing', kind: 'secret', scopes: ['emails:send'] })
  await invoke(ctx, ['keys', 'regenerate'], { id, overlap: '24h' })
  await invokePeople(ctx, ['members', 'invite'], { email: 'ivo@example.com', role: 'member' })
}

/** What a detour by the palette would make no sense for: it is pressed while one types beside it. */
const AT_A_FIELD = /^(?:Show what is typed|Clear |Increase|Decrease)/

/** The buttons and checkboxes of a page by the names that Chromium computes for screen readers. */
async function buttonsOf(page: Page): Promise<string[]> {
  const tree = await page.getByRole('main').ariaSnapshot()
  const named = tree.matchAll(/- '?(?:button|checkbox|tab|combobox) "((?:[^"\\]|\\.)+)"([^\n]*)/g)
  const names = [...named].flatMap(([, name = '', state = '']) => (state.includes('[disabled]') ? [] : [name]))
  return [...new Set(names)].filter((name) => !AT_A_FIELD.test(name))
}

/** What stands in the menus of a page, with what it is about: "Revoke Billing". */
async function itemsOfMenus(page: Page): Promise<string[]> {
  const names: string[] = []
  for (const menu of await page.locator('main [aria-haspopup=menu]').all()) {
    const about = (await menu.getAttribute('aria-label'))?.replace('What to do with ', '')
    await menu.click()
    await page.getByRole('menuitem').first().waitFor()
    for (const item of await page.getByRole('menuitem').allInnerTexts()) names.push(`${item} ${about}`)
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'hidden' })
  }
  return names
}

test('the command palette offers every button of every page, by the name that it has there', async () => {
  const page = await visit(posthorn, `/p/${projectId}`, { as: OLIVE })
  const routes = (await allRoutes(page)).filter((route) => !isForVisitors(route) && !/\$deletedId|^\/$/.test(route))
  const palette = page.getByRole('textbox', { name: 'Search pages and actions' })
  const missing: Record<string, string[]> = {}
  let count = 0
  for (const route of [...routes, '/p/$projectId/emails?subject=Welcome']) {
    await page.goto(addressOf(route))
    await settle(page)
    const names = [...(await buttonsOf(page)), ...(await itemsOfMenus(page))]
    count += names.length
    await page.keyboard.press('Control+K')
    await palette.and(page.locator(':focus')).waitFor()
    const offered = await page.getByRole('dialog').getByRole('button').allInnerTexts()
    const isOffered = (name: string) => offered.some((one) => one.toLowerCase() === name.toLowerCase())
    const absent = names.filter((name) => !isOffered(name))
    if (absent.length > 0) missing[route] = absent
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
  }
  expect(missing).toEqual({})
  expect(count).toBeGreaterThan(60)
}, 120_000)

const addressOf = (route: string) =>
  route
    .replace('$projectId', projectId)
    .replace('$emailId', scene.emailId)
    .replace('$messageId', scene.messageId)
    .replace('$contactId', scene.contactId)
    .replace('$requestId', scene.requestId)

test('what a button of a page opens by the palette, opens: a key of any name is regenerated, shown and ended', async () => {
  const page = await visit(posthorn, `/p/${projectId}/settings/keys`, { as: OLIVE })
  const billing = page.getByRole('article', { name: 'Billing' })
  await billing.waitFor()
  for (const [words, title] of [
    ['Regenerate Billing', 'Regenerate Billing'],
    ['Revoke Billing', 'Revoke Billing?'],
    ['End sk_ph_', 'End the old key now?'],
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

/** Keeps the control that was clicked last, or that has the focus when the palette is asked for. */
const NOTE_OPENER = `if (!globalThis.isNoting) {
  globalThis.isNoting = true
  const note = (control) => { globalThis.opener = control }
  document.addEventListener('click', ({ target }) => note(target.closest('[role=menuitem]') ? globalThis.opener : target.closest('button, a, input')), true)
  document.addEventListener('keydown', ({ key }) => key === 'k' && note(document.activeElement), true)
}`

test('whatever opens on a page gives the focus back to what opened it, also when it is closed for the first time', async () => {
  const page = await visit(posthorn, `/p/${projectId}`, { as: OLIVE, expected: [REFUSED] })
  await page.evaluate(NOTE_OPENER)
  const lost: string[] = []
  for (const [route, openers] of Object.entries(OPENERS)) {
    await goTo(page, addressOf(route))
    for (const { kind, name, open, only } of openers) {
      await page.setViewportSize(only === 'phone' ? { width: 360, height: 740 } : { width: 1280, height: 900 })
      await open(page, posthorn)
      const opened = page.locator(KINDS[kind]).filter({ visible: true })
      await opened.waitFor()
      if (kind === 'dialog') await opened.locator(':focus').waitFor()
      await page.keyboard.press('Escape')
      await opened.waitFor({ state: 'hidden' })
      const isBack = () => page.evaluate<boolean>('document.activeElement === globalThis.opener')
      await expect
        .poll(isBack, { timeout: 1_000 })
        .toBe(true)
        .catch(() => lost.push(`${route}: ${kind} ${name}`))
    }
  }
  expect(lost).toEqual([])
}, 120_000)
