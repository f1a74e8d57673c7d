import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { signIn, signInAnew, type Somebody } from '../posthorn/people.ts'
import type { Posthorn } from '../posthorn/start.ts'
import { freshContext, leaseContext } from './pool.ts'
import { settle } from './routes.ts'
import { watch } from './watch.ts'

/** How long something on a page may take that does not wait for anything but us. */
const PATIENCE_MS = 20_000

/** What is the same for everybody, so that nothing depends on the machine. */
const EVERYWHERE = { locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' } as const

export interface BrowserOptions extends BrowserContextOptions {
  /** What may be said to have gone wrong in it, besides what the page itself handles. */
  expected?: readonly RegExp[]
  /** It is nobody’s before and nobody’s after: its clock is moved, which cannot be undone, or what it loads is measured. */
  isOwn?: boolean
}

/**
 * Somebody else's browser: no cookies, nothing stored. When the test ends it fails if a page of it said an error that was
 * not expected, or broke its own policy.
 */
export async function openBrowser(
  { url }: Posthorn,
  { expected = [], isOwn = false, ...options }: BrowserOptions = {},
): Promise<BrowserContext> {
  const { context, end } = await (isOwn ? freshContext : leaseContext)({ baseURL: url, ...EVERYWHERE, ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const faults = watch(context)
  onTestFinished(async () => {
    await end()
    const unexpected = faults.filter((fault) => !expected.some((one) => one.test(fault)))
    expect(unexpected, 'what the pages said went wrong').toEqual([])
  })
  return context
}

export interface VisitOptions extends BrowserOptions {
  /** Who is signed in in it. */
  as?: Somebody
  /** With a session that no other browser of theirs has. */
  anew?: boolean
}

/** A page in somebody else's browser, once it shows what is at this address. */
export async function visit(
  posthorn: Posthorn,
  path: string,
  { as, anew = false, ...options }: VisitOptions = {},
): Promise<Page> {
  const browser = await openBrowser(posthorn, options)
  if (as !== undefined) await (anew ? signInAnew : signIn)(posthorn, browser, as)
  const page = await browser.newPage()
  await page.goto(path)
  await settle(page)
  return page
}
