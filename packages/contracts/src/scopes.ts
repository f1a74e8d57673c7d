/** What a key can be allowed to do, each with the words that people read when they pick it. */
export const SCOPE_WORDS = {
  'emails:send': 'Send mail',
  'emails:read': 'Read mails and their delivery attempts',
  'emails:write': 'Cancel and reschedule mail that waits',
  'events:track': 'Report events of contacts',
  'events:read': 'Read events',
  'events:write': 'Delete events',
  'contacts:read': 'Read contacts',
  'contacts:write': 'Create, change and delete contacts',
  'contacts:erase': 'Erase people with all mails to them',
  'jobs:read': 'See how far long work is',
  'jobs:write': 'Cancel long work',
  'addresses:verify': 'Check e-mail addresses',
  'templates:read': 'Read and preview templates',
  'templates:write': 'Create, change and publish templates',
  'project:read': 'Read the project and its numbers',
  'project:write': 'Change the project’s settings',
  'requests:read': 'Read the log of API requests',
  'audit:read': 'Read the audit log',
  'inbox:read': 'Read the built-in inbox',
  'inbox:write': 'Empty the built-in inbox',
  'keys:read': 'List API keys',
  'keys:write': 'Create, regenerate and revoke API keys',
  'keys:reveal': 'Show a secret key again',
} as const

export type Scope = keyof typeof SCOPE_WORDS

export const SCOPES = Object.keys(SCOPE_WORDS) as [Scope, ...Scope[]]

export const KEY_KINDS = ['public', 'secret'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

/** What a secret key is given on purpose alone. */
const isOnPurpose = (scope: Scope) => scope.startsWith('keys:') || scope === 'audit:read' || scope === 'contacts:erase'

/**
 * What each kind of key holds when nothing else was chosen for it. A public key ships in browsers, so it only
 * reports events. A secret key cannot mint other keys: one that leaked must not outlive its revocation. Nor does it
 * read the audit log, which has the addresses of the people who work on the project and from where they do, nor erase
 * what nobody could bring back.
 */
export const KEY_SCOPES: Record<KeyKind, readonly Scope[]> = {
  public: ['events:track'],
  secret: SCOPES.filter((scope) => !isOnPurpose(scope)),
}

/** What a kind of key can be given at most. */
export const GRANTABLE_SCOPES: Record<KeyKind, readonly Scope[]> = {
  public: KEY_SCOPES.public,
  secret: SCOPES,
}
