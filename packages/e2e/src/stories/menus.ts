import type { Page } from 'playwright-core'

/** Chooses from the menu of what can be done with the thing that a page is about. */
export async function chooseInMenu(page: Page, item: string): Promise<void> {
  await page
    .getByRole('button', { name: /^What to do with/ })
    .first()
    .click()
  await page.getByRole('menuitem', { name: item }).click()
}
