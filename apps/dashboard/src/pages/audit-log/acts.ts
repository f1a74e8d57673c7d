import type { JsonValue, WireOutput } from '@posthorn/contracts'

export type Entry = WireOutput<'audit', 'list'>['data'][number]

type Detail = Entry['detail']

interface Act {
  /** What the filter calls it. */
  label: string
  /** What was done, to stand behind the name of who did it. */
  sentence(detail: Detail, target: string): string
}

const text = (value: JsonValue | undefined, fallback = ''): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : fallback
const quoted = (value: JsonValue | undefined, fallback: string) => (text(value) === '' ? fallback : `“${text(value)}”`)
const OVERLAPS: Record<string, string> = { '1h': '1 hour', '24h': '24 hours', '7d': '7 days' }

/** The fields of a project's settings, in words. */
export const FIELD_WORDS: Record<string, string> = {
  name: 'the name',
  defaultSender: 'the default sender',
  language: 'the language',
  timeZone: 'the time zone',
  postalAddress: 'the postal address',
  doubleOptIn: 'whether people are asked to confirm',
  retentionDays: 'how long mails are kept',
  browserFields: 'the fields that browsers may overwrite',
  domains: 'the trusted domains',
}

/** What a job does, in words. */
const JOB_WORDS: Record<string, string> = {
  'contacts.subscribe': 'subscribe contacts',
  'contacts.unsubscribe': 'unsubscribe contacts',
  'contacts.delete': 'delete contacts',
  'contacts.erase': 'erase a person',
  'contacts.delete-field': 'delete a field of contacts',
  'contacts.import': 'import contacts',
  'events.delete': 'delete events',
}

/** `a`, `a and b`, `a, b and c`. */
const listed = (words: readonly string[]) => new Intl.ListFormat('en-GB').format(words)

