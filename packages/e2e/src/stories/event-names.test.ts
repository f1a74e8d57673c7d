import { invoke, newId, systemActor } from '@posthorn/services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { newProject, OLIVE, setUp } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn
let projectId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  projectId = (await newProject(posthorn, 'Acme')).project.id
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

test('the events of a name are found, looked at, and deleted with all of their kind', async () => {
  const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  const names = ['signed-up', 'paid', 'paid', 'Paid twice']
  await invoke(ctx, ['events', 'trackBatch'], {
    // Stored once, also where this is tried again.
    events: names.map((event, place) => ({ event, email: 'ada@example.com', eventId: `${place}` })),
  })
  const page = await visit(posthorn, `/p/${projectId}/events`, { as: OLIVE })
  const days = page.getByRole('region', { name: 'Events by day' })
  await days.getByText(/^4 in the last 30 days/).waitFor()
  await days.locator('svg.recharts-surface').waitFor()
  await page.getByRole('link', { name: 'By name' }).click()
  const rows = page.getByRole('table', { name: 'Events by name' }).locator('tbody').getByRole('row')
  await expect.poll(() => rows.count()).toBe(3)
  expect(await rows.first().innerText()).toMatch(/paid\s+2/)

  await page.getByRole('textbox', { name: 'Name' }).fill('PAID')
  await expect.poll(() => rows.count()).toBe(2)
  await rows.getByRole('link', { name: 'paid', exact: true }).click()
  const listed = page.getByRole('table', { name: 'Events' }).locator('tbody').getByRole('row')
  await expect.poll(() => listed.count()).toBe(2)
  await days.getByText(/^2 in the last 30 days/).waitFor()
  await page.goBack()
  await expect.poll(() => rows.count()).toBe(2)

  await page.getByRole('button', { name: 'Delete paid', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete these events?' })
  await dialog.getByText('All 2 events of the name “paid”').waitFor()
  await dialog.getByRole('button', { name: 'Delete events' }).click()
  await page.getByRole('status', { name: 'Jobs' }).getByText('Done: 2 deleted.').waitFor()
  await expect.poll(() => rows.count()).toBe(1)
  expect(await invoke(ctx, ['events', 'names'], {})).toMatchObject({ eventNames: ['Paid twice', 'signed-up'] })
})

test('a project says which fields browsers may overwrite', async () => {
  const page = await visit(posthorn, `/p/${projectId}/settings`, { as: OLIVE })
  const field = page.getByRole('combobox', { name: 'Fields that browsers may overwrite' })
  await field.fill('lastSeen')
  await field.press('Enter')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The settings are saved.').waitFor()
  const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  expect(await invoke(ctx, ['project', 'get'], {})).toMatchObject({ browserFields: ['lastSeen'] })
})
