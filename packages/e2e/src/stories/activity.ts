import type { Page } from 'playwright-core'

/** Goes to Activity by the tab, and waits until it says this. */
export async function seeActivity(page: Page, what: RegExp): Promise<void> {
  await page.getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('row', { name: what }).first().waitFor()
}
