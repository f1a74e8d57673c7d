import type { AccountAct, JsonValue, WirePeopleOutput } from '@posthorn/contracts'

export type ActivityEntry = WirePeopleOutput<'account', 'activity'>['data'][number]

type Detail = ActivityEntry['detail']

const text = (value: JsonValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

const SIGNED_IN: Record<string, string> = {
  password: 'with the password',
  passkey: 'with a passkey',
  provider: 'through a provider',
  'second factor': 'with the second factor',
  'recovery code': 'with a recovery code',
  'new account': 'for the first time',
}

/** By id, the providers that the instance offers. */
export type ProviderNames = Readonly<Record<string, string>>

const providerIn = ({ provider }: Detail, names: ProviderNames) =>
  names[text(provider) ?? ''] ?? text(provider) ?? 'a provider'

const ACTS: Record<AccountAct, string | ((detail: Detail, names: ProviderNames) => string)> = {
  'account-made': 'Account made',
  'signed-in': ({ by }) => `Signed in ${SIGNED_IN[text(by) ?? ''] ?? ''}`.trim(),
  'sign-in-delayed': ({ by }) =>
    `Wrong tries with ${by === 'second factor' ? 'codes' : 'passwords'} made signing in wait`,
  'signed-out': 'Signed out',
  'session-ended': 'A session was signed out',
  'other-sessions-ended': 'All other sessions were signed out',
  'all-sessions-ended': 'The operator signed out all sessions',
  'password-set': 'Password set where there was none',
  'password-changed': 'Password changed',
  'password-removed': 'Password removed',
  'password-reset': 'Password set anew by a link',
  'reset-link-made': 'The operator made a link to set the password anew',
  'address-changed': ({ from, to }) => `Address changed from ${text(from) ?? 'another'} to ${text(to) ?? 'another'}`,
  'address-confirmed': 'Address confirmed',
  'provider-linked': (detail, names) => `Linked to ${providerIn(detail, names)}`,
  'provider-unlinked': (detail, names) => `Unlinked from ${providerIn(detail, names)}`,
  'second-factor-on': 'Second factor turned on',
  'second-factor-off': 'Second factor turned off',
  'recovery-codes-made': 'New recovery codes made',
  'passkey-added': 'Passkey added',
  'passkey-removed': 'Passkey removed',
  'project-made': ({ name }) => `Project ${text(name) ?? ''} made`,
  'instance-owner-made': 'The operator made you the owner of this Posthorn',
  'instance-owner-unmade': 'The operator made somebody else the owner of this Posthorn',
  'account-deleted': 'The operator deleted the account',
}

/** What was done, in words. An act that this version has no words for is named as the server names it. */
export function wordsOf({ action, detail }: ActivityEntry, names: ProviderNames): string {
  // Safe because what is not among them is looked for.
  const words = (ACTS as Partial<typeof ACTS>)[action as AccountAct]
  return typeof words === 'function' ? words(detail, names) : (words ?? action.replaceAll('-', ' '))
}

/** Whether somebody came in by it. */
export const isSignIn = ({ action }: ActivityEntry): boolean => action === 'signed-in'
