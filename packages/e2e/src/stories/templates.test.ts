import { invoke, newId, systemActor } from '@posthorn/services'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { eventually } from '../posthorn/eventually.ts'
import { join, OLIVE } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { chooseInMenu } from './menus.ts'

let posthorn: Posthorn
let scene: Scene

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())

const open = (path: string) => visit(posthorn, `/p/${scene.project.id}/${path}`, { as: OLIVE, expected: [REFUSED] })
const asSystem = () => ({ ...posthorn, actor: systemActor(scene.project.id), requestId: newId() })
const stored = (id: string) => invoke(asSystem(), ['templates', 'get'], { id })

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Body' })
const saved = (page: Page, words: string) => page.getByText(words).waitFor()
const idIn = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''

/** What stands on all of a mail, and what could be tried there. */
const OLD =
  '<html dir="rtl" lang="ar" onclick="top.pwned = 1" style="line-height:3;background:url(https://evil.example/all)"><p>قديم</p></html>'
const HELD_BACK = /'https:\/\/evil\.example\/all' violates the following Content Security Policy directive/

test('a template is made, looked at as a contact would get it, and its test is in the inbox', async () => {
  const page = await open('templates')
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Create template' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Order shipped')
  await dialog.getByLabel('Subject').fill('Welcome on {{ plan }}')
  await dialog.getByRole('combobox', { name: 'Editor' }).click()
  await page.getByRole('option', { name: /^Code/ }).click()
  await dialog.getByRole('button', { name: 'Create template' }).click()
  await dialog.getByText('Another template has this name.').waitFor()
  await dialog.getByLabel('Name').fill('First steps')
  await dialog.getByRole('button', { name: 'Create template' }).click()
  await main.getByRole('heading', { name: 'First steps' }).waitFor()

  await editorOf(page).fill(
    '<p>You have {{ seats }} seats in {{ city }}.</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
  )
  await main.getByRole('button', { name: 'Add value' }).click()
  // The focus is where one goes on to type.
  await main.getByLabel('Name of value 1').and(page.locator(':focus')).waitFor()
  await page.keyboard.type('seats left')
  await main.getByRole('button', { name: 'Add value' }).click()
  await main.getByLabel('Name of value 2').fill('city')
  await main.getByLabel('Fallback of value 2').fill('Ulm')
  await main.getByRole('button', { name: 'Save draft' }).click()
  await main.getByRole('group', { name: 'Value 1' }).getByText('Letters, digits').waitFor()
  await main.getByLabel('Name of value 1').and(page.locator(':focus')).waitFor()
  await main.getByRole('button', { name: 'Remove seats left' }).click()
  await main.getByRole('button', { name: 'Remove city' }).and(page.locator(':focus')).waitFor()
  await main.getByRole('tab', { name: 'Preview' }).click()
  await main.getByRole('combobox', { name: 'Contact' }).fill('ada')
  await page.getByRole('option', { name: 'ada@example.com' }).click()
  await main.getByText('Welcome on pro').first().waitFor()
  await main.frameLocator('iframe').getByText('You have 3 seats in Ulm.').waitFor()
  await main.getByText('Look at this before you send it').waitFor()

  await main.getByRole('button', { name: 'Save draft' }).click()
  await saved(page, 'The draft is saved.')
  await chooseInMenu(page, 'Send test')
  await dialog.getByRole('combobox', { name: 'Contact' }).fill('ada')
  await page.getByRole('option', { name: 'ada@example.com' }).click()
  await dialog.getByRole('button', { name: 'Send test' }).click()
  await saved(page, 'The test is in the inbox in a moment.')
  const caught = await eventually(
    async () => (await invoke(asSystem(), ['inbox', 'list'], { to: OLIVE.email })).data[0],
    'the test in the inbox',
  )
  expect(caught.subject).toBe('[TEST] Welcome on pro')
  expect((await stored(idIn(page))).publishedVersion).toBeNull()
  expect((await stored(idIn(page))).variables).toEqual([{ name: 'city', type: 'string', fallback: 'Ulm' }])
  await main.getByRole('button', { name: 'Publish' }).click()
  await saved(page, 'The template is published.')
  expect((await stored(idIn(page))).publishedVersion).toBe(1)
})

test('a mistake is said at its line and nothing typed is lost, nor by a look at the preview or a click on a link', async () => {
  const page = await open(`templates/${scene.templateId}`)
  const main = page.getByRole('main')
  await editorOf(page).fill('<p>One</p>\n<p>Two</p>\n<p>{{ three | nope }}</p>\n<p>Four</p>')
  await main.getByRole('button', { name: 'Save draft' }).click()
  const said = editorOf(page).getByText(/nope.*line 3/)
  await said.waitFor()
  const above = said.locator('xpath=preceding-sibling::*[1]')
  expect(await above.innerText()).toBe('<p>{{ three | nope }}</p>')
  await editorOf(page).and(page.locator(':focus')).waitFor()
  await main.getByRole('tab', { name: 'Preview' }).click()
  await main
    .getByRole('alert')
    .getByText(/line 3/)
    .waitFor()
  // A refusal is said where it can be mended.
  await page.keyboard.press('Control+S')
  await said.waitFor()
  expect(await editorOf(page).innerText()).toContain('<p>Four</p>')

  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay' }).click()
  await editorOf(page).fill('<p>Mended</p>')
  await said.waitFor({ state: 'hidden' })
  await main.getByRole('button', { name: 'Save draft' }).click()
  await saved(page, 'The draft is saved.')
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.waitForURL('**/contacts')
  expect((await stored(scene.templateId)).body).toBe('<p>Mended</p>')
})

