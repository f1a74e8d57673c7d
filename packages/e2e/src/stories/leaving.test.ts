import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goTo, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { OLIVE } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { runByPalette } from './palette.ts'

let posthorn: Posthorn
let scene: Scene

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())

async function open(path: string): Promise<Page> {
  const page = await visit(posthorn, path.replace('$project', `/p/${scene.project.id}`), { as: OLIVE })
  await settle(page)
  return page
}

const question = (page: Page) => page.getByRole('dialog', { name: 'Leave without saving?' })

async function answer(page: Page, words: string) {
  await question(page).getByRole('button', { name: words }).click()
  await question(page).waitFor({ state: 'hidden' })
}

test.for([
  ['$project/settings', 'Project name', 'Save'],
  ['/account', 'Name', 'Save'],
  ['/projects/new', 'Name', undefined],
] as const)('what was typed and not saved is asked about before one leaves: %s', async ([path, label, save]) => {
  const page = await open(path)
  const field = page.getByRole('textbox', { name: label, exact: true }).first()
  const goElsewhere = () => page.getByRole('link', { name: 'Emails', exact: true }).click()
  const address = page.url()
  await field.fill('Half of a na')
  await goElsewhere()
  await answer(page, 'Stay')
  expect([page.url(), await field.inputValue()]).toEqual([address, 'Half of a na'])
  if (save !== undefined) {
    await field.fill('A whole name')
    await page.getByRole('main').getByRole('button', { name: save }).first().click()
    await page.getByRole('alert').filter({ hasText: 'saved' }).waitFor()
    await goElsewhere()
    await page.waitForURL('**/emails')
    await page.goBack()
    await settle(page)
    await field.fill('Half again')
  }
  await goElsewhere()
  await answer(page, 'Leave')
  await page.waitForURL('**/emails')
})

test('what was typed and not saved is asked about before one signs out, once, and who stays is signed in still', async () => {
  const page = await visit(posthorn, '/account', { as: OLIVE, anew: true })
  const name = page.getByRole('textbox', { name: 'Name', exact: true })
  const unasked: string[] = []
  page.on('dialog', (dialog) => {
    unasked.push(dialog.type())
    void dialog.accept()
  })
  const signOut = async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
  }
  await name.fill('Half of a na')
  await page.getByRole('textbox', { name: 'New address' }).fill('half@')
  await signOut()
  await answer(page, 'Stay')
  await name.press('End')
  expect(await name.inputValue()).toBe('Half of a na')
  const { status } = await page.evaluate<{ status: number }>(
    `fetch('/trpc/account.get?input={}').then(({ status }) => ({ status }))`,
  )
  expect(status).toBe(200)
  await runByPalette(page, 'Sign out')
  await answer(page, 'Leave')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(unasked).toEqual([])
})

test('what was typed and not saved is asked about before the tab is closed or loaded anew, and the way back too', async () => {
  const page = await open('$project/emails')
  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Project name').fill('Half of a na')
  const asked = page.waitForEvent('dialog')
  const reload = page.evaluate('setTimeout(() => location.reload(), 0)')
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await reload
  await page.evaluate('history.back()')
  await answer(page, 'Stay')
  expect(await page.getByLabel('Project name').inputValue()).toBe('Half of a na')
  await page.getByRole('button', { name: 'Discard changes' }).click()
  await page.goBack()
  await page.waitForURL('**/emails')
})

test.for([
  ['contacts', 'Add contact', 'Add a contact', 'E-mail address'],
  ['settings/members', 'Invite somebody', 'Invite somebody', 'E-mail address'],
  ['settings/keys', 'Create API key', 'Create API key', 'Name'],
] as const)('a slip of Escape loses nothing of what stands in a dialog: %s', async ([path, button, title, label]) => {
  const page = await open('$project/emails')
  await goTo(page, `/p/${scene.project.id}/${path}`)
  await page.getByRole('main').getByRole('button', { name: button }).first().click()
  const dialog = page.getByRole('dialog', { name: title })
  const field = dialog.getByRole('textbox', { name: label, exact: true })
  await field.fill('ada')
  await page.keyboard.press('Escape')
  const asked = page.getByRole('dialog', { name: 'Close without saving?' })
  await asked.waitFor()
  await page.keyboard.press('Escape')
  await asked.waitFor({ state: 'hidden' })
  expect(await field.inputValue()).toBe('ada')
  await page.evaluate('history.back()')
  await answer(page, 'Stay')
  expect(await field.inputValue()).toBe('ada')
  await field.press('Escape')
  await asked.getByRole('button', { name: 'Close' }).last().click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: 'Emails', exact: true }).click()
  await page.waitForURL('**/emails')
})

test('an action of the palette leaves the focus where it was, also once the dialog that it opened is closed', async () => {
  const page = await open('$project/contacts')
  const link = page.getByRole('link', { name: 'Inbox', exact: true })
  const close = async (title: string) => {
    const dialog = page.getByRole('dialog', { name: title })
    await dialog.locator(':focus').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  }
  await link.focus()
  await runByPalette(page, 'Dark colours')
  await link.and(page.locator(':focus')).waitFor()
  await runByPalette(page, 'Add contact')
  await close('Add a contact')
  await link.and(page.locator(':focus')).waitFor()
  await runByPalette(page, 'Create API key')
  await close('Create API key')
  await page.getByRole('heading', { level: 1, name: 'API keys' }).and(page.locator(':focus')).waitFor()
})
