import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import { signIn, type Somebody } from '../posthorn/people.ts'
import type { Posthorn } from '../posthorn/start.ts'
import { watch } from './watch.ts'

let connecting: Promise<Browser> | undefined

/** The one browser of the whole run. */
function theBrowser(): Promise<Browser> {
  const place = inject('browser')
  if ('problem' in place) throw new Error(place.problem)
  return (connecting ??= chromium.connect(place.endpoint))
}

/** How long something on a page may take that does not wait for anything but us. */
const PATIENCE_MS = 20_000

/** What is the same for everybody, so that nothing depends on the machine. */
const EVERYWHERE = { locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' } as const

export interface BrowserOptions extends BrowserContextOptions {
  /** What may be said to have gone wrong in it, besides what the page itself handles. */
  expected?: readonly RegExp[]
}

/**
 * Somebody else's browser: no cookies, nothing stored. When the test ends it fails if a page of it said an error that was
 * not expected, or broke its own policy.
 */
export async function openBrowser(
  { url }: Posthorn,
  { expected = [], ...options }: BrowserOptions = {},
): Promise<BrowserContext> {
  const browser = await theBrowser()
  const context = await browser.newContext({ baseURL: url, ...EVERYWHERE, ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const faults = watch(context)
  onTestFinished(async () => {
    await context.close()
    const unexpected = faults.filter((fault) => !expected.some((one) => one.test(fault)))
    expect(unexpected, 'what the pages said went wrong').toEqual([])
  })
  return context
}

export interface VisitOptions extends BrowserOptions {
  /** Who is signed in in it. */
  as?: Somebody
}

/** A page in somebody else's browser. */
export async function visit(posthorn: Posthorn, path: string, { as, ...options }: VisitOptions = {}): Promise<Page> {
  const browser = await openBrowser(posthorn, options)
  if (as !== undefined) await signIn(posthorn, browser, as)
  const page = await browser.newPage()
  await page.goto(path)
  return page
}
