import type { WireOutput } from '@posthorn/contracts'
import { StatusBadge, type Tone } from '../../ui/status-badge.tsx'

export type Import = WireOutput<'imports', 'get'>

const WORDS: Record<Import['status'], [tone: Tone, word: string]> = {
  ready: ['waiting', 'Not started'],
  waiting: ['waiting', 'Waiting'],
  running: ['busy', 'Running'],
  succeeded: ['good', 'Done'],
  failed: ['bad', 'Failed'],
  cancelled: ['neutral', 'Cancelled'],
}

/** Where an import is. */
export function ImportStatus({ of: { status, dryRun } }: { of: Pick<Import, 'status' | 'dryRun'> }) {
  const [tone, word] = WORDS[status]
  return <StatusBadge tone={tone}>{dryRun === true && status === 'succeeded' ? 'Tried' : word}</StatusBadge>
}

export const isUnderWay = ({ status }: Import): boolean => status === 'waiting' || status === 'running'

export const nameOf = ({ filename }: Import): string => filename ?? 'A file without a name'
