import { createRoute } from '@tanstack/react-router'
import { page, root } from './root.ts'

/** An address of this app to go back to; never one of another site. */
const backOf = ({ back }: Record<string, unknown>): { back?: string } =>
  typeof back === 'string' && /^\/(?![/\\])/.test(back) ? { back } : {}

/** What the way back from a provider brings along. */
const entryOf = (search: Record<string, unknown>): { back?: string; error?: string; step?: 'second-factor' } => ({
  ...backOf(search),
  ...(typeof search['error'] === 'string' && { error: search['error'] }),
  ...(search['step'] === 'second-factor' && { step: search['step'] }),
})

/** The pages of those who are not signed in. */
export const visitors = createRoute({
  getParentRoute: () => root,
  id: 'visitors',
  component: page(() => import('../pages/visitors/layout.tsx')),
})
export const signIn = createRoute({
  getParentRoute: () => visitors,
  path: '/sign-in',
  validateSearch: entryOf,
  component: page(() => import('../pages/visitors/sign-in.tsx')),
})
export const signUp = createRoute({
  getParentRoute: () => visitors,
  path: '/sign-up',
  validateSearch: backOf,
  component: page(() => import('../pages/visitors/sign-up.tsx')),
})
export const setUp = createRoute({
  getParentRoute: () => visitors,
  path: '/setup',
  component: page(() => import('../pages/visitors/set-up.tsx')),
})
export const invitation = createRoute({
  getParentRoute: () => visitors,
  path: '/invitation',
  component: page(() => import('../pages/visitors/invitation.tsx')),
})
export const forgotPassword = createRoute({
  getParentRoute: () => visitors,
  path: '/forgot-password',
  component: page(() => import('../pages/visitors/forgot-password.tsx')),
})
export const resetPassword = createRoute({
  getParentRoute: () => visitors,
  path: '/reset-password',
  component: page(() => import('../pages/visitors/reset-password.tsx')),
})
export const confirmSignUp = createRoute({
  getParentRoute: () => visitors,
  path: '/confirm-sign-up',
  component: page(() => import('../pages/visitors/confirm-sign-up.tsx')),
})
export const confirmAddress = createRoute({
  getParentRoute: () => visitors,
  path: '/confirm-address',
  component: page(() => import('../pages/visitors/confirm-address.tsx')),
})
