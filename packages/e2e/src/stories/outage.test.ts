import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { goTo, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { OLIVE } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { wireTo, type Wire } from '../posthorn/wire.ts'

/** What Chromium says of calls that nobody answers. */
const UNREACHED = /net::ERR_(?:CONNECTION_\w+|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONNECTED)/

/** What the page says of its code that did not come. */
const NO_CODE = /Unable to preload CSS|dynamically imported module|Posthorn cannot be reached/

const HOUR_MS = 3_600_000
/** Longer than a stream is ever silent. */
const SILENCE_MS = 45_000
/** Longer than the pause before a stream is opened again. */
const PAUSE_MS = 61_000

let posthorn: Posthorn
let scene: Scene
let wire: Wire

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())
beforeEach(async () => {
  wire = await wireTo(posthorn)
})
afterEach(() => wire.close())

/** Opens a page in a tab that notes when it is loaded anew, and whose clock can be moved. */
async function open(path: string): Promise<Page> {
  const page = await visit(wire.far, '/sign-in', { as: OLIVE, expected: [UNREACHED, NO_CODE], isOwn: true })
  await page.clock.install()
  const streaming = page.waitForResponse((answer) => answer.url().includes('/trpc/live.changes'))
  await page.goto(`/p/${scene.project.id}/${path}`)
  await settle(page)
  await streaming
  await page.evaluate('globalThis.isSameTab = true')
  return page
}

const isSameTab = (page: Page) => page.evaluate<boolean>('globalThis.isSameTab === true')
const banner = (page: Page) => page.getByRole('status').getByText('Posthorn cannot be reached at the moment.')
const rowOf = (page: Page, subject: string) => page.getByRole('row', { name: subject })

test('while the server is away a banner says so, and a save that fails leaves everything as it was typed', async () => {
  const page = await open('settings')
  const name = page.getByLabel('Project name')
  const address = page.getByLabel('Postal address')
  await name.fill('Acme and Daughters')
  await wire.cut()
  await address.fill('1 Example Street')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('Posthorn cannot be reached. Check the network, then try again.').waitFor()
  await banner(page).waitFor()
  const menu = page.getByRole('button', { name: /^Account of/ })
  const isInSight = async () => {
    const box = await menu.boundingBox()
    return box !== null && box.y + box.height <= (page.viewportSize()?.height ?? 0)
  }
  await expect.poll(isInSight, { message: 'The account menu makes room for the banner' }).toBe(true)
  expect([await name.inputValue(), await address.inputValue()]).toEqual(['Acme and Daughters', '1 Example Street'])

  await wire.restore()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  await banner(page).waitFor({ state: 'hidden' })
  const saved = await posthorn.db
    .selectFrom('projects')
    .select(['name', 'postal_address'])
    .where('id', '=', scene.project.id)
    .executeTakeFirst()
  expect(saved).toEqual({ name: 'Acme and Daughters', postal_address: '1 Example Street' })
  expect(await isSameTab(page)).toBe(true)
})

test('a dialog that is open when the server goes away keeps what was typed, and does it once the server is back', async () => {
  const page = await open('contacts')
  await page.getByRole('button', { name: 'Add contact' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail address').fill('grace@example.com')
  await wire.cut()
  const submit = dialog.getByRole('button', { name: 'Add contact' })
  await submit.click()
  await dialog.getByRole('alert').getByText('Posthorn cannot be reached.').waitFor()
  expect(await dialog.getByLabel('E-mail address').inputValue()).toBe('grace@example.com')
  await wire.restore()
  await submit.click()
  await dialog.waitFor({ state: 'hidden' })
  expect(await isSameTab(page)).toBe(true)
})

test('what was sent while the server was away is listed when it is back, and what comes after it too, without a reload', async () => {
  const page = await open('emails')
  await rowOf(page, 'Welcome to Acme').waitFor()
  await wire.cut()
  await page.clock.fastForward(PAUSE_MS)
  await banner(page).waitFor()
  // What was loaded before can still be read.
  await rowOf(page, 'Welcome to Acme').waitFor()
  await send(posthorn, scene.secretKey, { subject: 'While you were away' })
  await wire.restore()
  await page.clock.fastForward(PAUSE_MS)
  await rowOf(page, 'While you were away').waitFor()
  await banner(page).waitFor({ state: 'hidden' })
  await send(posthorn, scene.secretKey, { subject: 'Now that you are back' })
  await rowOf(page, 'Now that you are back').waitFor()
  expect(await isSameTab(page)).toBe(true)
})

test('a stream that falls silent without being closed is given up, and what it did not tell is listed', async () => {
  const page = await open('emails')
  await rowOf(page, 'Welcome to Acme').waitFor()
  wire.silenceStreams()
  await send(posthorn, scene.secretKey, { subject: 'Said to nobody' })
  await page.clock.fastForward(SILENCE_MS)
  await rowOf(page, 'Said to nobody').waitFor()
  expect(await isSameTab(page)).toBe(true)
})

test('a laptop that slept through the night shows what came meanwhile', async () => {
  const page = await open('emails')
  await rowOf(page, 'Welcome to Acme').waitFor()
  await wire.cut()
  await send(posthorn, scene.secretKey, { subject: 'In the middle of the night' })
  await wire.restore()
  await page.clock.fastForward(8 * HOUR_MS)
  await rowOf(page, 'In the middle of the night').waitFor()
  expect(await isSameTab(page)).toBe(true)
})

test('a page that was not looked at before says that the server is away, and is shown when it is back', async () => {
  const page = await open('settings')
  await page.getByLabel('Project name').waitFor()
  await wire.cut()
  await goTo(page, `/p/${scene.project.id}/audit-log`)
  await page.getByText('Posthorn cannot be reached.').first().waitFor()
  expect(await isSameTab(page)).toBe(true)
  await wire.restore()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor()
})
