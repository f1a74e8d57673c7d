import type { Page } from 'playwright-core'

/** The addresses of all pages that the dashboard has, as its router knows them: `/p/$projectId/emails/$emailId`. */
export async function allRoutes(page: Page): Promise<string[]> {
  const routes = await page.evaluate<string[]>('Object.keys(__TSR_ROUTER__.routesByPath)')
  return [...new Set(routes.map((route) => route.replace(/(?<=.)\/$/, '')))].toSorted()
}

/** Goes to another page without loading the dashboard anew, as its links do. What it shows may still be on its way. */
export async function navigate(page: Page, address: string): Promise<void> {
  await page.evaluate(`__TSR_ROUTER__.navigate({ href: ${JSON.stringify(address)} })`)
}

/** Goes to another page, and waits for what it shows. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate(`__TSR_ROUTER__.navigate({ to: ${JSON.stringify(address)} })`)
  await settle(page)
}

const PATIENCE_MS = 20_000
const LOOK_MS = 10

/** In the page itself, which sees it at once; a locator looks but twice a second once it has waited a little. */
const SETTLED = `(async () => {
  const isShown = (selector) => [...document.querySelectorAll(selector)].some((one) => one.checkVisibility())
  const isSettled = () => isShown('h1') && !isShown('[aria-busy=true], [role=status][aria-label=Loading]')
  const begun = performance.now()
  while (!isSettled()) {
    if (performance.now() - begun > ${PATIENCE_MS}) throw new Error('The page has no heading, or is still busy.')
    await new Promise((next) => setTimeout(next, ${LOOK_MS}))
  }
})()`

/** Waits for a page to have what it shows: its heading, and nothing of it says that it is still busy. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(SETTLED).catch((error: unknown) => {
    // Another page may have been on its way.
    if (/context was destroyed/.test(String(error))) return settle(page)
    throw error
  })
}

/** A frame costs more than all else here, so fades are not waited for. */
const HOLD_STILL = `if (!globalThis.isStill) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }')
  document.adoptedStyleSheets.push(sheet)
  globalThis.isStill = true
}`

/** Ends all that moves on the page, and lets nothing move until it is loaded anew. */
export async function holdStill(page: Page): Promise<void> {
  await page.evaluate(HOLD_STILL)
}

/** Shows the page in these colours, with no fades between them. */
export async function paint(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await holdStill(page)
  await page.emulateMedia({ colorScheme })
  await page.evaluate(`(async () => {
    while (document.documentElement.dataset.mantineColorScheme !== '${colorScheme}') await new Promise((next) => setTimeout(next))
  })()`)
}
