import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
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

const open = (path: string) => visit(posthorn, `/p/${scene.project.id}/${path}`, { as: OLIVE, expected: [REFUSED] })

test('all contacts that fit a filter are unsubscribed, under the eyes of who asked for it', async () => {
  const { db } = posthorn
  await sql`
    insert into contacts (project_id, id, email, subscribed)
    select ${scene.project.id}, uuidv7(), 'person-' || n || '@old.example', true from generate_series(1, 30) n
  `.execute(db)
  const page = await open('contacts?search=old.example')
  const main = page.getByRole('main')
  await page.evaluate('window.wasNotReloaded = true')

  await main.getByLabel('Select all shown').check()
  await main.getByText('Selected: 20 contacts').waitFor()
  await main.getByRole('button', { name: 'Select all that fit' }).click()
  await main.getByLabel('Select person-30@old.example').uncheck()
  await main.getByText('Selected: all contacts that fit the filters, save 1').waitFor()

  // One of them is held, so that there is something to see in between.
  const holder = await db.startTransaction().execute()
  await sql`select from contacts where email = 'person-1@old.example' for update`.execute(holder)
  await main.getByRole('button', { name: 'Unsubscribe' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Unsubscribe' }).click()
  const jobs = page.getByRole('status', { name: 'Jobs' })
  await jobs.getByText('0 of 29').waitFor()
  // The buttons are gone with the selection.
  await jobs.locator(':focus').filter({ hasText: 'Unsubscribing contacts' }).waitFor()
  expect(await jobs.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('0')
  await holder.commit().execute()

  await jobs.getByText('Done: 29 changed.').waitFor()
  expect(await jobs.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100')
  const row = (n: number) => main.getByRole('row', { name: new RegExp(`person-${n}@old`) })
  await row(29).getByText('Opted out').waitFor()
  await row(30).getByText('Subscribed', { exact: true }).waitFor()
  expect(await page.evaluate('window.wasNotReloaded')).toBe(true)
})

test('a click with Shift picks or leaves all contacts from the last one to it', async () => {
  await sql`
    insert into contacts (project_id, id, email, subscribed)
    select ${scene.project.id}, uuidv7(), 'row-' || n || '@range.example', true from generate_series(1, 5) n
  `.execute(posthorn.db)
  const main = (await open('contacts?search=range.example')).getByRole('main')
  const select = (n: number) => main.getByLabel(`Select row-${n}@range.example`)
  await select(4).click()
  await select(2).click({ modifiers: ['Shift'] })
  await main.getByText('Selected: 3 contacts').waitFor()
  expect(await select(5).isChecked()).toBe(false)
  await select(3).click()
  await select(1).click({ modifiers: ['Shift'] })
  await main.getByText('Selected: 1 contact', { exact: true }).waitFor()
  expect(await select(4).isChecked()).toBe(true)
})

test('a contact gets another address and other data, and is deleted', async () => {
  const page = await open(`contacts/${scene.contactId}`)
  const main = page.getByRole('main')
  await main.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail address').fill('person-1@old.example')
  await dialog.getByLabel('Data').fill('{"plan": "free"')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Expected a JSON object').waitFor()
  await dialog.getByLabel('Data').fill('{"plan": "free"}')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/Another contact of the project has the address/).waitFor()
  await dialog.getByLabel('E-mail address').fill('ada@new.example')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await main.getByRole('heading', { name: 'ada@new.example' }).waitFor()
  await main.getByText('"plan": "free"').waitFor()
  expect(await main.getByText('"seats": 3').count()).toBe(0)

  await main.getByRole('button', { name: 'Delete' }).click()
  await dialog.getByRole('button', { name: 'Delete contact' }).click()
  await page.waitForURL('**/contacts')
  await main.getByText('person-29@old.example').waitFor()
  expect(await main.getByText('ada@new.example').count()).toBe(0)
})

test('a field leads to those who have a value in it, and can be deleted from all', async () => {
  await sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${scene.project.id}, uuidv7(), 'fan-' || n || '@fields.example',
      jsonb_build_object('club', case when n <= 3 then 'chess' else 'go' end, 'since', '2026-01-31'), true
    from generate_series(1, 12) n
  `.execute(posthorn.db)
  const page = await open('contacts/fields')
  const main = page.getByRole('main')
  const club = main.getByRole('row', { name: /^club/ })
  await club.getByRole('cell', { name: 'Text' }).waitFor()
  await club.getByRole('cell', { name: '12', exact: true }).waitFor()
  await main
    .getByRole('row', { name: /^since/ })
    .getByRole('cell', { name: 'Date' })
    .waitFor()
  await club.getByRole('button', { name: 'Values of club' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('No template names it.').waitFor()
  await dialog.getByRole('link', { name: 'chess' }).click()

  await main.getByText('3 contacts fit', { exact: true }).waitFor()
  expect(await main.getByRole('link', { name: /@fields\.example$/ }).count()).toBe(3)
  await main.getByRole('textbox', { name: 'Value' }).fill('go')
  await main.getByText('9 contacts fit', { exact: true }).waitFor()
  await main.getByLabel('Select all shown').check()
  await main.getByText('Selected: 9 contacts').waitFor()

  await page.getByRole('navigation', { name: 'Contacts' }).getByRole('link', { name: 'Fields' }).click()
  await club.getByRole('button', { name: 'Delete club' }).click()
  await dialog.getByText('is deleted from all 12 contacts that have it').waitFor()
  await dialog.getByRole('button', { name: 'Delete field' }).click()
  await page.getByRole('status', { name: 'Jobs' }).getByText('Done: taken from 12 contacts.').waitFor()
  await club.waitFor({ state: 'detached' })
})
