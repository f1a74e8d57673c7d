import { StatusBadge } from '../../ui/status-badge.tsx'

/** Whether somebody wants mail beyond what is needed. */
export function ConsentBadge({ subscribed }: { subscribed: boolean }) {
  return (
    <StatusBadge tone={subscribed ? 'good' : 'neutral'}>{subscribed ? 'Subscribed' : 'Not subscribed'}</StatusBadge>
  )
}
