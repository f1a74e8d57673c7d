import type { Page } from 'playwright-core'

/** Opens the command palette, types these words and takes what fits them, all by keyboard. */
export async function runByPalette(page: Page, words: string): Promise<void> {
  const palette = page.getByRole('textbox', { name: 'Search pages and actions' })
  await page.keyboard.press('Control+K')
  await palette.and(page.locator(':focus')).waitFor()
  // The first letter as a key goes where the focus is; the others at once, as each would be searched for and painted.
  await page.keyboard.type(words.slice(0, 1))
  await page.keyboard.insertText(words.slice(1))
  await page.locator('[data-selected]').filter({ hasText: words }).waitFor()
  await page.keyboard.press('Enter')
  await palette.waitFor({ state: 'hidden' })
}
