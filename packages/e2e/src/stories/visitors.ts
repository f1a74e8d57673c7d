/** The pages for those who are not signed in. */
export const FOR_VISITORS = [
  '/sign-in',
  '/sign-up',
  '/setup',
  '/invitation',
  '/forgot-password',
  '/reset-password',
  '/confirm-sign-up',
  '/confirm-address',
]

export const isForVisitors = (route: string): boolean => FOR_VISITORS.includes(route)
