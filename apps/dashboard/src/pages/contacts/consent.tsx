import type { WireOutput } from '@posthorn/contracts'
import { StatusBadge } from '../../ui/status-badge.tsx'

/** Whether somebody wants mail beyond what is needed. */
export function ConsentBadge({ subscribed, optedOutAt }: { subscribed: boolean; optedOutAt: string | null }) {
  return <ConsentStateBadge state={subscribed ? 'subscribed' : optedOutAt === null ? 'unsubscribed' : 'opted-out'} />
}

type State = WireOutput<'contacts', 'topics'>['data'][number]['state']

const WORDS: Record<State, string> = {
  subscribed: 'Subscribed',
  unsubscribed: 'Not subscribed',
  pending: 'Asked to confirm',
  'opted-out': 'Opted out',
}

export function ConsentStateBadge({ state }: { state: State }) {
  return <StatusBadge tone={state === 'subscribed' ? 'good' : 'neutral'}>{WORDS[state]}</StatusBadge>
}
