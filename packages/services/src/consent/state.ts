import type { Output } from '@posthorn/contracts'

export type ConsentState = Output<'contacts', 'upsert'>['_meta']['consent']

/** How things stand with a contact, in one word. */
export function stateOf({
  subscribed,
  isOptedOut,
  isAsked,
}: Record<'subscribed' | 'isOptedOut' | 'isAsked', boolean>): ConsentState {
  if (subscribed) return 'subscribed'
  if (isAsked) return 'pending'
  return isOptedOut ? 'opted-out' : 'unsubscribed'
}
