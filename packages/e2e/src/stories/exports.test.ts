import { invoke, newId, systemActor, type Context } from '@posthorn/services'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn
let scene: Scene
let ctx: Context

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
  ctx = { ...posthorn, actor: systemActor(scene.project.id), requestId: newId() }
  await invoke(ctx, ['contacts', 'upsert'], { email: 'ada@export.example', data: { plan: '=1+1', tags: ['a', 'b'] } })
  await invoke(ctx, ['contacts', 'upsert'], { email: 'bob@export.example', subscribed: false, data: { name: 'Zoë' } })
})
afterAll(() => posthorn?.stop())

const open = (path: string) => visit(posthorn, `/p/${scene.project.id}/${path}`, { as: OLIVE, expected: [REFUSED] })

/** What the browser saves when something is done. */
async function saved(page: Page, act: () => Promise<unknown>) {
  const saving = page.waitForEvent('download')
  await act()
  const download = await saving
  const bytes = Buffer.concat(await (await download.createReadStream()).toArray())
  return { name: download.suggestedFilename(), text: bytes.toString('utf8') }
}

const choose = (page: Page, menu: string | RegExp, item: string | RegExp) => async () => {
  await page.getByRole('button', { name: menu }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('what a list of contacts shows is saved as CSV that Excel reads and no spreadsheet runs', async () => {
  const page = await open('contacts?search=export.example')
  await page.getByRole('main').getByText('bob@export.example').waitFor()
  const { name, text } = await saved(page, choose(page, 'Export contacts', 'Export contacts as CSV'))
  expect(name).toMatch(/^contacts-\d{4}-\d\d-\d\d\.csv$/)
  const [head = '', bob = '', ada = '', ...rest] = text.split('\r\n')
  expect(head).toBe('\ufeffid,email,subscribed,optedOutAt,name,plan,seats,tags,data,createdAt,updatedAt,topics')
  expect(bob).toMatch(/,bob@export\.example,false,.*Zoë/)
  expect(ada).toMatch(/,ada@export\.example,true,,,'=1\+1,,"\[""a"",""b""\]",,/)
  expect(rest).toEqual([''])
})

test('mails and events are saved for programs, with the filters of the page', async () => {
  await invoke(ctx, ['events', 'track'], { event: 'exported', email: 'ada@export.example' })
  await invoke(ctx, ['events', 'track'], { event: 'other', email: 'ada@export.example' })
  const events = await open('events?name=exported')
  await events.getByRole('main').getByText('ada@export.example').waitFor()
  const { name, text } = await saved(events, choose(events, 'Export events', 'Export events as JSON lines'))
  expect(name).toMatch(/^events-.*\.jsonl$/)
  expect(text.split('\n').map((line) => (line === '' ? line : JSON.parse(line).name))).toEqual(['exported', ''])

  await invoke(ctx, ['emails', 'send'], { to: 'ada@export.example', subject: 'For the export', body: '<p>Hi</p>' })
  const emails = await open('emails?subject=For+the+export')
  await emails.getByRole('main').getByText('For the export').waitFor()
  const mails = await saved(emails, choose(emails, 'Export emails', 'Export emails as JSON lines'))
  expect(mails.text.split('\n').map((line) => (line === '' ? line : JSON.parse(line).subject))).toEqual([
    'For the export',
    '',
  ])
})

test('a person gets a copy of all that is known of them, and is erased once the address was typed', async () => {
  const { id } = await invoke(ctx, ['contacts', 'get'], { id: 'ada@export.example' })
  const page = await open(`contacts/${id}`)
  const menu = 'What to do with ada@export.example'
  const { name, text } = await saved(page, choose(page, menu, 'Export'))
  expect(name).toMatch(/^person-.*\.json$/)
  const kinds = (JSON.parse(text) as object[]).flatMap((record) => Object.keys(record))
  expect(new Set(kinds)).toEqual(new Set(['contact', 'event', 'email']))

  await choose(page, menu, 'Erase')()
  const dialog = page.getByRole('dialog', { name: 'Erase this person?' })
  const erase = dialog.getByRole('button', { name: 'Erase person' })
  expect(await erase.isDisabled()).toBe(true)
  await dialog.getByLabel('Type ada@export.example to confirm').fill('ada@export.example')
  await erase.click()
  const jobs = page.getByRole('status', { name: 'Jobs' })
  await jobs.getByText(/^Done: \d+ mails? and \d+ events? are gone\.$/).waitFor()
  await expect(invoke(ctx, ['contacts', 'get'], { id: 'ada@export.example' })).rejects.toMatchObject({
    code: 'CONTACT_NOT_FOUND',
  })
  await invoke(ctx, ['contacts', 'upsert'], { email: 'ada@export.example', subscribed: true })
  expect(await invoke(ctx, ['contacts', 'get'], { id: 'ada@export.example' })).toMatchObject({ subscribed: false })
})
