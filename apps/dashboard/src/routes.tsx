import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { loadCode } from './api/page-code.ts'
import { openStream } from './api/live.ts'
import { codeOf } from './api/problem.ts'
import { VISITORS_TOO, isSignedOut } from './api/reacting-link.ts'
import { queryClient, trpc } from './api/trpc.ts'
import { feedSearch, numberSearch } from './pages/analytics/search.ts'
import { requestSearch } from './pages/api-log/search.ts'
import { contactSearch, fieldSearch } from './pages/contacts/search.ts'
import { auditSearch } from './pages/audit-log/search.ts'
import { emailSearch } from './pages/emails/search.ts'
import { eventNameSearch, eventSearch } from './pages/events/search.ts'
import { inboxSearch } from './pages/inbox/search.ts'
import { templateSearch, templateView } from './pages/templates/search.ts'
import { lastProject } from './shell/last-project.ts'
import { Root } from './shell/root.tsx'
import { NotFound, NotFoundAlone, PageLoading, PageProblem } from './shell/route-states.tsx'

/** Each page is a module of its own that exports `Page`, loaded when it is first gone to. */
const page = (load: () => Promise<{ Page: ComponentType }>) => lazyRouteComponent(() => loadCode(load), 'Page')

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundAlone })

// -- For visitors ----------------------------------------------------------------------------------------------------

/** An address of this app to go back to; never one of another site. */
const backOf = ({ back }: Record<string, unknown>): { back?: string } =>
  typeof back === 'string' && /^\/(?![/\\])/.test(back) ? { back } : {}

/** What the way back from a provider brings along. */
const entryOf = (search: Record<string, unknown>): { back?: string; error?: string; step?: 'second-factor' } => ({
  ...backOf(search),
  ...(typeof search['error'] === 'string' && { error: search['error'] }),
  ...(search['step'] === 'second-factor' && { step: search['step'] }),
})

/** What the way back from a provider that was to be linked brings along. */
const linkingOf = (search: Record<string, unknown>): { linked?: string; error?: string } => ({
  ...(typeof search['linked'] === 'string' && { linked: search['linked'] }),
  ...(typeof search['error'] === 'string' && { error: search['error'] }),
})

const visitors = createRoute({
  getParentRoute: () => root,
  id: 'visitors',
  component: page(() => import('./pages/visitors/layout.tsx')),
})
const signIn = createRoute({
  getParentRoute: () => visitors,
  path: '/sign-in',
  validateSearch: entryOf,
  component: page(() => import('./pages/visitors/sign-in.tsx')),
})
const signUp = createRoute({
  getParentRoute: () => visitors,
  path: '/sign-up',
  validateSearch: backOf,
  component: page(() => import('./pages/visitors/sign-up.tsx')),
})
const setUp = createRoute({
  getParentRoute: () => visitors,
  path: '/setup',
  component: page(() => import('./pages/visitors/set-up.tsx')),
})
const invitation = createRoute({
  getParentRoute: () => visitors,
  path: '/invitation',
  component: page(() => import('./pages/visitors/invitation.tsx')),
})
const forgotPassword = createRoute({
  getParentRoute: () => visitors,
  path: '/forgot-password',
  component: page(() => import('./pages/visitors/forgot-password.tsx')),
})
const resetPassword = createRoute({
  getParentRoute: () => visitors,
  path: '/reset-password',
  component: page(() => import('./pages/visitors/reset-password.tsx')),
})
const confirmSignUp = createRoute({
  getParentRoute: () => visitors,
  path: '/confirm-sign-up',
  component: page(() => import('./pages/visitors/confirm-sign-up.tsx')),
})
const confirmAddress = createRoute({
  getParentRoute: () => visitors,
  path: '/confirm-address',
  component: page(() => import('./pages/visitors/confirm-address.tsx')),
})

