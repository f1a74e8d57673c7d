import type { WireOutput } from '@posthorn/contracts'
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx'

export type EmailStatus = WireOutput<'emails', 'get'>['status']
type Stream = WireOutput<'emails', 'get'>['stream']

const STATUSES: Record<EmailStatus, { label: string; tone: Tone }> = {
  queued: { label: 'Queued', tone: 'busy' },
  scheduled: { label: 'Scheduled', tone: 'waiting' },
  sending: { label: 'Sending', tone: 'busy' },
  sent: { label: 'Sent', tone: 'good' },
  deferred: { label: 'Deferred', tone: 'waiting' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
}

export const STREAM_WORDS: Record<Stream, string> = {
  transactional: 'Transactional',
  workflow: 'Workflow',
  campaign: 'Campaign',
}

export const STATUS_OPTIONS = Object.entries(STATUSES).map(([value, { label }]) => ({
  value: value as EmailStatus, // Safe because the entries are those of the record.
  label,
}))

export const STREAM_OPTIONS = Object.entries(STREAM_WORDS).map(([value, label]) => ({
  value: value as Stream, // Safe because the entries are those of the record.
  label,
}))

export function EmailStatusBadge({ status }: { status: EmailStatus }) {
  const { label, tone } = STATUSES[status]
  return <StatusBadge tone={tone}>{label}</StatusBadge>
}

/** Whether it can still be cancelled, moved or tried now. */
export const isWaiting = (status: EmailStatus): boolean =>
  status === 'queued' || status === 'scheduled' || status === 'deferred'
