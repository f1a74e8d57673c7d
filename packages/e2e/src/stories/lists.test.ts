import { newId, systemActor, invoke, type NewProject } from '@posthorn/services'
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { navigate, settle } from '../browser/routes.ts'
import { openBrowser, visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE, newProject, setUp, signIn } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

interface List {
  path: string
  /** What is asked for. */
  operation: string
  /** As it is called for who does not see it. */
  label: string
  /** What stands in its place where there is nothing, or is always there. */
  shown: string
}

const LISTS: readonly List[] = [
  { path: 'emails', operation: 'emails.list', label: 'Emails', shown: 'No mail yet' },
  { path: 'inbox', operation: 'inbox.list', label: 'Messages', shown: 'Nothing caught yet' },
  { path: 'contacts', operation: 'contacts.list', label: 'Contacts', shown: 'No contacts yet' },
  { path: 'templates', operation: 'templates.list', label: 'Templates', shown: 'No templates yet' },
  { path: 'events', operation: 'events.list', label: 'Events', shown: 'No events yet' },
  { path: 'events/names', operation: 'events.stats', label: 'Events by name', shown: 'No events yet' },
  { path: 'api-log', operation: 'requests.list', label: 'Requests', shown: 'No requests yet' },
  { path: 'audit-log?action=key.', operation: 'audit.list', label: 'Entries', shown: 'No entry fits these filters' },
  { path: 'settings/keys', operation: 'keys.list', label: 'API keys', shown: 'Secret key' },
  { path: 'settings/members', operation: 'members.list', label: 'Members', shown: 'Olive Owner' },
]

/** More than two pages. */
const MANY = 45

/** What the server writes down is its own business here; that the list says so is looked at. */
const FAILED = /^(?:500: GET |error: Failed to load resource: the server responded with a status of 500 )/

let posthorn: Posthorn
let bare: NewProject

