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
  await invoke(ctx, ['contacts', 'upsert'], { email: 'out@import.example', subscribed: false })
})
afterAll(() => posthorn?.stop())

// What the browser itself says of a file that is refused.
const UNREADABLE = /status of 422 .*\/v1\/imports/

const open = () =>
  visit(posthorn, `/p/${scene.project.id}/contacts/imports`, { as: OLIVE, expected: [REFUSED, UNREADABLE] })

const choose = (page: Page, name: string, text: string) =>
  page.getByLabel('File of contacts').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

const FILE = `Kontakt;Name;PLZ;Sitze;Newsletter
ada@import.example;"Lovelace; Ada";01234;4;ja
out@import.example;Out;12345;;yes
not an address;Nobody;1;;
=1+1;Formula;2;;
`

test('a file is uploaded, its columns are mapped, it is tried, imported, and the report is downloaded', async () => {
  const page = await open()
  await choose(page, 'leads.csv', FILE)
  const main = page.getByRole('main')
  await main.getByRole('heading', { name: 'leads.csv' }).waitFor()
  await main.getByText('4 rows in UTF-8').waitFor()

  // What each column seems to be, with what stands in the first rows.
  expect(await main.getByLabel('Kontakt becomes').inputValue()).toBe('email')
  expect(await main.getByLabel('Type of PLZ').inputValue()).toBe('string')
  expect(await main.getByLabel('Type of Sitze').inputValue()).toBe('number')
  await main.getByText('01234 · 12345 · 1 · 2').waitFor()
  await main.getByLabel('Field for PLZ').fill('zip')
  await main.getByLabel('Newsletter becomes').selectOption('Nothing')

  await main.getByRole('button', { name: 'Try without changes' }).click()
  await main.getByRole('heading', { name: 'What would come of it' }).waitFor()
  await expect(invoke(ctx, ['contacts', 'get'], { id: 'ada@import.example' })).rejects.toMatchObject({
    code: 'CONTACT_NOT_FOUND',
  })

  await main.getByRole('button', { name: 'Start import' }).click()
  await main.getByRole('heading', { name: 'What came of it' }).waitFor()
  await main.getByText('2 rows are in the report.').waitFor()
  await main
    .getByRole('row', { name: /not an address/ })
    .getByText(/Kontakt: Not an e-mail address/)
    .waitFor()

  const saving = page.waitForEvent('download')
  await main.getByRole('button', { name: 'Download report' }).click()
  const download = await saving
  const text = Buffer.concat(await (await download.createReadStream()).toArray()).toString('utf8')
  expect(download.suggestedFilename()).toMatch(/^import-report-.*\.csv$/)
  expect(text.split('\r\n').map((line) => line.split(',').slice(0, 4).join(','))).toEqual([
    '\ufeffrow,outcome,column,email',
    '4,refused,Kontakt,not an address',
    "5,refused,Kontakt,'=1+1",
    '',
  ])

  expect(await invoke(ctx, ['contacts', 'get'], { id: 'ada@import.example' })).toMatchObject({
    subscribed: true,
    data: { Name: 'Lovelace; Ada', zip: '01234', Sitze: 4 },
  })
  expect(await invoke(ctx, ['contacts', 'get'], { id: 'out@import.example' })).toMatchObject({ subscribed: false })

  await page.getByRole('link', { name: 'Imports' }).first().click()
  await page
    .getByRole('row', { name: /leads\.csv/ })
    .getByText('Done')
    .waitFor()
})

test('a file that is no CSV is refused in words, on a phone as well', async () => {
  const page = await open()
  await page.setViewportSize({ width: 360, height: 740 })
  await choose(page, 'book.xlsx', 'PK\u0003\u0004...')
  await page
    .getByRole('alert')
    .getByText(/ZIP archive or a workbook of Excel/)
    .waitFor()
})

test('an import that is under way shows how far it is, and is cancelled', async () => {
  const rows = Array.from({ length: 60_000 }, (_, at) => `many${at}@import.example,${at}`).join('\n')
  const page = await open()
  await choose(page, 'many.csv', `email,n\n${rows}\n`)
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Start import' }).click()
  await main.getByText(/of 60,000 rows/).waitFor()
  await main.getByRole('button', { name: 'Cancel import' }).click()
  await main.getByText('Cancelled', { exact: true }).waitFor()
  const { data } = await invoke(ctx, ['imports', 'list'], {})
  expect(data[0]).toMatchObject({ filename: 'many.csv', status: 'cancelled' })
})
