import { KEY_SCOPES, SCOPE_WORDS, SCOPES, type Scope } from '@posthorn/contracts'
import type { Tone } from '../../../ui/status-badge.tsx'
import type { Key } from './living.ts'

export const KIND_WORDS: Record<Key['kind'], { title: string; lead: string }> = {
  public: {
    title: 'Public key',
    lead: 'May stand in browsers and apps: all it can do is report events.',
  },
  secret: {
    title: 'Secret key',
    lead: 'For your servers alone: whoever has it sends mail in your name.',
  },
}

const STATUS: Record<Key['status'], [tone: Tone, words: string]> = {
  active: ['good', 'Works'],
  expiring: ['waiting', 'Replaced'],
  expired: ['neutral', 'Expired'],
  revoked: ['neutral', 'Revoked'],
}

export function statusOf(key: Key): { tone: Tone; words: string } {
  if (key.status === 'active' && key.expiresAt !== null) return { tone: 'waiting', words: 'Expires' }
  const [tone, words] = STATUS[key.status]
  return { tone, words: key.status === 'revoked' && key.replacedBy !== null ? 'Replaced' : words }
}

const GROUP_WORDS: Record<string, string> = {
  emails: 'Mail',
  events: 'Events',
  contacts: 'Contacts',
  jobs: 'Long work',
  project: 'Project',
  requests: 'API log',
  audit: 'Audit log',
  inbox: 'Built-in inbox',
  keys: 'API keys',
}

const nounOf = (scope: Scope) => scope.split(':')[0] ?? scope

/** All scopes under readable headings, in the order of the table. */
export const SCOPE_GROUPS = [...new Set(SCOPES.map(nounOf))].map((noun) => ({
  label: GROUP_WORDS[noun] ?? noun,
  scopes: SCOPES.filter((scope) => nounOf(scope) === noun),
}))

export const isOfKeys = (scope: Scope) => nounOf(scope) === 'keys'

/** What is often wanted. */
export const SCOPE_PRESETS: readonly { label: string; scopes: readonly Scope[] }[] = [
  { label: 'Sending only', scopes: ['emails:send'] },
  { label: 'Reading only', scopes: KEY_SCOPES.secret.filter((scope) => scope.endsWith(':read')) },
  { label: 'All but API keys and audit log', scopes: KEY_SCOPES.secret },
]

/** What a key may do, in a few words; undefined where they would not be few. */
export function scopeSummary({ kind, scopes }: Key): string | undefined {
  if (scopes.length === SCOPES.length) return 'Everything'
  const usual = KEY_SCOPES[kind]
  if (kind === 'secret' && usual.length === scopes.length && usual.every((scope) => scopes.includes(scope))) {
    return 'Everything but API keys and audit log'
  }
  return scopes.length <= 3 ? scopes.map((scope) => SCOPE_WORDS[scope]).join(' · ') : undefined
}
