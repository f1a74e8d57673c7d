import type { Page } from 'playwright-core'
import { forgetProofs } from '../posthorn/people.ts'
import type { Posthorn } from '../posthorn/start.ts'
import { chooseInMenu } from './menus.ts'

/** What opens, and how it is found. */
export const KINDS = {
  dialog: '[role=dialog]',
  menu: '[role=menu]',
  listbox: '[role=listbox]',
  calendar: '[data-dates-dropdown]',
} as const

/** Something of a page that opens on request. Escape closes it. */
export interface Opener {
  kind: keyof typeof KINDS
  /** What it is called when it is open, or a part of that. */
  name: string
  open(page: Page, posthorn: Posthorn): Promise<unknown>
  /** Where it opens when it is not on every screen. */
  only?: 'desk' | 'phone'
}

const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const choice = (name: string) => (page: Page) => page.getByRole('combobox', { name }).first().click()
const dialog = (by: string | RegExp, name: string): Opener => ({ kind: 'dialog', name, open: button(by) })
const ofMenu = (item: string, name: string): Opener => ({
  kind: 'dialog',
  name,
  open: (page) => chooseInMenu(page, item),
})
const listbox = (name: string): Opener => ({ kind: 'listbox', name, open: choice(name) })

/** What opens on each page, by its route. What opens on all of them stands with the first. */
export const OPENERS: Record<string, readonly Opener[]> = {
  '/p/$projectId': [
    { kind: 'menu', name: '', open: button(/switch project$/) },
    { kind: 'menu', name: '', open: button(/^Account of/) },
    { kind: 'dialog', name: 'Pages and actions', open: (page) => page.keyboard.press('Control+K'), only: 'desk' },
    { ...dialog('Search pages and actions', 'Pages and actions'), only: 'phone' },
    { ...dialog('Open menu', 'Menu'), only: 'phone' },
  ],
  '/p/$projectId/emails': [
    { kind: 'menu', name: '', open: button('Export emails') },
    listbox('Status'),
    { kind: 'calendar', name: '', open: button('Period') },
  ],
  '/p/$projectId/emails/$emailId': [dialog('Send again', 'Send')],
  '/p/$projectId/inbox': [dialog('Empty inbox', 'Empty the inbox?')],
  '/p/$projectId/contacts': [
    dialog('Add contact', 'Add a contact'),
    { kind: 'menu', name: '', open: button('Export contacts') },
    listbox('Field'),
  ],
  '/p/$projectId/contacts/fields': [dialog(/^Values of/, ''), dialog(/^Delete /, 'Delete this field?')],
  '/p/$projectId/contacts/imports': [dialog(/^Delete people\.csv/, 'Delete this import?')],
  '/p/$projectId/contacts/topics': [
    dialog('New topic', 'New topic'),
    dialog(/^Edit /, 'Edit the topic'),
    dialog(/^Delete /, 'Delete this topic?'),
  ],
  '/p/$projectId/contacts/$contactId': [
    dialog(/^(?:Choose|Leave) /, 'for this contact?'),
    dialog(/^(?:Uns|S)ubscribe/, 'ubscribe'),
    { kind: 'menu', name: '', open: button(/^What to do with/) },
    ofMenu('Erase', 'Erase this person?'),
  ],
  '/p/$projectId/templates': [dialog('Create template', 'Create a template')],
  '/p/$projectId/templates/$templateId': [
    { kind: 'menu', name: '', open: button(/^What to do with/) },
    ofMenu('Send test', 'Send a test'),
    ofMenu('Delete', 'Delete this template?'),
    dialog('Insert picture', 'Choose a picture'),
  ],
  '/p/$projectId/events': [
    { kind: 'menu', name: '', open: button('Export events') },
    { kind: 'dialog', name: 'signed-up', open: (page) => page.getByRole('link', { name: 'signed-up' }).click() },
  ],
  '/p/$projectId/events/names': [dialog('Delete signed-up', 'Delete these events?')],
  '/p/$projectId/analytics': [listbox('Time zone'), { kind: 'calendar', name: '', open: button('Period') }],
  '/p/$projectId/analytics/feed': [listbox('Type')],
  '/p/$projectId/api-log': [listbox('Operation')],
  '/p/$projectId/audit-log': [
    {
      kind: 'dialog',
      name: 'Entry',
      open: (page) => page.locator('tbody tr').first().locator('a, button').first().click(),
    },
  ],
  '/p/$projectId/settings': [listbox('Time zone')],
  '/p/$projectId/settings/keys': [
    dialog('Create API key', 'Create API key'),
    dialog('Regenerate Secret key', 'Regenerate'),
    { kind: 'menu', name: '', open: button('What to do with Billing') },
    {
      kind: 'dialog',
      name: 'Revoke Billing?',
      async open(page) {
        await button('What to do with Billing')(page)
        await page.getByRole('menuitem', { name: 'Revoke' }).click()
      },
    },
    {
      kind: 'dialog',
      name: 'Confirm that it is you',
      async open(page, posthorn) {
        await forgetProofs(posthorn)
        await button('Reveal Secret key')(page)
      },
    },
  ],
  '/p/$projectId/settings/members': [
    dialog('Invite somebody', 'Invite somebody'),
    listbox('Role of Vera Viewer'),
    dialog('Remove Vera Viewer', 'Remove Vera Viewer?'),
  ],
  '/p/$projectId/settings/danger': [dialog('Delete project', 'Delete Acme?')],
  '/account/security': [dialog('Turn on', 'Turn on the second factor')],
}