test('an older version is looked at as a whole and published again, and the content shows it', async () => {
  const { id } = await invoke(asSystem(), ['templates', 'create'], {
    name: 'Twice',
    subject: 'Old',
    body: OLD,
  })
  await invoke(asSystem(), ['templates', 'update'], { id, subject: 'New', body: '<p>New</p>' })
  const expected = [REFUSED, HELD_BACK]
  const page = await visit(posthorn, `/p/${scene.project.id}/templates/${id}?tab=versions`, { as: OLIVE, expected })
  const outside: string[] = []
  await page.route(/evil\.example/, async (route) => {
    outside.push(route.request().url())
    await route.fulfill({ status: 204 })
  })
  const main = page.getByRole('main')
  await main.getByRole('link', { name: 'Version 1' }).click()
  const mail = main.frameLocator('iframe')
  await mail.getByText('قديم').waitFor()
  // It stands where it will stand in the mail, in a box that is not cut to fit its few words, and can do nothing.
  const whole = mail.locator('html')
  expect(await whole.getAttribute('dir')).toBe('rtl')
  expect(await whole.getAttribute('lang')).toBe('ar')
  expect(await whole.getAttribute('style')).toContain('line-height:3')
  expect(await whole.getAttribute('onclick')).toBeNull()
  expect((await main.locator('[data-resizable]').boundingBox())?.height).toBeGreaterThan(300)
  expect(outside).toEqual([])
  await main.getByRole('tab', { name: 'Versions' }).click()
  await main.getByRole('button', { name: 'Publish version 1' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Publish version' }).click()
  await main
    .getByRole('row', { name: /Version 1/ })
    .getByText('Published')
    .waitFor()
  await main.getByRole('tab', { name: 'Content' }).click()
  await expect.poll(() => editorOf(page).innerText()).toBe(OLD)
  expect((await stored(id)).publishedVersion).toBe(1)

  await chooseInMenu(page, 'Duplicate')
  await main.getByRole('heading', { name: 'Twice (Copy)' }).waitFor()
  await chooseInMenu(page, 'Delete')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete template' }).click()
  await page.waitForURL('**/templates')
  await main.getByRole('link', { name: 'Twice', exact: true }).waitFor()
  expect(await main.getByText('Twice (Copy)').count()).toBe(0)
})

test('what somebody else saves shows up, and not over what one types; a viewer reads and has no buttons', async () => {
  const { id } = await invoke(asSystem(), ['templates', 'create'], { name: 'Shared', subject: 'One', body: '<p>1</p>' })
  const page = await open(`templates/${id}`)
  const main = page.getByRole('main')
  const subject = main.getByLabel('Subject')
  await editorOf(page).waitFor()
  await invoke(asSystem(), ['templates', 'update'], { id, subject: 'Two', body: '<p>2</p>' })
  await expect.poll(() => subject.inputValue()).toBe('Two')
  await expect.poll(() => editorOf(page).innerText()).toBe('<p>2</p>')
  await subject.fill('Mine')
  await invoke(asSystem(), ['templates', 'update'], { id, name: 'Shared by all' })
  await main.getByRole('heading', { name: 'Shared by all' }).waitFor()
  expect(await subject.inputValue()).toBe('Mine')

  // What others have changed elsewhere is kept without a question.
  await invoke(asSystem(), ['templates', 'update'], { id, body: '<p>3</p>', publish: false })
  await main.getByRole('button', { name: 'Save draft' }).click()
  await expect.poll(() => editorOf(page).innerText()).toBe('<p>3</p>')
  expect(await stored(id)).toMatchObject({ name: 'Shared by all', subject: 'Mine', body: '<p>3</p>' })

  const dialog = page.getByRole('dialog', { name: 'Somebody else has changed this as well' })
  const bothChange = async (mine: string, theirs: string) => {
    await editorOf(page).fill(mine)
    await invoke(asSystem(), ['templates', 'update'], { id, body: theirs, publish: false })
    await main.getByRole('button', { name: 'Save draft' }).click()
    await dialog.getByText('saved the body').waitFor()
    expect((await stored(id)).body).toBe(theirs)
  }
  await bothChange('<p>AAA</p>', '<p>BBB</p>')
  await dialog.getByRole('button', { name: 'Decide later' }).click()
  expect(await editorOf(page).innerText()).toBe('<p>AAA</p>')
  await main.getByRole('button', { name: 'Save draft' }).click()
  await dialog.getByRole('button', { name: 'Take theirs' }).click()
  await expect.poll(() => editorOf(page).innerText()).toBe('<p>BBB</p>')
  await bothChange('<p>AA</p>', '<p>BB</p>')
  await dialog.getByRole('button', { name: 'Keep mine' }).click()
  await expect.poll(async () => (await stored(id)).body).toBe('<p>AA</p>')
  expect(await editorOf(page).innerText()).toBe('<p>AA</p>')

  const vera = { projectId: scene.project.id, role: 'viewer', name: 'Vera Viewer', email: 'vera@example.com' } as const
  const viewer = await join(posthorn, vera)
  const seen = await visit(posthorn, `/p/${scene.project.id}/templates/${id}`, { as: viewer, expected: [REFUSED] })
  await editorOf(seen).waitFor()
  expect(
    await seen
      .getByRole('main')
      .getByRole('button', { name: /Save|Publish|Delete|Duplicate|Send/ })
      .count(),
  ).toBe(0)
})
