/** Names that every template knows. */
export const BUILT_IN_VARIABLES = [
  'id',
  'email',
  'subscribed',
  'locale',
  'plunk_id',
  'plunk_email',
  'unsubscribeUrl',
  'subscribeUrl',
  'manageUrl',
  'contact',
  'data',
  'event',
  'project',
] as const

/** The form of an id, however it is written. */
export const ID_FORM = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