// -- For those who are signed in -------------------------------------------------------------------------------------

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'in',
  // Both in one round trip; every page below can count on them.
  loader: async ({ location }) => {
    try {
      await Promise.all([
        queryClient.ensureQueryData(trpc.account.get.queryOptions({}, { trpc: VISITORS_TOO })),
        queryClient.ensureQueryData(trpc.projects.list.queryOptions({}, { trpc: VISITORS_TOO })),
      ])
    } catch (error) {
      if (!isSignedOut(codeOf(error))) throw error
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { back: location.href }, replace: true })
    }
  },
  component: page(() => import('./shell/shell.tsx')),
})
const start = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  loader: async () => {
    const { data } = await queryClient.ensureQueryData(trpc.projects.list.queryOptions({}, { trpc: VISITORS_TOO }))
    const living = data.filter(({ deletion }) => deletion === null)
    const first = living.find(({ id }) => id === lastProject()) ?? living[0]
    if (first === undefined) throw redirect({ to: '/projects/new', replace: true })
    throw redirect({ to: '/p/$projectId', params: { projectId: first.id }, replace: true })
  },
})
const newProject = createRoute({
  getParentRoute: () => signedIn,
  path: '/projects/new',
  component: page(() => import('./pages/new-project/new-project.tsx')),
})
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: page(() => import('./pages/account/layout.tsx')),
})
const profile = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: page(() => import('./pages/account/profile.tsx')),
})
const security = createRoute({
  getParentRoute: () => account,
  path: '/security',
  validateSearch: linkingOf,
  component: page(() => import('./pages/account/security.tsx')),
})
const sessions = createRoute({
  getParentRoute: () => account,
  path: '/sessions',
  component: page(() => import('./pages/account/sessions.tsx')),
})
const activity = createRoute({
  getParentRoute: () => account,
  path: '/activity',
  component: page(() => import('./pages/account/activity.tsx')),
})
const instance = createRoute({
  getParentRoute: () => signedIn,
  path: '/instance',
  component: page(() => import('./pages/instance/instance.tsx')),
})
const deletedProject = createRoute({
  getParentRoute: () => signedIn,
  path: '/instance/deleted/$deletedId',
  component: page(() => import('./pages/instance/deleted-project.tsx')),
})

// -- Of a project ----------------------------------------------------------------------------------------------------