const ACTS: Record<string, Act> = {
  'key.created': {
    label: 'Key created',
    sentence: ({ name, hint }) => `created the key ${quoted(name, text(hint))}`,
  },
  'key.regenerated': {
    label: 'Key regenerated',
    sentence: ({ hint, overlap }) => {
      const end = OVERLAPS[text(overlap)]
      return `regenerated a key, now ${text(hint)}; the old one ${end === undefined ? 'ended at once' : `was given ${end} more`}`
    },
  },
  'key.revealed': { label: 'Key shown', sentence: ({ hint }) => `had the key ${text(hint)} shown` },
  'key.revoked': { label: 'Key revoked', sentence: ({ hint }) => `revoked the key ${text(hint)}` },
  'member.invited': {
    label: 'Person invited',
    sentence: ({ email, role }) => `invited ${text(email, 'somebody')} as ${text(role)}`,
  },
  'member.invited-again': {
    label: 'Invitation sent again',
    sentence: ({ email }) => `sent the invitation to ${text(email, 'somebody')} again`,
  },
  'member.invitation-revoked': {
    label: 'Invitation revoked',
    sentence: ({ email }) => `took the invitation to ${text(email, 'somebody')} back`,
  },
  'member.joined': { label: 'Invitation accepted', sentence: ({ role }) => `joined the project as ${text(role)}` },
  'member.role-changed': {
    label: 'Role changed',
    sentence: ({ email, from, to }) =>
      `changed the role of ${text(email, 'somebody')} from ${text(from)} to ${text(to)}`,
  },
  'member.removed': { label: 'Person removed', sentence: ({ email }) => `removed ${text(email, 'somebody')}` },
  'member.left': { label: 'Person left', sentence: () => 'left the project' },
  'topic.created': { label: 'Topic created', sentence: ({ name }) => `created the topic ${quoted(name, '')}` },
  'topic.changed': { label: 'Topic changed', sentence: (_, target) => `changed the topic ${target}` },
  'topic.deleted': { label: 'Topic deleted', sentence: (_, target) => `deleted the topic ${target}` },
  'template.created': { label: 'Template created', sentence: ({ name }) => `created the template ${quoted(name, '')}` },
  'template.changed': { label: 'Template changed', sentence: () => 'changed a template' },
  'template.published': {
    label: 'Template published',
    sentence: ({ version }) => `published version ${text(version)} of a template`,
  },
  'template.tested': { label: 'Template tested', sentence: ({ to }) => `sent a test of a template to ${text(to)}` },
  'template.deleted': { label: 'Template deleted', sentence: ({ name }) => `deleted the template ${quoted(name, '')}` },
  'image.uploaded': { label: 'Picture uploaded', sentence: ({ name }) => `uploaded the picture ${quoted(name, '')}` },
  'image.deleted': { label: 'Picture deleted', sentence: ({ name }) => `deleted the picture ${quoted(name, '')}` },
  'project.created': { label: 'Project created', sentence: ({ name }) => `created the project ${quoted(name, '')}` },
  'project.updated': {
    label: 'Settings changed',
    sentence: (detail) =>
      `changed ${listed(Object.keys(detail).map((field) => FIELD_WORDS[field] ?? field)) || 'settings'}`,
  },
  'project.deleted': { label: 'Project deleted', sentence: () => 'deleted the project' },
  'domain.trusted': { label: 'Domain trusted', sentence: (_detail, target) => `trusted the domain ${target}` },
  'domain.distrusted': {
    label: 'Domain no longer trusted',
    sentence: (_detail, target) => `took the trust in the domain ${target} back`,
  },
  'email.cancelled': { label: 'Email cancelled', sentence: (_detail, target) => `cancelled the email ${target}` },
  'email.rescheduled': {
    label: 'Email rescheduled',
    sentence: ({ scheduledAt }, target) => `moved the email ${target} to ${text(scheduledAt)}`,
  },
  'email.sent': {
    label: 'Email sent',
    sentence: ({ emails }, target) =>
      Array.isArray(emails) && emails.length > 1 ? `sent ${emails.length} emails` : `sent the email ${target}`,
  },
  'events.tracked': { label: 'Events tracked', sentence: ({ count }) => `tracked ${text(count)} events at once` },
  'event.tracked': { label: 'Event tracked', sentence: ({ name }) => `tracked the event ${quoted(name, '')}` },
  'email.sent-again': { label: 'Email sent again', sentence: (_detail, target) => `sent the email ${target} again` },
  'email.retried': {
    label: 'Email tried at once',
    sentence: (_detail, target) => `had the email ${target} tried at once`,
  },
  'inbox.cleared': {
    label: 'Inbox cleared',
    sentence: ({ deleted }) => `cleared the inbox of ${text(deleted)} ${deleted === 1 ? 'message' : 'messages'}`,
  },
  'contact.added': { label: 'Contact added', sentence: (_detail, target) => `added the contact ${target}` },
  'contact.changed': { label: 'Contact changed', sentence: (_detail, target) => `changed the contact ${target}` },
  'contact.deleted': { label: 'Contact deleted', sentence: (_detail, target) => `deleted the contact ${target}` },
  'contact.exported': {
    label: 'Person exported',
    sentence: (_detail, target) => `exported all that is known of the contact ${target}`,
  },
  'contact.erased': { label: 'Person erased', sentence: (_detail, target) => `erased the person ${target}` },
  'contacts.exported': { label: 'Contacts exported', sentence: () => 'exported contacts' },
  'emails.exported': { label: 'Emails exported', sentence: () => 'exported emails' },
  'events.exported': { label: 'Events exported', sentence: () => 'exported events' },
  'contact.batch-saved': {
    label: 'Contacts saved',
    sentence: ({ created, updated }) => `saved a batch of contacts, ${text(created)} new and ${text(updated)} known`,
  },
  'import.deleted': { label: 'Import deleted', sentence: () => 'deleted an import with its report' },
  'job.started': {
    label: 'Job begun',
    sentence: ({ kind }, target) => `had the job ${target} begun (${JOB_WORDS[text(kind)] ?? text(kind)})`,
  },
  'job.cancelled': {
    label: 'Job cancelled',
    sentence: ({ kind }, target) => `cancelled the job ${target} (${JOB_WORDS[text(kind)] ?? text(kind)})`,
  },
  'audit.exported': { label: 'Audit log exported', sentence: () => 'exported the audit log' },
}

/** What was done, in words. An act that this version has no words for is named as the server names it. */
export function sentenceOf({ action, detail, target }: Entry): string {
  return ACTS[action]?.sentence(detail, target ?? '') ?? `did ${action.replaceAll(/[.-]/g, ' ')}`
}

export const labelOf = (action: string): string => ACTS[action]?.label ?? action

const GROUPS: [prefix: string, label: string][] = [
  ['key.', 'Keys'],
  ['member.', 'People'],
  ['project.', 'Project'],
  ['domain.', 'Domains'],
  ['email.', 'Emails'],
  ['inbox.', 'The inbox'],
  ['contact.', 'Contacts'],
  ['job.', 'Jobs'],
  ['event.', 'Events'],
  ['audit.', 'The audit log'],
]

/** What can be filtered for: all acts of a group, or one of them. */
export const ACT_OPTIONS = GROUPS.map(([prefix, group]) => ({
  group,
  items: [
    { value: prefix, label: `All about ${group.toLowerCase()}` },
    ...Object.entries(ACTS)
      .filter(([action]) => action.startsWith(prefix))
      .map(([value, { label }]) => ({ value, label })),
  ],
}))

const KIND_WORDS: Record<Entry['actor']['kind'], string> = { key: 'A key', user: 'Somebody', system: 'The operator' }

/** Who did it, by the name of that time. */
export const nameOf = ({ kind, name }: Entry['actor']): string => name ?? KIND_WORDS[kind]

/** From where it was done. The operator works on the server's own command line. */
export const placeOf = ({ ip, actor }: Entry): string => ip ?? (actor.kind === 'system' ? 'the server' : 'unknown')
