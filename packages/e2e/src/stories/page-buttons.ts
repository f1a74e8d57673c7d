import type { Page } from 'playwright-core'

/** What a detour by the palette would make no sense for: it is pressed while one types beside it. */
const AT_A_FIELD = /^(?:Show what is typed|Clear |Increase|Decrease)/

/** The buttons and checkboxes of a page by the names that Chromium computes for screen readers. */
async function buttonsOf(page: Page): Promise<string[]> {
  const tree = await page.getByRole('main').ariaSnapshot()
  const named = tree.matchAll(/- '?(?:button|checkbox|tab|combobox) "((?:[^"\\]|\\.)+)"([^\n]*)/g)
  const names = [...named].flatMap(([, name = '', state = '']) => (state.includes('[disabled]') ? [] : [name]))
  return [...new Set(names)].filter((name) => !AT_A_FIELD.test(name))
}

/** What stands in the menus of a page, with what it is about where the menu alone says so: "Revoke Billing". */
async function itemsOfMenus(page: Page): Promise<string[]> {
  const names: string[] = []
  for (const menu of await page.locator('main [aria-haspopup=menu]').all()) {
    const about = (await menu.getAttribute('aria-label'))?.replace('What to do with ', '')
    await menu.click()
    await page.getByRole('menuitem').first().waitFor()
    for (const item of await page.getByRole('menuitem').allInnerTexts())
      names.push(about === undefined ? item : `${item} ${about}`)
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'hidden' })
  }
  return names
}

/** What a page has buttons for, and which of those the command palette does not offer there by their names. */
export async function buttonsByPalette(page: Page): Promise<{ count: number; absent: string[] }> {
  const names = [...(await buttonsOf(page)), ...(await itemsOfMenus(page))]
  const palette = page.getByRole('textbox', { name: 'Search pages and actions' })
  await page.keyboard.press('Control+K')
  await palette.and(page.locator(':focus')).waitFor()
  const offered = await page.getByRole('dialog').getByRole('button').allInnerTexts()
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'hidden' })
  const isOffered = (name: string) => offered.some((one) => one.toLowerCase() === name.toLowerCase())
  return { count: names.length, absent: names.filter((name) => !isOffered(name)) }
}
