import type { Page } from 'playwright-core'

/** The addresses of all pages that the dashboard has, as its router knows them: `/p/$projectId/emails/$emailId`. */
export async function allRoutes(page: Page): Promise<string[]> {
  const routes = await page.evaluate<string[]>('Object.keys(__TSR_ROUTER__.routesByPath)')
  return [...new Set(routes.map((route) => route.replace(/(?<=.)\/$/, '')))].toSorted()
}

/** Goes to another page without loading the dashboard anew, as its links do. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.evaluate(`__TSR_ROUTER__.navigate({ to: ${JSON.stringify(address)} })`)
  await settle(page)
}

/** Waits for a page to have what it shows: its heading, and nothing of it says that it is still busy. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('[aria-busy=true], [role=status][aria-label=Loading]').first().waitFor({ state: 'hidden' })
}

/** A fade that ends changes what is inherited, which lets the next one begin. */
const UNTIL_STILL = `(async () => {
  for (;;) {
    await new Promise(requestAnimationFrame)
    const running = document.getAnimations()
    if (running.length === 0) return
    await Promise.all(running.map((one) => one.finished.catch(() => {})))
  }
})()`

/** Shows the page in these colours, and waits for the fades between them to end. */
export async function paint(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
  await page.evaluate(UNTIL_STILL)
}
