import { invoke, invokePeople, newId, systemActor } from '@posthorn/services'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../browser/axe.ts'
import { allRoutes, goTo, holdStill, navigate, paint, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { deletedProject } from '../posthorn/deleted.ts'
import { OLIVE, join } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { isFocusBack, noteOpeners } from './focus.ts'
import { KINDS, OPENERS, type Opener } from './openers.ts'
import { buttonsByPalette } from './page-buttons.ts'
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
    .replace('$templateId', scene.templateId)
    .replace('$importId', scene.importId)
    .replace('$requestId', scene.requestId)

/** What is wrong with what a page shows, by where that is: "1280 px, dark". */
type Note = (where: string, faults: readonly string[]) => void

/** Charts take their new width a moment after the window. */
const HIDDEN_AT_REST = `(async () => {
  const begun = performance.now()
  for (;;) {
    const hidden = document.documentElement.scrollWidth - document.documentElement.clientWidth
    if (hidden <= 0 || performance.now() - begun > 2_000) return hidden
    await new Promise((next) => setTimeout(next, 10))
  }
})()`

/** How many pixels of the page are out of sight to the right. */
async function noteOverflow(page: Page, { width }: { width: number }, note: Note): Promise<void> {
  const hidden = await page.evaluate<number>(HIDDEN_AT_REST)
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
const WHOLE = {
  dialog: ':is(button, input, a):visible >> nth=1',
  menu: '[role=menuitem]',
  listbox: '[role=option]',
  calendar: 'td',
}

/** Opens it, looks at it and closes it. Returns whether the focus is then where it was opened. */
async function noteOpened(page: Page, { kind, name, open, only }: Opener, note: Note): Promise<boolean> {
  const size = only === 'phone' ? PHONE : DESK
  await page.setViewportSize(size)
  await open(page, posthorn)
  const opened = page.locator(KINDS[kind]).filter({ visible: true })
  await (kind === 'calendar' ? opened : opened.and(page.getByRole(kind, { name }))).waitFor()
  await opened.locator(WHOLE[kind]).first().waitFor()
  if (kind === 'dialog') await opened.locator(':focus').waitFor()
  const noteOfIt: Note = (where, faults) => note(`${kind} ${name}, ${where}`, faults)
  await noteInBothColours(page, noteOfIt, KINDS[kind])
  if (kind === 'dialog' && only !== 'desk') {
    await page.setViewportSize(PHONE)
    await noteOverflow(page, PHONE, noteOfIt)
    await page.setViewportSize(size)
  }
  await page.keyboard.press('Escape')
  await opened.waitFor({ state: 'hidden' })
  return isFocusBack(page)
}

/** What was found by going to every page once. */
interface Findings {
  routes: string[]
  /** What is wrong with a page and with what opens on it, by its route. */
  faults: Record<string, string[]>
  /** How many buttons the pages have. */
  buttons: number
  /** The buttons of a page that the palette does not offer there, by its route. */
  notInPalette: Record<string, string[]>
  /** What does not give the focus back. */
  focusLost: string[]
}

interface Sights {
  page: Page
  note: Note
  findings: Findings
}

/** Goes to a page and notes what is wrong with it in all widths and both colours. */
async function lookAt(route: string, { page, note, findings }: Sights): Promise<void> {
  await page.setViewportSize(DESK)
  await goTo(page, addressOf(route))
  await noteInBothColours(page, (where, faults) => note(`${DESK.width} px, ${where}`, faults))
  await noteOverflow(page, DESK, note)
  if (hasPalette(route)) await lookForButtons(route, page, findings)
  await page.setViewportSize(WIDE)
  await noteOverflow(page, WIDE, note)
  await page.setViewportSize(PHONE)
  // Colours do not depend on the width.
  note(`${PHONE.width} px`, await findBarriers(page, { without: ['color-contrast'] }))
  await noteOverflow(page, PHONE, note)
}

const hasPalette = (route: string) => !isForVisitors(route)

async function lookForButtons(route: string, page: Page, findings: Findings): Promise<void> {
  const { count, absent } = await buttonsByPalette(page)
  findings.buttons += count
  if (absent.length > 0) findings.notInPalette[route] = absent
}

async function lookAtAll(page: Page, routes: string[]): Promise<Findings> {
  await holdStill(page)
  await noteOpeners(page)
  const findings: Findings = { routes, faults: {}, buttons: 0, notInPalette: {}, focusLost: [] }
  for (const route of routes) {
    const note: Note = (where, faults) => {
      for (const fault of faults) (findings.faults[route] ??= []).push(`${where}: ${fault}`)
    }
    await lookAt(route, { page, note, findings })
    for (const opener of OPENERS[route] ?? []) {
      const isBack = await noteOpened(page, opener, note)
      if (!isBack) findings.focusLost.push(`${route}: ${opener.kind} ${opener.name}`)
    }
  }
  return findings
}

/** Puts on the pages what they have buttons for. Returns the id of a key. */
async function fillPages(): Promise<string> {
  const projectId = scene.project.id
  await join(posthorn, { projectId, role: 'viewer', name: 'Vera Viewer', email: 'vera@example.com' })
  const ctx = { ...posthorn, actor: systemActor(projectId), requestId: newId() }
  await invokePeople(ctx, ['members', 'invite'], { email: 'ivo@example.com', role: 'member' })
  return (await invoke(ctx, ['keys', 'create'], { name: 'Billing', kind: 'secret', scopes: ['emails:send'] })).id
}

/** Pages that have other buttons than at first: when a list is filtered, and while an old key still works. */
async function lookForMoreButtons(page: Page, keyId: string, findings: Findings): Promise<void> {
  await page.setViewportSize(DESK)
  const ctx = { ...posthorn, actor: systemActor(scene.project.id), requestId: newId() }
  await invoke(ctx, ['keys', 'regenerate'], { id: keyId, overlap: '24h' })
  for (const [route, button] of [
    ['/p/$projectId/settings/keys', /^End now: sk_ph_/],
    ['/p/$projectId/emails?subject=Welcome', 'Clear filters'],
  ] as const) {
    await navigate(page, addressOf(route))
    await page.getByRole('button', { name: button }).waitFor()
    await settle(page)
    await lookForButtons(route, page, findings)
  }
}

async function lookAsMember(): Promise<Findings> {
  const keyId = await fillPages()
  const page = await visit(posthorn, '/', { viewport: DESK, as: OLIVE, expected: [REFUSED] })
  await settle(page)
  const routes = (await allRoutes(page)).filter((route) => route !== '/' && !isForVisitors(route))
  const findings = await lookAtAll(page, routes)
  await lookForMoreButtons(page, keyId, findings)
  return findings
}

let looked: Promise<Findings> | undefined
/** What the one round through all pages of members found: each page is gone to once for all that is wanted of it. */
const seenByMember = () => (looked ??= lookAsMember())

describe('every page, and all that opens on it, is free of barriers and of sideways scrolling, at a desk and on a phone, light and dark', () => {
  test('for visitors', async () => {
    const page = await visit(posthorn, '/sign-in', { viewport: DESK, expected: [REFUSED] })
    expect((await lookAtAll(page, FOR_VISITORS)).faults).toEqual({})
  })

  test('for members', async () => {
    const { routes, faults } = await seenByMember()
    expect(routes.length).toBeGreaterThan(15)
    expect(Object.keys(OPENERS).filter((route) => !routes.includes(route))).toEqual([])
    expect(faults).toEqual({})
  }, 180_000)
})

test('the command palette offers every button of every page, by the name that it has there', async () => {
  const { buttons, notInPalette } = await seenByMember()
  expect(notInPalette).toEqual({})
  expect(buttons).toBeGreaterThan(60)
}, 180_000)

test('whatever opens on a page gives the focus back to what opened it, also when it is closed for the first time', async () => {
  const { focusLost } = await seenByMember()
  expect(focusLost).toEqual([])
}, 180_000)
