import { createRoute, redirect } from '@tanstack/react-router'
import { codeOf } from '../api/problem.ts'
import { VISITORS_TOO, isSignedOut } from '../api/reacting-link.ts'
import { queryClient, trpc } from '../api/trpc.ts'
import { lastProject } from '../shell/last-project.ts'
import { page, root } from './root.ts'

/** What the way back from a provider that was to be linked brings along. */
const linkingOf = (search: Record<string, unknown>): { linked?: string; error?: string } => ({
  ...(typeof search['linked'] === 'string' && { linked: search['linked'] }),
  ...(typeof search['error'] === 'string' && { error: search['error'] }),
})

/** The pages of those who are. */
export const signedIn = createRoute({
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
  component: page(() => import('../shell/shell.tsx')),
})
export const start = createRoute({
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
export const newProject = createRoute({
  getParentRoute: () => signedIn,
  path: '/projects/new',
  component: page(() => import('../pages/new-project/new-project.tsx')),
})
export const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: page(() => import('../pages/account/layout.tsx')),
})
export const profile = createRoute({
  getParentRoute: () => account,
  path: '/',
  component: page(() => import('../pages/account/profile.tsx')),
})
export const security = createRoute({
  getParentRoute: () => account,
  path: '/security',
  validateSearch: linkingOf,
  component: page(() => import('../pages/account/security.tsx')),
})
export const sessions = createRoute({
  getParentRoute: () => account,
  path: '/sessions',
  component: page(() => import('../pages/account/sessions.tsx')),
})
export const activity = createRoute({
  getParentRoute: () => account,
  path: '/activity',
  component: page(() => import('../pages/account/activity.tsx')),
})
export const instance = createRoute({
  getParentRoute: () => signedIn,
  path: '/instance',
  component: page(() => import('../pages/instance/instance.tsx')),
})
export const deletedProject = createRoute({
  getParentRoute: () => signedIn,
  path: '/instance/deleted/$deletedId',
  component: page(() => import('../pages/instance/deleted-project.tsx')),
})
