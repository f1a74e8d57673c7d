import { invoke, newId, systemActor } from '@posthorn/services'
import pg from 'pg'
import type { Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { goTo, settle } from '../browser/routes.ts'
import { openBrowser } from '../browser/visit.ts'
import { OLIVE, newProject, setUp, signIn } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

/** How many statements each list costs: one that finds who asks and what they may, and those of the list itself. */
const STATEMENTS = {
  emails: 2,
  inbox: 2,
  // With the jobs that work on them.
  contacts: 4,
  // With their days.
  events: 3,
  'events/names': 2,
  // With the names of the keys.
  'api-log': 3,
  'audit-log': 2,
  'settings/keys': 2,
  // With the invitations.
  'settings/members': 3,
}

/** Longer than anything takes that follows upon a page's loading. */
const QUIET_MS = 3_000

let posthorn: Posthorn
let projectId: string

beforeAll(async () => {
  posthorn = await startPosthorn({ hasWorker: false })
  const { project } = await newProject(posthorn, 'Acme')
  projectId = project.id
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())
afterEach(() => vi.restoreAllMocks())

interface Asked {
  /** What the page asks of the API, batched calls as one: `requests.list,keys.list`. */
  roundTrips: string[]
  /** Resolves once nothing is asked that is not answered. */
  answered(): Promise<void>
}

function watchCalls(page: Page): Asked {
  const roundTrips: string[] = []
  const open = new Set<Request>()
  const nameOf = (request: Request) => new URL(request.url()).pathname.slice('/trpc/'.length)
  page.on('request', (request) => {
    if (!request.url().includes('/trpc/') || nameOf(request) === 'live.changes') return
    roundTrips.push(nameOf(request))
    open.add(request)
  })
  page.on('requestfinished', (request) => open.delete(request)).on('requestfailed', (request) => open.delete(request))
  const answered = () => expect.poll(() => [...open].map(nameOf), { timeout: 20_000 }).toEqual([])
  return { roundTrips, answered }
}

/** What is asked of the database in this process. */
function statementsOfAll(): string[] {
  const noted: string[] = []
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown
  const note = function (this: pg.Client, ...args: unknown[]) {
    const [asked] = args
    const text = typeof asked === 'string' ? asked : String((asked as { text?: string }).text)
    // A connection that makes sure of the other end is nobody's statement.
    if (text !== 'select 1') noted.push(text)
    return query.apply(this, args)
  }
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(note)
  return noted
}

test('each list costs one round trip, and one statement of its own beside the one that finds who asks', async () => {
  const browser = await openBrowser(posthorn)
  await signIn(posthorn, browser, OLIVE)
  const page = await browser.newPage()
  const { roundTrips, answered } = watchCalls(page)
  await page.goto(`/p/${projectId}/settings`)
  await settle(page)
  await answered()
  const statements = statementsOfAll()
  for (const [list, most] of Object.entries(STATEMENTS)) {
    roundTrips.length = statements.length = 0
    await goTo(page, `/p/${projectId}/${list}`)
    await answered()
    expect({ list, roundTrips }).toEqual({ list, roundTrips: [expect.any(String)] })
    expect({ list, statements }).toEqual({ list, statements: Array.from({ length: most }, () => expect.any(String)) })
  }
})

test('a page that is loaded asks nothing more until something changes, and then for what that is', async () => {
  const browser = await openBrowser(posthorn)
  await signIn(posthorn, browser, OLIVE)
  const page = await browser.newPage()
  const { roundTrips, answered } = watchCalls(page)
  const streams: string[] = []
  page.on('response', (response) => {
    if (response.url().includes('live.changes')) streams.push(response.url())
  })
  await page.goto(`/p/${projectId}/events`)
  await settle(page)
  await answered()
  expect(streams).toHaveLength(1)
  expect(roundTrips.toSorted()).toEqual(['account.get,projects.list', 'events.days,events.list'])
  roundTrips.length = 0
  // That nothing happens has no other sign than that time goes by.
  await page.waitForTimeout(QUIET_MS)
  expect(roundTrips).toEqual([])
  const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  await invoke(ctx, ['events', 'track'], { event: 'signed-up', email: 'ada@example.com' })
  await page.getByRole('link', { name: 'signed-up' }).waitFor()
  expect(roundTrips).toEqual(['events.list,events.days'])
})

test('what changes between the first look at a project and its stream is shown all the same', async () => {
  const browser = await openBrowser(posthorn)
  await signIn(posthorn, browser, OLIVE)
  const page = await browser.newPage()
  const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  await invoke(ctx, ['events', 'track'], { event: 'looked-around', email: 'ada@example.com' })
  // The stream comes so late that the page does not wait for it.
  let isHeld = true
  await page.route('**/trpc/live.changes**', async (route) => {
    await expect.poll(() => isHeld, { timeout: 20_000 }).toBe(false)
    await route.continue()
  })
  await page.goto(`/p/${projectId}/events`)
  await page.getByRole('link', { name: 'looked-around' }).waitFor()
  await invoke(ctx, ['events', 'track'], { event: 'opened-shop', email: 'ada@example.com' })
  expect(await page.getByRole('link', { name: 'opened-shop' }).count()).toBe(0)
  isHeld = false
  await page.getByRole('link', { name: 'opened-shop' }).waitFor()
})
