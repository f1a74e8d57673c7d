import type { Page } from 'playwright-core'
import type { Filled } from './seed.ts'

export interface Shot {
  /** Of the file. */
  name: string
  path: string
  isOnPhone?: boolean
  /** Brings what is to be seen onto the page. */
  prepare?: (page: Page) => Promise<void>
}

/** The pages that the papers show. */
export function shots({ project, empty, emails, messageId, contactId }: Filled): Shot[] {
  const home = `/p/${project.id}`
  return [
    { name: 'quick-start', path: `/p/${empty}` },
    { name: 'home', path: home },
    { name: 'emails', path: `${home}/emails` },
    { name: 'email-waiting', path: `${home}/emails/${emails.waiting}` },
    { name: 'message', path: `${home}/inbox/${messageId}` },
    { name: 'contact', path: `${home}/contacts/${contactId}` },
    { name: 'api-log', path: `${home}/api-log` },
    { name: 'audit-log', path: `${home}/audit-log` },
    { name: 'settings', path: `${home}/settings` },
    { name: 'keys', path: `${home}/settings/keys` },
    { name: 'regenerate', path: `${home}/settings/keys`, prepare: openRegenerate },
    { name: 'members', path: `${home}/settings/members` },
    { name: 'instance', path: '/instance' },
    { name: 'palette', path: home, prepare: openPalette },
    { name: 'phone-emails', path: `${home}/emails`, isOnPhone: true },
    { name: 'phone-email', path: `${home}/emails/${emails.waiting}`, isOnPhone: true },
  ]
}

async function openRegenerate(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Regenerate/ })
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+K')
  await page.getByRole('textbox', { name: 'Search pages and actions' }).waitFor()
}
