import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE } from '../posthorn/people.ts'
import { caught, setScene, type Scene } from '../posthorn/scene.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

const PHONE = { viewport: { width: 360, height: 740 } }

let posthorn: Posthorn
let scene: Scene

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())

const open = (path: string, more: object = {}) =>
  visit(posthorn, `/p/${scene.project.id}/${path}`, { as: OLIVE, ...more })

test('an entry of the audit log opens by a click anywhere on its row, and by its address wherever it stands', async () => {
  const page = await open('audit-log')
  const entry = page.getByRole('dialog', { name: 'Entry' })
  const row = page.getByRole('row', { name: /created the project/ })
  await row.getByRole('time').click()
  await entry.getByText('project.created').waitFor()
  const { searchParams } = new URL(page.url())
  await page.keyboard.press('Escape')
  await entry.waitFor({ state: 'hidden' })
  expect(new URL(page.url()).search).toBe('')
  await page.goto(`/p/${scene.project.id}/audit-log?action=member.&entry=${searchParams.get('entry')}`)
  await entry.getByText('project.created').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'No entry fits these filters' }).waitFor()
})

test('an entry that is not there is said not to be', async () => {
  const page = await open(`audit-log?entry=${scene.emailId}`, { expected: [REFUSED] })
  await page.getByRole('dialog', { name: 'Entry' }).getByRole('heading', { name: 'No such entry' }).waitFor()
})

test('headers are shown in plain words, and the source as it is', async () => {
  const { emailId = '' } = await send(posthorn, scene.secretKey, { subject: 'Schöne Grüße aus Köln' })
  await caught(posthorn, scene.project.id, emailId)
  const page = await open(`emails/${emailId}`)
  await page.getByRole('tab', { name: 'Headers' }).click()
  await page.getByRole('tabpanel').getByText('Schöne Grüße aus Köln', { exact: true }).waitFor()
  await page.getByRole('tab', { name: 'Source' }).click()
  await page
    .getByRole('tabpanel')
    .getByText(/Subject: =\?utf-8\?/i)
    .waitFor()
})

test('on a phone the desktop view of a mail is as wide as on a desktop, scaled to fit, and says so', async () => {
  const page = await open(`emails/${scene.emailId}`, PHONE)
  await settle(page)
  const inside = async () =>
    Number(await page.frameLocator('iframe').locator(':root').evaluate('document.documentElement.clientWidth'))
  await page.getByText(/^As on a desktop 800 pixels wide, shown at \d\d %\.$/).waitFor()
  expect(await inside()).toBe(800)
  expect((await page.locator('iframe').boundingBox())?.width).toBeLessThan(PHONE.viewport.width)
  await page.getByText('Phone', { exact: true }).click()
  await expect.poll(inside).toBe(375)
  await page.getByRole('button', { name: 'Whole window' }).click()
  const whole = page.getByRole('dialog', { name: 'Welcome to Acme' })
  await expect.poll(async () => (await whole.locator('iframe').boundingBox())?.height).toBeGreaterThan(500)
})

test('the height that is given to a mail is kept for the next, but a mail of a line or two takes less', async () => {
  const [brief, laidOut] = await Promise.all(
    ['<p>Good morning.</p>', '<table><tr><td>Good morning.</td></tr></table>'].map((body) =>
      send(posthorn, scene.secretKey, { to: 'ada@example.com', subject: 'Morning', body }),
    ),
  )
  const page = await open(`emails/${laidOut?.emailId}`)
  const height = async () => (await page.locator('[data-resizable]').boundingBox())?.height
  await expect.poll(height).toBeGreaterThan(300)
  // What pulling at the corner does.
  await page.evaluate("void (document.querySelector('[data-resizable]').style.height = '480px')")
  await expect.poll(() => page.evaluate("localStorage.getItem('posthorn-preview-height')")).toBe('480')
  await page.reload()
  await expect.poll(height).toBe(480)
  await page.goto(page.url().replace(laidOut?.emailId ?? '', brief?.emailId ?? ''))
  await expect.poll(height).toBeLessThan(200)
})
