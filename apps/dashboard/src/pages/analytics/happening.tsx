import type { WireOutput } from '@posthorn/contracts'
import {
  IconBolt,
  IconMail,
  IconProgress,
  IconTemplate,
  IconUserCheck,
  IconUserPlus,
  type Icon,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { rowLink } from '../../ui/data-list.tsx'
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx'
import { EmailStatusBadge } from '../emails/status.tsx'
import classes from './happening.module.css'

export type Happening = WireOutput<'activity', 'list'>['data'][number]
type Type = Happening['type']
type Job = Extract<Happening, { type: 'job' }>

const TYPES: Record<Type, { label: string; icon: Icon }> = {
  email: { label: 'Mail', icon: IconMail },
  event: { label: 'Event', icon: IconBolt },
  contact: { label: 'New contact', icon: IconUserPlus },
  consent: { label: 'Consent', icon: IconUserCheck },
  template: { label: 'Published template', icon: IconTemplate },
  job: { label: 'Long work', icon: IconProgress },
}

export const TYPE_OPTIONS = Object.entries(TYPES).map(([value, { label }]) => ({
  value: value as Type, // Safe because the entries are those of the record.
  label,
}))

const JOB_STATUSES: Record<Job['status'], { label: string; tone: Tone }> = {
  waiting: { label: 'Waiting', tone: 'waiting' },
  running: { label: 'Running', tone: 'busy' },
  succeeded: { label: 'Done', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
}

/** `contacts.delete` as "Delete contacts". */
function jobWords(kind: string): string {
  const words = kind.split('.').toReversed().join(' ').replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function consentWords({ subscribed, topic }: Extract<Happening, { type: 'consent' }>): string {
  if (topic === null) return subscribed ? 'Subscribed' : 'Unsubscribed'
  return subscribed ? `Subscribed to ${topic}` : `Unsubscribed from ${topic}`
}

/** What happened, leading to what there is to see of it. */
export function What({ item, projectId }: { item: Happening; projectId: string }) {
  const { icon: Icon, label } = TYPES[item.type]
  return (
    <span className={classes.what}>
      <Icon size={16} stroke={1.7} aria-label={label} role="img" />
      {wordsOf(item, projectId)}
    </span>
  )
}

function wordsOf(item: Happening, projectId: string): ReactNode {
  if (item.type === 'email') {
    const params = { projectId, emailId: item.id }
    return (
      <Link to="/p/$projectId/emails/$emailId" params={params} className={rowLink}>
        <span title={item.subject}>{item.subject}</span>
      </Link>
    )
  }
  if (item.type === 'template') {
    const params = { projectId, templateId: item.templateId }
    return (
      <Link to="/p/$projectId/templates/$templateId" params={params} className={rowLink}>
        <span title={item.name}>{`${item.name}, version ${item.version}`}</span>
      </Link>
    )
  }
  if (item.type === 'job') return <span>{jobWords(item.kind)}</span>
  const text = item.type === 'event' ? item.name : item.type === 'consent' ? consentWords(item) : 'New contact'
  if (item.contactEmail === null) return <span>{text}</span>
  return (
    <Link to="/p/$projectId/contacts/$contactId" params={{ projectId, contactId: item.contactId }} className={rowLink}>
      <span title={text}>{text}</span>
    </Link>
  )
}

/** Whom it is about. */
export function Whom({ item }: { item: Happening }) {
  if (!('contactId' in item)) return null
  const address = item.contactEmail ?? 'A contact that was deleted'
  return <span title={address}>{address}</span>
}

/** What has become of it. */
export function Outcome({ item }: { item: Happening }) {
  if (item.type === 'email') return <EmailStatusBadge status={item.status} />
  if (item.type !== 'job') return null
  const { label, tone } = JOB_STATUSES[item.status]
  return <StatusBadge tone={tone}>{label}</StatusBadge>
}
