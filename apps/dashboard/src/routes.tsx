import { createRouter } from '@tanstack/react-router'
import {
  analytics,
  analyticsArea,
  apiLog,
  auditLog,
  contact,
  contactFields,
  contactTopics,
  contacts,
  contactsArea,
  danger,
  email,
  emails,
  eventNames,
  events,
  eventsArea,
  feed,
  general,
  home,
  imports,
  inbox,
  keys,
  members,
  message,
  oneImport,
  project,
  request,
  settings,
  template,
  templates,
} from './routes/project.ts'
import { root } from './routes/root.ts'
import {
  account,
  activity,
  deletedProject,
  instance,
  newProject,
  profile,
  security,
  sessions,
  signedIn,
  start,
} from './routes/signed-in.ts'
import {
  confirmAddress,
  confirmSignUp,
  forgotPassword,
  invitation,
  resetPassword,
  setUp,
  signIn,
  signUp,
  visitors,
} from './routes/visitors.ts'
import { NotFound, PageLoading, PageProblem } from './shell/route-states.tsx'

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