beforeAll(async () => {
  posthorn = await startPosthorn()
  bare = await newProject(posthorn, 'Bare')
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

const contextOf = (projectId: string) => ({ ...posthorn, actor: systemActor(projectId), requestId: newId() })

const isOf = (operation: string) => (url: URL) =>
  url.pathname.startsWith('/trpc/') && url.pathname.slice('/trpc/'.length).split(',').includes(operation)

/** Answers as Posthorn does when something of its own is broken. */
function fail(route: Route) {
  const calls = new URL(route.request().url()).pathname.split(',').length
  const data = { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, apiCode: 'INTERNAL_ERROR', requestId: 'req-of-this' }
  const refusal = { error: { message: 'Something broke on our side.', code: -32_603, data } }
  return route.fulfill({ status: 500, json: Array.from({ length: calls }, () => refusal) })
}

test('each list says that it loads, that it failed with a way to try again, and what to do where it is empty', async () => {
  const browser = await openBrowser(posthorn, { expected: [FAILED] })
  await signIn(posthorn, browser, OLIVE)
  const page = await browser.newPage()
  const alert = page.getByRole('main').getByRole('alert')
  await page.goto(`/p/${bare.project.id}/settings`)
  await settle(page)
  for (const { path, operation, label, shown } of LISTS) {
    const released = Promise.withResolvers<void>()
    await page.route(isOf(operation), async (route) => {
      await released.promise
      await fail(route)
    })
    await navigate(page, `/p/${bare.project.id}/${path}`)
    await page.getByRole('status').getByText(`${label} are loading`).waitFor({ state: 'attached' })
    released.resolve()
    await alert.getByText(`${label} could not be loaded`).waitFor()
    await alert.getByText('Something broke on our side.').waitFor()
    await alert.getByText('req-of-this').waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await alert.getByRole('button', { name: 'Try again' }).click()
    await page
      .getByRole('main')
      .getByRole('heading', { name: shown })
      .or(page.getByRole('row', { name: shown }))
      .waitFor()
    await alert.waitFor({ state: 'hidden' })
  }
})

describe('a project with many of everything', () => {
  let made: NewProject
  let projectId: string

  beforeAll(async () => {
    made = await newProject(posthorn, 'Busy')
    projectId = made.project.id
    const { user_id } = await posthorn.db.selectFrom('members').select('user_id').executeTakeFirstOrThrow()
    await posthorn.db.insertInto('members').values({ project_id: projectId, user_id, role: 'owner' }).execute()
    const to = Array.from({ length: MANY }, (_, index) => `reader-${index + 1}@example.com`)
    await invoke(contextOf(projectId), ['emails', 'send'], { to, subject: 'The news', text: 'There is news.' })
  })

  const open = (path: string) => visit(posthorn, `/p/${projectId}/${path}`, { as: OLIVE, expected: [REFUSED] })
  const rowsOf = (page: Page, label: string) => page.getByRole('table', { name: label }).locator('tbody tr')
  const shows = (page: Page, label: string, count: number) =>
    page.getByRole('status').getByText(`${label}: ${count} shown`, { exact: true }).waitFor({ state: 'attached' })

  test('a list is loaded page by page to its end, and is as long as it was after looking at one of it', async () => {
    const page = await open('emails')
    const more = page.getByRole('button', { name: 'Load more' })
    await shows(page, 'Emails', 20)
    await more.click()
    await shows(page, 'Emails', 40)
    await more.click()
    await shows(page, 'Emails', MANY)
    await more.waitFor({ state: 'hidden' })
    const addresses = await rowsOf(page, 'Emails').getByRole('link').allTextContents()
    expect(new Set(addresses).size).toBe(MANY)

    const last = rowsOf(page, 'Emails').last()
    const address = (await last.getByRole('link').textContent()) ?? ''
    await last.click()
    await page.getByRole('heading', { name: 'The news', level: 1 }).waitFor()
    await page.goBack()
    await shows(page, 'Emails', MANY)
    await rowsOf(page, 'Emails').filter({ hasText: address }).waitFor()
    expect(await rowsOf(page, 'Emails').filter({ hasText: address }).isVisible()).toBe(true)
  })

  test('a page of a list that fails is said below what is there, and comes on the next try', async () => {
    const browser = await openBrowser(posthorn, { expected: [FAILED] })
    await signIn(posthorn, browser, OLIVE)
    const page = await browser.newPage()
    await page.goto(`/p/${projectId}/contacts`)
    await shows(page, 'Contacts', 20)
    await page.route(isOf('contacts.list'), (route) =>
      route.request().url().includes('cursor') ? fail(route) : route.continue(),
    )
    await page.getByRole('button', { name: 'Load more' }).click()
    await page.getByRole('alert').getByText('The next page could not be loaded').waitFor()
    expect(await rowsOf(page, 'Contacts').count()).toBe(20)
    await page.unrouteAll({ behavior: 'wait' })
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    await shows(page, 'Contacts', 40)
  })

  test('the audit log is filtered by who and by what, and exports as CSV what the filters leave', async () => {
    const { id } = await invoke(contextOf(projectId), ['keys', 'create'], {
      name: 'For the autumn, mostly',
      kind: 'secret',
      scopes: ['emails:send'],
    })
    await invoke(contextOf(projectId), ['keys', 'revoke'], { id })
    const page = await open('audit-log')
    const rows = rowsOf(page, 'Entries')
    await rows.filter({ hasText: 'revoked the key' }).waitFor()
    await page.getByRole('combobox', { name: 'What' }).click()
    await page.getByRole('option', { name: 'Key created' }).click()
    await rows.filter({ hasText: 'revoked the key' }).waitFor({ state: 'hidden' })
    await page.getByRole('combobox', { name: 'Who' }).click()
    await page.getByRole('option', { name: 'The operator' }).click()
    await page.waitForURL((url) => url.search === '?action=key.created&actor=system')
    await rows.filter({ hasText: 'For the autumn, mostly' }).waitFor()
    const shown = await rows.count()

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export CSV' }).click()
    const stream = await (await saving).createReadStream()
    const csv = Buffer.concat(await stream.toArray()).toString('utf8')
    const [head = '', ...lines] = csv.trimEnd().split('\r\n')
    expect(head).toBe('id,at,actor_kind,actor_id,actor_name,action,target,detail,ip')
    expect(lines).toHaveLength(shown)
    for (const line of lines) expect(line).toContain('key.created')
    expect(csv).toContain('For the autumn, mostly')

    await page.getByRole('combobox', { name: 'Who' }).click()
    await page.getByRole('option', { name: 'All keys' }).click()
    await page.getByRole('heading', { name: 'No entry fits these filters' }).waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).last().click()
    await rows.filter({ hasText: 'exported the audit log' }).waitFor()
  })

  test('the API log is filtered by status, key and operation, and a request is found by its id', async () => {
    const ask = (path: string, key: string) =>
      fetch(`${posthorn.url}/v1/${path}`, { headers: { Authorization: `Bearer ${key}` } })
    const refused = await ask('emails?limit=0', made.secretKey)
    await ask('contacts', made.secretKey)
    await ask('emails', made.publicKey)
    const requestId = refused.headers.get('x-request-id') ?? ''
    expect(refused.status).toBe(422)

    const page = await open('api-log')
    const rows = rowsOf(page, 'Requests')
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(3)
    const choose = async (filter: string, option: string | RegExp) => {
      await page.getByRole('combobox', { name: filter }).click()
      await page.getByRole('option', { name: option }).first().click()
    }
    await choose('Status', '4xx: refused')
    await shows(page, 'Requests', 2)
    await choose('Key', /^Secret key/)
    await shows(page, 'Requests', 1)
    await rows.filter({ hasText: 'VALIDATION_ERROR' }).waitFor()
    await choose('Status', 'Any status')
    await shows(page, 'Requests', 2)
    await choose('Operation', 'contacts.list')
    await shows(page, 'Requests', 1)
    await rows.filter({ hasText: 'contacts.list' }).waitFor()
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await shows(page, 'Requests', 3)

    await page.getByRole('textbox', { name: 'Request id' }).fill(requestId)
    await shows(page, 'Requests', 1)
    await rows.getByRole('link').click()
    await page.waitForURL(`**/api-log/${requestId}`)
    const main = page.getByRole('main')
    await main.getByRole('heading', { name: 'GET emails.list', level: 1 }).waitFor()
    await main.getByText('VALIDATION_ERROR').first().waitFor()
    await main.getByText(requestId).first().waitFor()
  })

  test('the palette finds a contact, and a mail to it, by a part of the address', async () => {
    const page = await open('events')
    const main = page.getByRole('main')
    const find = async () => {
      await page.keyboard.press('Control+K')
      await page.getByRole('textbox', { name: 'Search pages and actions' }).fill('READER-45')
      return page.getByRole('dialog')
    }
    const found = await find()
    await found.getByText('to reader-45@example.com').waitFor()
    await found.getByText('reader-45@example.com', { exact: true }).click()
    await main.getByRole('heading', { name: 'reader-45@example.com', level: 1 }).waitFor()
    await (await find()).getByText('to reader-45@example.com').click()
    await main.getByRole('heading', { name: 'The news', level: 1 }).waitFor()
    await main.getByText('to reader-45@example.com').waitFor()
  })

  test('the inbox is searched by a part of the recipient or the subject, and events by the time', async () => {
    const page = await open('inbox')
    const main = page.getByRole('main')
    await main.getByRole('textbox', { name: 'Search', exact: true }).fill('news')
    await page.waitForURL('**/inbox?search=news')
    await main.getByRole('textbox', { name: 'Search', exact: true }).fill('READER-45@')
    await shows(page, 'Messages', 1)
    await page.goto(`/p/${projectId}/inbox?until=2020-01-01T00:00:00Z`)
    await main.getByText('No message fits these filters').waitFor()
    await page.goto(`/p/${projectId}/events?until=2020-01-01T00:00:00Z`)
    await main.getByText('No event fits these filters').waitFor()
    await main.getByRole('button', { name: 'Period' }).waitFor()
  })

  test('an inbox that is emptied shows nothing, says how much it was, and leaves the emails', async () => {
    const inbox = async () => (await invoke(contextOf(projectId), ['inbox', 'list'], { limit: 100 })).data.length
    await expect.poll(inbox, { timeout: 20_000 }).toBe(MANY)
    const page = await open('inbox')
    await shows(page, 'Messages', 20)
    await page.getByRole('button', { name: 'Empty inbox' }).click()
    const dialog = page.getByRole('dialog', { name: 'Empty the inbox?' })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await inbox()).toBe(MANY)
    await page.getByRole('button', { name: 'Empty inbox' }).click()
    await dialog.getByRole('button', { name: 'Delete all messages' }).click()
    await page.getByText(`${MANY} messages were deleted.`).waitFor()
    await page.getByRole('heading', { name: 'Nothing caught yet' }).waitFor()
    expect(await inbox()).toBe(0)
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Emails' }).click()
    await shows(page, 'Emails', 20)
  })
})
