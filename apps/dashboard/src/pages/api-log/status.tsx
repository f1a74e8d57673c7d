import { StatusBadge, type Tone } from '../../ui/status-badge.tsx'

/** What a proxy writes down for a caller that did not wait. */
const CALLER_GONE = 499

const TONES: Record<string, Tone> = { 2: 'good', 3: 'neutral', 4: 'waiting', 5: 'bad' }

export function HttpStatusBadge({ status }: { status: number }) {
  const tone = status === CALLER_GONE ? 'neutral' : TONES[String(status).charAt(0)]
  return <StatusBadge tone={tone ?? 'neutral'}>{String(status)}</StatusBadge>
}

export const STATUS_CLASSES = [
  { value: '2xx', label: '2xx: done' },
  { value: '3xx', label: '3xx: elsewhere' },
  { value: '4xx', label: '4xx: refused' },
  { value: '5xx', label: '5xx: failed' },
] as const
