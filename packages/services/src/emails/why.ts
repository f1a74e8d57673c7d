import type { Output } from '@posthorn/contracts'
import { sql } from 'kysely'

export type Status = Output<'emails', 'list'>['data'][number]['status']

/** Workers look more often than this, so a mail that is due for longer has something in its way. */
const PATIENCE_SECONDS = 60

/** For how long an email of the outbox has been due. */
export const OVERDUE_SECONDS = sql<number | null>`extract(epoch from now() - outbox.due_at)::float8`

/** What the workers say of a relay that they leave alone at the moment. */
export const RELAY_PAUSE = sql<string | null>`(
  select format('The relay %s is left alone until %s: %s', relay,
    to_char(paused_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), reason)
  from relay_pauses where paused_until > now() order by paused_until limit 1)`

export interface Waiting {
  status: Status
  waiting_reason: string | null
  relay_pause: string | null
  overdue_seconds: number | null
}

/** Why an email waits, in words; there is always a reason. */
export function whyItWaits({ status, waiting_reason, relay_pause, overdue_seconds }: Waiting): string {
  if (status === 'sending') return 'A worker is sending it; should that worker die, it is due again at the next try.'
  if (status === 'scheduled') return 'It is scheduled for later.'
  const reason = waiting_reason ?? relay_pause
  const overdueSeconds = overdue_seconds ?? 0
  if (overdueSeconds > PATIENCE_SECONDS) {
    const overdue = `It has been due for ${Math.floor(overdueSeconds / 60)} min and still waits for a worker.`
    return reason === null ? overdue : `${reason} ${overdue}`
  }
  return reason ?? (overdueSeconds >= 0 ? 'It is due and waits for its turn.' : 'It waits for its next try.')
}