const project = createRoute({
  getParentRoute: () => signedIn,
  path: '/p/$projectId',
  // While the page is on its way, so that it need not wait for it.
  loader: ({ params, preload }) => {
    if (!preload) openStream(params.projectId)
  },
  component: page(() => import('./shell/project.tsx')),
})
const home = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: page(() => import('./pages/home/home.tsx')),
})
const emails = createRoute({
  getParentRoute: () => project,
  path: '/emails',
  validateSearch: emailSearch,
  component: page(() => import('./pages/emails/emails.tsx')),
})
const email = createRoute({
  getParentRoute: () => project,
  path: '/emails/$emailId',
  component: page(() => import('./pages/emails/email.tsx')),
})
const inbox = createRoute({
  getParentRoute: () => project,
  path: '/inbox',
  validateSearch: inboxSearch,
  component: page(() => import('./pages/inbox/inbox.tsx')),
})
const message = createRoute({
  getParentRoute: () => project,
  path: '/inbox/$messageId',
  component: page(() => import('./pages/inbox/message.tsx')),
})
const contactsArea = createRoute({
  getParentRoute: () => project,
  path: '/contacts',
  component: page(() => import('./pages/contacts/layout.tsx')),
})
const contacts = createRoute({
  getParentRoute: () => contactsArea,
  path: '/',
  validateSearch: contactSearch,
  component: page(() => import('./pages/contacts/contacts.tsx')),
})
const contactFields = createRoute({
  getParentRoute: () => contactsArea,
  path: '/fields',
  validateSearch: fieldSearch,
  component: page(() => import('./pages/contacts/fields.tsx')),
})
const contactTopics = createRoute({
  getParentRoute: () => contactsArea,
  path: '/topics',
  component: page(() => import('./pages/contacts/topics.tsx')),
})
const imports = createRoute({
  getParentRoute: () => contactsArea,
  path: '/imports',
  component: page(() => import('./pages/imports/imports.tsx')),
})
const oneImport = createRoute({
  getParentRoute: () => project,
  path: '/contacts/imports/$importId',
  component: page(() => import('./pages/imports/import.tsx')),
})
const contact = createRoute({
  getParentRoute: () => project,
  path: '/contacts/$contactId',
  component: page(() => import('./pages/contacts/contact.tsx')),
})
const templates = createRoute({
  getParentRoute: () => project,
  path: '/templates',
  validateSearch: templateSearch,
  component: page(() => import('./pages/templates/templates.tsx')),
})
const template = createRoute({
  getParentRoute: () => project,
  path: '/templates/$templateId',
  validateSearch: templateView,
  component: page(() => import('./pages/templates/template.tsx')),
})
const eventsArea = createRoute({
  getParentRoute: () => project,
  path: '/events',
  component: page(() => import('./pages/events/layout.tsx')),
})
const eventNames = createRoute({
  getParentRoute: () => eventsArea,
  path: '/names',
  validateSearch: eventNameSearch,
  component: page(() => import('./pages/events/names.tsx')),
})
const events = createRoute({
  getParentRoute: () => eventsArea,
  path: '/',
  validateSearch: eventSearch,
  component: page(() => import('./pages/events/events.tsx')),
})
const analyticsArea = createRoute({
  getParentRoute: () => project,
  path: '/analytics',
  component: page(() => import('./pages/analytics/layout.tsx')),
})
const analytics = createRoute({
  getParentRoute: () => analyticsArea,
  path: '/',
  validateSearch: numberSearch,
  component: page(() => import('./pages/analytics/numbers.tsx')),
})
const feed = createRoute({
  getParentRoute: () => analyticsArea,
  path: '/feed',
  validateSearch: feedSearch,
  component: page(() => import('./pages/analytics/feed.tsx')),
})
const apiLog = createRoute({
  getParentRoute: () => project,
  path: '/api-log',
  validateSearch: requestSearch,
  component: page(() => import('./pages/api-log/api-log.tsx')),
})
const request = createRoute({
  getParentRoute: () => project,
  path: '/api-log/$requestId',
  component: page(() => import('./pages/api-log/request.tsx')),
})
const auditLog = createRoute({
  getParentRoute: () => project,
  path: '/audit-log',
  validateSearch: auditSearch,
  component: page(() => import('./pages/audit-log/audit-log.tsx')),
})
const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: page(() => import('./pages/settings/layout.tsx')),
})
const general = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: page(() => import('./pages/settings/general.tsx')),
})
const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  component: page(() => import('./pages/settings/keys.tsx')),
})
const members = createRoute({
  getParentRoute: () => settings,
  path: '/members',
  component: page(() => import('./pages/settings/members.tsx')),
})
const danger = createRoute({
  getParentRoute: () => settings,
  path: '/danger',
  component: page(() => import('./pages/settings/danger.tsx')),
})

const routeTree = root.addChildren([
  visitors.addChildren([
    signIn,
    signUp,
    setUp,
    invitation,
    forgotPassword,
    resetPassword,
    confirmSignUp,
    confirmAddress,
  ]),
  signedIn.addChildren([
    start,
    newProject,
    account.addChildren([profile, security, sessions, activity]),
    instance,
    deletedProject,
    project.addChildren([
      home,
      emails,
      email,
      inbox,
      message,
      contactsArea.addChildren([contacts, contactFields, contactTopics, imports]),
      oneImport,
      contact,
      templates,
      template,
      eventsArea.addChildren([events, eventNames]),
      analyticsArea.addChildren([analytics, feed]),
      apiLog,
      request,
      auditLog,
      settings.addChildren([general, keys, members, danger]),
    ]),
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // What a page does not know is dropped from its address too.
  search: { strict: true },
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageProblem,
  defaultNotFoundComponent: NotFound,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
