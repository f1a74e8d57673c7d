import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { inject } from 'vitest'
import { launchChromium } from './launch.ts'

let launching: Promise<Browser> | undefined

/**
 * The browser of this process, which ends with it. One for all processes would be spoken to through one of them, and
 * all that is said twice.
 */
function theBrowser(): Promise<Browser> {
  const { problem } = inject('browser')
  if (problem !== undefined) throw new Error(problem)
  return (launching ??= launchChromium(process.env['CHROME_PATH']))
}

/** What the stories listen to on a context. */
const EVENTS = ['console', 'dialog', 'page', 'request', 'response', 'weberror'] as const

/** What a page can leave behind besides cookies. Not what it was loaded from. */
const STORED = 'local_storage,indexeddb,cache_storage,service_workers,file_systems,websql,shared_storage'

/** Never looked at: while it is open, the pages of a context are all of one process, which has compiled the code. */
const PARKED = '/favicon.svg'

interface Pooled {
  context: BrowserContext
  parked: Page
}

/** Emptied contexts, by what they were opened with. */
const idle = new Map<string, Pooled[]>()

export interface Lease {
  context: BrowserContext
  /** Closes its pages. */
  end(): Promise<void>
}

/**
 * A context with no cookies and nothing stored. It may have been another’s before: it then has the code of the dashboard,
 * already compiled, which takes longer than all else that a fresh one does.
 */
export async function leaseContext(options: BrowserContextOptions): Promise<Lease> {
  const key = JSON.stringify(options)
  const pooled = idle.get(key)?.pop() ?? (await open(options))
  const end = async () => {
    await empty(pooled, options.baseURL ?? '')
    idle.set(key, [...(idle.get(key) ?? []), pooled])
  }
  return { context: pooled.context, end }
}

/** A context that is nobody else’s, before or after. */
export async function freshContext(options: BrowserContextOptions): Promise<Lease> {
  const context = await (await theBrowser()).newContext(options)
  return { context, end: () => context.close() }
}

async function open(options: BrowserContextOptions): Promise<Pooled> {
  const context = await (await theBrowser()).newContext(options)
  const parked = await context.newPage()
  await parked.goto(PARKED)
  return { context, parked }
}

async function empty({ context, parked }: Pooled, origin: string): Promise<void> {
  for (const event of EVENTS) context.removeAllListeners(event)
  await context.unrouteAll({ behavior: 'ignoreErrors' })
  const pages = context.pages().filter((page) => page !== parked)
  await Promise.all(pages.map((page) => page.close()))
  const devTools = await context.newCDPSession(parked)
  await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: STORED })
  await devTools.detach()
  await context.clearCookies()
}
