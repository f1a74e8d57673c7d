import { invoke, newId, systemActor } from '@posthorn/services'
import { pngOf } from '@posthorn/testkit/pictures'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../browser/axe.ts'
import { paint } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { eventually } from '../posthorn/eventually.ts'
import { OLIVE } from '../posthorn/people.ts'
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
const idIn = (page: Page) => new URL(page.url()).pathname.split('/').at(-1) ?? ''
const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Body' })

/** A template of one line each. */
async function designOf(...lines: string[]): Promise<string> {
  const content = lines.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] }))
  const { id } = await invoke(asSystem(), ['templates', 'create'], {
    name: `Designed ${newId()}`,
    subject: 'Designed',
    body: '<mjml><mj-body><mj-raw>Made of blocks</mj-raw></mj-body></mjml>',
    design: { editor: 'posthorn-1', document: { type: 'doc', content } },
  })
  return id
}

async function addBlock(page: Page, name: string) {
  await page.getByRole('button', { name: 'Add block' }).click()
  await page.getByRole('menuitem', { name, exact: true }).click()
}

async function testOf(page: Page, subject: string) {
  await chooseInMenu(page, 'Send test')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Contact' }).fill('ada')
  await page.getByRole('option', { name: 'ada@example.com' }).click()
  await dialog.getByRole('button', { name: 'Send test' }).click()
  const { id } = await eventually(
    async () =>
      (await invoke(asSystem(), ['inbox', 'list'], { to: OLIVE.email })).data.find((one) => one.subject === subject),
    'the test in the inbox',
  )
  return invoke(asSystem(), ['inbox', 'get'], { id })
}

test('a mail is made of blocks, looked at, and its test has tables, the picture and the way out', async () => {
  const page = await open('templates')
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Create template' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Spring sale')
  await dialog.getByLabel('Subject').fill('For {{ plan }}')
  await dialog.getByRole('button', { name: 'Create template' }).click()
  await main.getByRole('heading', { name: 'Spring sale' }).waitFor()

  await editorOf(page).getByText('Write here what').click()
  await page.keyboard.press('End')
  await page.keyboard.type(' You have ')
  await main.getByRole('button', { name: 'Insert variable' }).click()
  await page.getByRole('combobox', { name: 'Variable' }).fill('seats')
  await page.getByLabel('In its place').fill('no')
  await page.keyboard.press('Enter')
  await main.getByRole('button', { name: 'Bold' }).click()
  await page.keyboard.type(' seats & more.')

  await addBlock(page, 'Picture')
  await main.getByRole('button', { name: 'Choose picture' }).click()
  const picker = page.getByRole('dialog', { name: 'Choose a picture' })
  await picker.getByText('There are no pictures yet.').waitFor()
  const picture = pngOf(300, 120)
  const file = { name: 'spring.png', mimeType: 'image/png', buffer: picture }
  await picker.locator('input[type=file]').setInputFiles(file)
  await picker.waitFor({ state: 'hidden' })
  await main.getByLabel('Text of the picture').fill('Flowers')
  await addBlock(page, 'Button')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('See all')
  await main.getByLabel('Address of the button').fill('https://example.com/?of={{ email }}')
  await addBlock(page, 'Footer with unsubscribe link')

  await main.getByRole('tab', { name: 'Preview' }).click()
  await main.getByRole('combobox', { name: 'Contact' }).fill('ada')
  await page.getByRole('option', { name: 'ada@example.com' }).click()
  const frame = main.frameLocator('iframe')
  await frame.getByText('You have 3 seats & more.').waitFor()
  await frame.getByText('See all').waitFor()
  await main.getByRole('button', { name: 'Save draft' }).click()
  await page.getByText('The draft is saved.').waitFor()

  const mail = await testOf(page, '[TEST] For pro')
  expect(mail.html).toContain('<!--[if mso')
  expect(mail.html).toMatch(/<table[^>]+role="presentation"/)
  expect(mail.html).toContain('<strong> seats &amp; more.</strong>')
  expect(mail.html).toContain('https://example.com/?of=ada%40example.com')
  expect(mail.html).toMatch(/<a href="http[^"]+\/unsubscribe\/[^"]+"/)
  const [, alt, src = ''] = /<img[^>]*?alt="([^"]*)"[^>]*?src="([^"]+)"/.exec(mail.html ?? '') ?? []
  expect(alt).toBe('Flowers')
  const loaded = await fetch(src)
  expect(Buffer.from(await loaded.arrayBuffer()).equals(picture)).toBe(true)
  expect(loaded.headers.get('cache-control')).toMatch(/immutable/)
  expect(loaded.headers.get('x-content-type-options')).toBe('nosniff')

  // What was made is there again after all, as blocks.
  await page.reload()
  await main.getByRole('tab', { name: 'Content' }).click()
  await editorOf(page).getByRole('img', { name: 'Flowers' }).click()
  expect(await main.getByLabel('Text of the picture').inputValue()).toBe('Flowers')
  expect(await editorOf(page).getByText('{{ seats ?? "no" }}').count()).toBe(1)
  await main.getByLabel('Text of the picture').fill('')
  await main.getByRole('tab', { name: 'Preview' }).click()
  await main.getByText('An image has no alt text').waitFor()
})

