import { createRoute } from '@tanstack/react-router'
import { openStream } from '../api/live.ts'
import { feedSearch, numberSearch } from '../pages/analytics/search.ts'
import { requestSearch } from '../pages/api-log/search.ts'
import { auditSearch } from '../pages/audit-log/search.ts'
import { contactSearch, fieldSearch } from '../pages/contacts/search.ts'
import { emailSearch } from '../pages/emails/search.ts'
import { eventNameSearch, eventSearch } from '../pages/events/search.ts'
import { inboxSearch } from '../pages/inbox/search.ts'
import { templateSearch, templateView } from '../pages/templates/search.ts'
import { page } from './root.ts'
import { signedIn } from './signed-in.ts'

/** The pages of a project. */
export const project = createRoute({
  getParentRoute: () => signedIn,
  path: '/p/$projectId',
  // While the page is on its way, so that it need not wait for it.
  loader: ({ params, preload }) => {
    if (!preload) openStream(params.projectId)
  },
  component: page(() => import('../shell/project.tsx')),
})
export const home = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: page(() => import('../pages/home/home.tsx')),
})
export const emails = createRoute({
  getParentRoute: () => project,
  path: '/emails',
  validateSearch: emailSearch,
  component: page(() => import('../pages/emails/emails.tsx')),
})
export const email = createRoute({
  getParentRoute: () => project,
  path: '/emails/$emailId',
  component: page(() => import('../pages/emails/email.tsx')),
})
export const inbox = createRoute({
  getParentRoute: () => project,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: page(() => import('../pages/inbox/inbox.tsx')),
})
export const message = createRoute({
  getParentRoute: () => project,
  path: '/inbox/$messageId',
  component: page(() => import('../pages/inbox/message.tsx')),
})
export const contactsArea = createRoute({
  getParentRoute: () => project,
  path: '/contacts',
  component: page(() => import('../pages/contacts/layout.tsx')),
})
export const contacts = createRoute({
  getParentRoute: () => contactsArea,
  path: '/',
  validateSearch: contactSearch,
  component: page(() => import('../pages/contacts/contacts.tsx')),
})
export const contactFields = createRoute({
  getParentRoute: () => contactsArea,
  path: '/fields',
  validateSearch: fieldSearch,
  component: page(() => import('../pages/contacts/fields.tsx')),
})
export const contactTopics = createRoute({
  getParentRoute: () => contactsArea,
  path: '/topics',
  component: page(() => import('../pages/contacts/topics.tsx')),
})
export const imports = createRoute({
  getParentRoute: () => contactsArea,
  path: '/imports',
  component: page(() => import('../pages/imports/imports.tsx')),
})
export const oneImport = createRoute({
  getParentRoute: () => project,
  path: '/contacts/imports/$importId',
  component: page(() => import('../pages/imports/import.tsx')),
})
export const contact = createRoute({
  getParentRoute: () => project,
  path: '/contacts/$contactId',
  component: page(() => import('../pages/contacts/contact.tsx')),
})
export const templates = createRoute({
  getParentRoute: () => project,
  path: '/templates',
  validateSearch: templateSearch,
  component: page(() => import('../pages/templates/templates.tsx')),
})
export const template = createRoute({
  getParentRoute: () => project,
  path: '/templates/$templateId',
  validateSearch: templateView,
  component: page(() => import('../pages/templates/template.tsx')),
})
export const eventsArea = createRoute({
  getParentRoute: () => project,
  path: '/events',
  component: page(() => import('../pages/events/layout.tsx')),
})
export const eventNames = createRoute({
  getParentRoute: () => eventsArea,
  path: '/names',
  validateSearch: eventNameSearch,
  component: page(() => import('../pages/events/names.tsx')),
})
export const events = createRoute({
  getParentRoute: () => eventsArea,
  path: '/',
  validateSearch: eventSearch,
  component: page(() => import('../pages/events/events.tsx')),
})
export const analyticsArea = createRoute({
  getParentRoute: () => project,
  path: '/analytics',
  component: page(() => import('../pages/analytics/layout.tsx')),
})
export const analytics = createRoute({
  getParentRoute: () => analyticsArea,
  path: '/',
  validateSearch: numberSearch,
  component: page(() => import('../pages/analytics/numbers.tsx')),
})
export const feed = createRoute({
  getParentRoute: () => analyticsArea,
  path: '/feed',
  validateSearch: feedSearch,
  component: page(() => import('../pages/analytics/feed.tsx')),
})
export const apiLog = createRoute({
  getParentRoute: () => project,
  path: '/api-log',
  validateSearch: requestSearch,
  component: page(() => import('../pages/api-log/api-log.tsx')),
})
export const request = createRoute({
  getParentRoute: () => project,
  path: '/api-log/$requestId',
  component: page(() => import('../pages/api-log/request.tsx')),
})
export const auditLog = createRoute({
  getParentRoute: () => project,
  path: '/audit-log',
  validateSearch: auditSearch,
  component: page(() => import('../pages/audit-log/audit-log.tsx')),
})
export const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: page(() => import('../pages/settings/layout.tsx')),
})
export const general = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: page(() => import('../pages/settings/general.tsx')),
})
export const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  component: page(() => import('../pages/settings/keys.tsx')),
})
export const members = createRoute({
  getParentRoute: () => settings,
  path: '/members',
  component: page(() => import('../pages/settings/members.tsx')),
})
export const danger = createRoute({
  getParentRoute: () => settings,
  path: '/danger',
  component: page(() => import('../pages/settings/danger.tsx')),
})
