import { text } from 'node:stream/consumers'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE } from '../posthorn/people.ts'
import { caught, setScene, type Scene } from '../posthorn/scene.ts'
import { send } from '../posthorn/send.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

const HOUR_MS = 3_600_000

let posthorn: Posthorn
let scene: Scene

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())

const open = (path: string) => visit(posthorn, `/p/${scene.project.id}/${path}`, { as: OLIVE, expected: [REFUSED] })

/** Says yes to what a button asks. */
async function confirm(page: Page, label: string) {
  await page.getByRole('main').getByRole('button', { name: label }).click()
  await page.getByRole('dialog').getByRole('button', { name: label }).click()
}

test('a mail that waits is cancelled, and then sent again as a new one that arrives', async () => {
  const scheduledAt = new Date(Date.now() + HOUR_MS).toISOString()
  const { emailId = '' } = await send(posthorn, scene.secretKey, { subject: 'Later', scheduledAt })
  const page = await open(`emails/${emailId}`)
  const main = page.getByRole('main')
  await main.getByText('Scheduled', { exact: true }).waitFor()

  await main.getByRole('button', { name: 'Cancel sending' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await confirm(page, 'Cancel sending')
  await main.getByText('Cancelled', { exact: true }).first().waitFor()

  await confirm(page, 'Send again')
  await page.waitForURL((url) => url.pathname.includes('/emails/') && !url.pathname.endsWith(emailId))
  const again = page.url().split('/').at(-1) ?? ''
  expect((await caught(posthorn, scene.project.id, again)).subject).toBe('Later')
  await main.getByText('Sent', { exact: true }).waitFor()
})

test('a mail that waits is tried now, and arrives', async () => {
  const scheduledAt = new Date(Date.now() + HOUR_MS).toISOString()
  const { emailId = '' } = await send(posthorn, scene.secretKey, { subject: 'Sooner', scheduledAt })
  const page = await open(`emails/${emailId}`)
  const main = page.getByRole('main')
  await main.getByText('Scheduled', { exact: true }).waitFor()
  await main.getByRole('button', { name: 'Try now' }).click()
  expect((await caught(posthorn, scene.project.id, emailId)).subject).toBe('Sooner')
  await main.getByText('Sent', { exact: true }).waitFor()
})

test('a message in the inbox lists where its links lead, and its attachments are saved as they were sent', async () => {
  const page = await open(`inbox/${scene.messageId}`)
  await page.getByRole('tab', { name: 'Links (1)' }).click()
  const link = page.getByRole('list', { name: 'Links in the message' }).getByRole('link')
  expect(await link.getAttribute('href')).toBe('https://acme.example/start')
  await page.getByRole('tab', { name: 'Attachments (1)' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save terms.txt' }).click()
  const saved = await saving
  expect([saved.suggestedFilename(), await text(await saved.createReadStream())]).toEqual(['terms.txt', 'Hi'])
})

test('a list says the exact time on hover or where the keyboard stands, and a click on the time leads where its row leads', async () => {
  const page = await open('emails?subject=Welcome')
  const row = page.getByRole('row', { name: /Welcome to Acme/ })
  const time = row.getByRole('time')
  const exact = page.getByRole('tooltip').getByText(/\d{2}:\d{2}:\d{2}/)
  await page.keyboard.press('Tab')
  await row.getByRole('link').focus()
  await exact.waitFor()
  await row.getByRole('link').blur()
  await exact.waitFor({ state: 'hidden' })
  await time.hover()
  await exact.waitFor()
  await time.click()
  await page.waitForURL(`**/emails/${scene.emailId}`)
  await page.getByText('Accepted by the built-in inbox', { exact: true }).waitFor()
})

test('the headers of a mail are those of the whole message', async () => {
  const page = await open(`emails/${scene.emailId}`)
  await page.getByRole('tab', { name: 'Headers' }).click()
  const headers = page.getByRole('tabpanel', { name: 'Headers' })
  await headers.getByText('Welcome to Acme', { exact: true }).waitFor()
  await headers.getByText('Message-ID', { exact: true }).waitFor()
})

test.for([
  ['emails', 'email'],
  ['contacts', 'contact'],
  ['inbox', 'message'],
  ['api-log', 'request'],
] as const)('what is not there is said not to be there, with a link to the list: %s', async ([list, what]) => {
  const page = await open(`${list}/${scene.project.id}`)
  await page.getByRole('heading', { name: `No such ${what}` }).waitFor()
  await page.getByRole('link', { name: new RegExp(`^All ${what}s$`) }).click()
  await page.waitForURL(`**/${list}`)
})
