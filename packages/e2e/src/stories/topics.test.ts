import { invoke, newId, recipientLinks, systemActor } from '@posthorn/services'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../browser/axe.ts'
import { openBrowser, visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { eventually } from '../posthorn/eventually.ts'
import { OLIVE } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn
let scene: Scene

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())

const context = () => ({ ...posthorn, actor: systemActor(scene.project.id), requestId: newId() })
const open = (path: string) => visit(posthorn, `/p/${scene.project.id}/${path}`, { as: OLIVE, expected: [REFUSED] })
const here = (link: string) => `${posthorn.url}${new URL(link).pathname}`

async function asReader(link: string): Promise<Page> {
  const browser = await openBrowser(posthorn, { viewport: { width: 320, height: 640 }, isOwn: true })
  const page = await browser.newPage()
  await page.goto(here(link))
  expect(await findBarriers(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
  return page
}

test('a topic is created, its reader leaves it on their page, and comes back by what is written down alone', async () => {
  const page = await open('contacts/topics')
  await page.getByRole('button', { name: 'New topic' }).click()
  const form = page.getByRole('dialog', { name: 'New topic' })
  await form.getByLabel('Name').fill('Product news')
  await form.getByLabel('Id').fill('Product news')
  await form.getByRole('button', { name: 'Create topic' }).click()
  await form.getByText('Small letters, digits').waitFor()
  await form.getByLabel('Id').fill('product-news')
  await form.getByLabel('All subscribed contacts who have not left it').check()
  await form.getByRole('button', { name: 'Create topic' }).click()
  await page.getByRole('row', { name: /Product news.*Who has not left it/ }).waitFor()

  const { manageUrl } = recipientLinks(posthorn.runtime, { projectId: scene.project.id, contactId: scene.contactId })
  const reader = await asReader(manageUrl)
  expect(await reader.getByLabel('Weekly digest').isChecked()).toBe(true)
  await reader.getByLabel('Product news').uncheck()
  await reader.getByRole('button', { name: 'Save' }).click()
  await reader.getByText('Saved.').waitFor()
  expect(await reader.getByLabel('Product news').isChecked()).toBe(false)
  expect(await findBarriers(reader)).toEqual([])

  await page.goto(`${posthorn.url}/p/${scene.project.id}/contacts/${scene.contactId}`)
  const topics = page.getByRole('table', { name: 'Topics' })
  await topics.getByRole('row', { name: /Product news.*Opted out/ }).waitFor()
  await page.getByRole('row', { name: /Left product-news.*by the page in their mail/ }).waitFor()
  await topics.getByRole('button', { name: 'Choose Product news' }).click()
  const proof = page.getByRole('dialog', { name: 'Choose “Product news” for this contact?' })
  await proof.getByLabel('Where they agreed').fill('on the phone')
  await proof.getByRole('button', { name: 'Subscribe' }).click()
  await topics.getByRole('row', { name: /Product news.*Subscribed/ }).waitFor()
  await page.getByRole('row', { name: /Chose product-news.*in the dashboard.*Olive Owner.*on the phone/ }).waitFor()
})

test('with double opt-in, who is reported by a browser is subscribed once they press the button in their mail', async () => {
  const page = await open('settings')
  await page.getByLabel('Ask people by mail to confirm (double opt-in)').check()
  await page.getByLabel('Postal address').fill('1 Example Street\nLondon')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()

  const answer = await fetch(`${posthorn.url}/v1/track`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${scene.publicKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ event: 'joined', email: 'grace@example.com', subscribed: true, data: { locale: 'fr' } }),
  })
  expect(answer.status).toBe(200)
  await page.goto(`${posthorn.url}/p/${scene.project.id}/contacts?search=grace`)
  await page
    .getByRole('row', { name: /grace@example.com/ })
    .getByText('Not subscribed')
    .waitFor()

  const mail = await eventually(async () => {
    const [message] = (await invoke(context(), ['inbox', 'list'], { to: 'grace@example.com' })).data
    return message && invoke(context(), ['inbox', 'get'], { id: message.id })
  }, 'the mail that asks')
  expect(mail.subject).toBe('Confirmez votre abonnement à Acme')
  const reader = await asReader(mail.links.find((link) => link.includes('/confirm/')) ?? '')
  await reader.getByRole('heading', { name: 'Recevoir les newsletters de Acme' }).waitFor()
  await reader.getByRole('button', { name: 'Oui, confirmer' }).click()
  await reader.getByRole('heading', { name: 'Merci.' }).waitFor()
  await page
    .getByRole('row', { name: /grace@example.com/ })
    .getByText('Subscribed', { exact: true })
    .waitFor()
})