test('blocks are added, moved and removed by keyboard alone, and undone', async () => {
  const id = await designOf('One', 'Two')
  const page = await open(`templates/${id}`)
  const main = page.getByRole('main')
  // The line that waits for more at the end is none of the mail.
  const blocks = async () =>
    (await editorOf(page).locator('> *').allInnerTexts()).filter((words) => words.trim() !== '')
  await editorOf(page).press('Control+Home')
  await main.getByRole('button', { name: 'Add block' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Spacer' }).press('Enter')
  await main.getByLabel('Height in pixels').and(page.locator(':focus')).waitFor()
  expect(await blocks()).toEqual(['One', '24 pixels of space', 'Two'])
  await main.getByRole('button', { name: 'Move block down' }).press('Enter')
  await expect.poll(blocks).toEqual(['One', 'Two', '24 pixels of space'])
  await main.getByRole('button', { name: 'Remove spacer' }).press('Enter')
  await expect.poll(blocks).toEqual(['One', 'Two'])
  await editorOf(page).press('Control+z')
  await expect.poll(blocks).toEqual(['One', 'Two', '24 pixels of space'])
  await page.keyboard.press('Control+S')
  await page.getByText('The draft is saved.').waitFor()
  const saved = await stored(id)
  expect(saved.body).toContain('<mj-spacer height="24px" />')
  expect(saved.design).toMatchObject({ document: { content: [{}, {}, { type: 'spacer' }] } })

  // Looking at it changes nothing, so one can go.
  await page.reload()
  await editorOf(page).getByText('One').click()
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.waitForURL('**/contacts')
})

test('the code of a design is looked at, and given up for writing by hand; what is by hand begins a design', async () => {
  const page = await open(`templates/${await designOf('Some words')}`)
  const main = page.getByRole('main')
  const way = main.getByRole('radiogroup', { name: 'How the body is written' })
  await way.getByText('Code').click()
  await expect.poll(() => editorOf(page).innerText()).toContain('Made of blocks')
  expect(await main.getByRole('button', { name: 'Insert picture' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Change the code by hand' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Change by hand' }).click()
  await main.getByRole('button', { name: 'Insert picture' }).waitFor()
  await editorOf(page).fill('<p>By hand: {{ city ?? "Ulm" }}</p>\n')
  await page.keyboard.press('Control+End')
  const insert = main.getByRole('button', { name: 'Insert picture' })
  await insert.click()
  await page.getByRole('button', { name: 'Upload picture' }).and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Escape')
  await insert.and(page.locator(':focus')).waitFor()
  await insert.click()
  await page.getByRole('button', { name: 'Choose spring.png' }).click()
  await expect.poll(() => editorOf(page).innerText()).toMatch(/<img src="http[^"]+\.png" alt="" width="300"/)
  await main.getByRole('button', { name: 'Save draft' }).click()
  await page.getByText('The draft is saved.').waitFor()
  expect(await stored(idIn(page))).toMatchObject({ design: null, body: expect.stringContaining('By hand') })

  await way.getByText('Visual').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Begin design' }).click()
  await editorOf(page).getByText('<p>By hand').waitFor()
  await main.getByRole('button', { name: 'Save draft' }).click()
  await page.getByText('The draft is saved.').nth(0).waitFor()
  await expect.poll(async () => (await stored(idIn(page))).design).not.toBeNull()
})

test('the visual editor hinders nobody, in light or dark, on a desk or a phone', async () => {
  const page = await open(`templates/${await designOf('Some words')}`)
  await editorOf(page).press('Control+End')
  await addBlock(page, 'Two columns')
  await addBlock(page, 'Footer with unsubscribe link')
  await addBlock(page, 'Picture')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await paint(page, colorScheme)
      expect(await findBarriers(page)).toEqual([])
    }
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  }
  await page.getByRole('button', { name: 'Insert variable' }).click()
  const variable = page.getByRole('combobox', { name: 'Variable' })
  await variable.and(page.locator(':focus')).waitFor()
  expect(await findBarriers(page)).toEqual([])
  // No object, which would be printed as JSON; and capitals are no letters of their own.
  const data = { Zip: '89073', address: { city: 'Ulm' } }
  await invoke(asSystem(), ['events', 'track'], { event: 'moved', email: 'ada@example.com', data })
  await page.reload()
  await page.getByRole('button', { name: 'Insert variable' }).click()
  await variable.click()
  const options = page.getByRole('listbox').getByRole('option')
  await options.filter({ hasText: 'Zip' }).waitFor()
  expect((await options.allInnerTexts()).slice(0, 4)).toEqual(['plan', 'seats', 'Zip', 'email'])
})
