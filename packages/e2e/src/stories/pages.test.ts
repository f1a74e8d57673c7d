import { invoke, newId, systemActor } from '@posthorn/services'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../browser/axe.ts'
import { allRoutes, goTo, holdStill, paint, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { deletedProject } from '../posthorn/deleted.ts'
import { OLIVE, join } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { KINDS, OPENERS, type Opener } from './openers.ts'
import { FOR_VISITORS, isForVisitors } from './visitors.ts'

const DESK = { width: 1280, height: 900 }
const WIDE = { width: 1920, height: 1080 }
const PHONE = { width: 360, height: 740 }

let posthorn: Posthorn
let scene: Scene
let deletedId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
  deletedId = await deletedProject(posthorn)
})
afterAll(() => posthorn?.stop())

const addressOf = (route: string) =>
  route
    .replace('$projectId', scene.project.id)
    .replace('$deletedId', deletedId)
    .replace('$emailId', scene.emailId)
    .replace('$messageId', scene.messageId)
    .replace('$contactId', scene.contactId)
    .replace('$requestId', scene.requestId)

/** What is wrong with what a page shows, by where that is: "1280 px, dark". */
type Note = (where: string, faults: readonly string[]) => void

/** How many pixels of the page are out of sight to the right. */
async function noteOverflow(page: Page, { width }: { width: number }, note: Note): Promise<void> {
  const hidden = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  if (hidden > 0) note(`${width} px`, [`${hidden} px are out of sight`])
}

const OTHER = { light: 'dark', dark: 'light' } as const
type Colours = keyof typeof OTHER

/**
 * Looks with all rules in the colours that are on, then at the contrast in the others, which stay on. Nothing else
 * depends on them.
 */
async function noteInBothColours(page: Page, note: Note, within?: string): Promise<void> {
  const scope = within === undefined ? {} : { within }
  const first = await page.evaluate<Colours>('document.documentElement.dataset.mantineColorScheme')
  note(first, await findBarriers(page, scope))
  await paint(page, OTHER[first])
  note(OTHER[first], await findBarriers(page, { ...scope, only: ['color-contrast'] }))
}

/** What has to be there for it to be all there: a form can be sent, and before that there is but the button that closes. */
const WHOLE = { dialog: 'button, input, a >> nth=1', menu: '[role=menuitem]', listbox: '[role=option]', calendar: 'td' }

async function noteOpened(page: Page, { kind, name, open, only }: Opener, note: Note): Promise<void> {
  await page.setViewportSize(only === 'phone' ? PHONE : DESK)
  await open(page, posthorn)
  const opened = page.locator(KINDS[kind]).filter({ visible: true })
  await (kind === 'calendar' ? opened : opened.and(page.getByRole(kind, { name }))).waitFor()
  await opened.locator(WHOLE[kind]).first().waitFor()
  const noteOfIt: Note = (where, faults) => note(`${kind} ${name}, ${where}`, faults)
  await noteInBothColours(page, noteOfIt, KINDS[kind])
  if (kind === 'dialog' && only !== 'desk') {
    if (only === undefined) await page.setViewportSize(PHONE)
    await noteOverflow(page, PHONE, noteOfIt)
  }
  await page.keyboard.press('Escape')
  await opened.waitFor({ state: 'hidden' })
}

/** Goes to a page in all widths and both colours, opens all that opens on it, and returns what is wrong with it. */
async function faultsOf(page: Page, route: string): Promise<string[]> {
  const found: string[] = []
  const note: Note = (where, faults) => void found.push(...faults.map((fault) => `${where}: ${fault}`))
  await page.setViewportSize(DESK)
  await goTo(page, addressOf(route))
  await noteInBothColours(page, (where, faults) => note(`${DESK.width} px, ${where}`, faults))
  await noteOverflow(page, DESK, note)
  await page.setViewportSize(WIDE)
  await noteOverflow(page, WIDE, note)
  await page.setViewportSize(PHONE)
  // Colours do not depend on the width.
  note(`${PHONE.width} px`, await findBarriers(page, { without: ['color-contrast'] }))
  await noteOverflow(page, PHONE, note)
  for (const opener of OPENERS[route] ?? []) await noteOpened(page, opener, note)
  return found
}

async function faultsOfAll(page: Page, routes: readonly string[]): Promise<Record<string, string[]>> {
  await holdStill(page)
  const faults: Record<string, string[]> = {}
  for (const route of routes) {
    const found = await faultsOf(page, route)
    if (found.length > 0) faults[route] = found
  }
  return faults
}

describe('every page, and all that opens on it, is free of barriers and of sideways scrolling, at a desk and on a phone, light and dark', () => {
  test('for visitors', async () => {
    const page = await visit(posthorn, '/sign-in', { viewport: DESK, expected: [REFUSED] })
    expect(await faultsOfAll(page, FOR_VISITORS)).toEqual({})
  })

  test('for members', async () => {
    const projectId = scene.project.id
    await join(posthorn, { projectId, role: 'viewer', name: 'Vera Viewer', email: 'vera@example.com' })
    const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
    await invoke(ctx, ['keys', 'create'], { name: 'Billing', kind: 'secret', scopes: ['emails:send'] })
    const page = await visit(posthorn, '/', { viewport: DESK, as: OLIVE, expected: [REFUSED] })
    await settle(page)
    const routes = (await allRoutes(page)).filter((route) => route !== '/' && !isForVisitors(route))
    expect(routes.length).toBeGreaterThan(15)
    expect(Object.keys(OPENERS).filter((route) => !routes.includes(route))).toEqual([])
    expect(await faultsOfAll(page, routes)).toEqual({})
  }, 180_000)
})
