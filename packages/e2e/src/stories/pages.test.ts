import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBarriers } from '../browser/axe.ts'
import { allRoutes, goTo, paint, settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE } from '../posthorn/people.ts'
import { setScene, type Scene } from '../posthorn/scene.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { FOR_VISITORS, isForVisitors } from './visitors.ts'

const DESK = { width: 1280, height: 900 }
const WIDE = { width: 1920, height: 1080 }
const PHONE = { width: 360, height: 740 }

let posthorn: Posthorn
let scene: Scene

beforeAll(async () => {
  posthorn = await startPosthorn()
  scene = await setScene(posthorn)
})
afterAll(() => posthorn?.stop())

const addressOf = (route: string) =>
  route
    .replace('$projectId', scene.project.id)
    .replace('$emailId', scene.emailId)
    .replace('$messageId', scene.messageId)
    .replace('$contactId', scene.contactId)
    .replace('$requestId', scene.requestId)

/** How many pixels of the page are out of sight to the right. */
const overflow = (page: Page) =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** Goes to a page in both widths and both colours, and returns what is wrong with it. */
async function faultsOf(page: Page, address: string): Promise<string[]> {
  const faults: string[] = []
  const lookForOverflow = async ({ width }: { width: number }) => {
    const hidden = await overflow(page)
    if (hidden > 0) faults.push(`${width} px: ${hidden} px are out of sight`)
  }
  await goTo(page, address)
  for (const viewport of [DESK, PHONE]) {
    await page.setViewportSize(viewport)
    // Only what can be seen depends on the colours, and the colours do not depend on the width.
    for (const colorScheme of viewport === DESK ? (['light', 'dark'] as const) : (['light'] as const)) {
      await paint(page, colorScheme)
      const where = `${viewport.width} px, ${colorScheme}`
      const barriers = await findBarriers(page, colorScheme === 'dark' ? ['color-contrast'] : undefined)
      faults.push(...barriers.map((barrier) => `${where}: ${barrier}`))
    }
    await lookForOverflow(viewport)
  }
  await page.setViewportSize(WIDE)
  await lookForOverflow(WIDE)
  return faults
}

describe('every page is free of barriers and of sideways scrolling, at a desk and on a phone, light and dark', () => {
  test('for visitors', async () => {
    const page = await visit(posthorn, '/sign-in', { viewport: DESK, expected: [REFUSED] })
    const faults: Record<string, string[]> = {}
    for (const route of FOR_VISITORS) faults[route] = await faultsOf(page, route)
    expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([])
  })

  test('for members', async () => {
    const page = await visit(posthorn, '/', { viewport: DESK, as: OLIVE })
    await settle(page)
    const routes = (await allRoutes(page)).filter((route) => route !== '/' && !isForVisitors(route))
    expect(routes.length).toBeGreaterThan(15)
    const faults: Record<string, string[]> = {}
    for (const route of routes) {
      faults[route] = await faultsOf(page, addressOf(route))
      await page.setViewportSize(DESK)
    }
    expect(Object.entries(faults).filter(([, found]) => found.length > 0)).toEqual([])
  }, 180_000)
})
