import type { Db } from '@posthorn/db'
import { sql, type RawBuilder } from 'kysely'
import { MAY_BE_SENT } from './announce.ts'
import { LEASE_SECONDS, type Stream } from './streams.ts'

export interface Claim {
  projectId: string
  stream: Stream
  limit: number
  /** Unique to this claim. Whoever settles must show it, so a worker that lost its lease changes nothing. */
  token: string
  /** Whether one suspect may be among them; see `isSuspect`. Left out: yes. */
  withSuspect?: boolean | undefined
  /** How many of them, the longest due first, are announced by the claim itself; see `announce`. Left out: none. */
  announced?: number | undefined
}

export interface ClaimedEmail {
  emailId: string
  /** The number of the attempt that this claim begins; counted before the work, so that a crash counts. */
  attempt: number
  /** How many workers in a row took this email and never reported back. */
  lostLeases: number
  /** How often a server put it off for its own sake. */
  deferrals: number
  /** Recipients that have it already. */
  delivered: string[]
  /** Recipients that were refused for good, with what was said of each. */
  refused: Record<string, string>
  /** Which of the claim's emails it is, as `announce` wants to know; zero and less are announced by the claim. */
  place: number
  sizeBytes: number
}

/**
 * Whether two workers in a row took an email and never reported back. It may be what ended them, so a worker should
 * have one such email at a time: whatever it has beside it is lost with it.
 */
export const isSuspect = ({ lostLeases }: ClaimedEmail): boolean => lostLeases > 1

const IS_SUSPECT = sql`(lease_token is not null and lost_leases > 0)`

/** What a project that has ended leaves behind in the queue is never taken. */
export const hasEnded = (projectId: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`exists (select from projects where id = ${projectId} and deleted_at is not null)`

/**
 * Leases due emails of one lane. A lease is a due time in the future: when the worker dies, the email is simply due
 * again. What a dead worker had announced it may have sent: that is marked, and its attempt has an unknown outcome.
 */
export async function claim(db: Db, wanted: Claim): Promise<ClaimedEmail[]> {
  const { projectId, stream, limit, token, withSuspect = true, announced = 0 } = wanted
  const lives = sql`not ${hasEnded(sql`${projectId}`)}`
  const { rows } = await sql<ClaimedEmail>`
    with fresh as (
      select email_id, due_at, ${MAY_BE_SENT} as may_be_sent from outbox
      where project_id = ${projectId} and stream = ${stream} and due_at <= now() and not ${IS_SUSPECT} and ${lives}
      order by due_at limit ${limit}
      for update skip locked
    ), suspect as (
      select email_id, due_at, ${MAY_BE_SENT} as may_be_sent from outbox
      where project_id = ${projectId} and stream = ${stream} and due_at <= now() and ${IS_SUSPECT} and ${lives}
      order by due_at limit ${Number(withSuspect)}
      for update skip locked
    ), due as (
      select email_id, due_at, may_be_sent, row_number() over (order by due_at) as place
      from (select * from suspect union all select * from fresh) both_kinds
      order by due_at limit ${limit}
    ), claimed as (
      update outbox set
        lease_token = ${token},
        due_at = now() + make_interval(secs => ${LEASE_SECONDS}),
        attempts = attempts + 1,
        place = due.place - ${announced},
        lost_leases = case when lease_token is null then 0 else lost_leases + 1 end
      from due where outbox.project_id = ${projectId} and outbox.email_id = due.email_id
      returning outbox.email_id, attempts, lost_leases, deferrals, delivered, refused, size_bytes, outbox.place,
        due.due_at as was_due_at, may_be_sent
    ), logged as (
      insert into email_attempts
        (project_id, email_id, number, started_at, duration_ms, outcome, stage, reason, words)
      select ${projectId}, email_id, attempts - 1, was_due_at - make_interval(secs => ${LEASE_SECONDS}),
        0, case when may_be_sent then 'unknown' else 'deferred' end, 'worker', 'worker-lost',
        case when may_be_sent then 'The worker stopped before it could say what became of this attempt.'
          else 'The worker stopped before it had begun to send.' end
      from claimed where lost_leases > 0
      on conflict do nothing
    ), marked as (
      update emails set possibly_duplicate = true
      from claimed where emails.project_id = ${projectId} and emails.id = claimed.email_id and lost_leases > 0 and may_be_sent
    )
    select email_id as "emailId", attempts as attempt, lost_leases as "lostLeases", deferrals, delivered,
      refused, place, size_bytes as "sizeBytes"
    from claimed order by place
  `.execute(db)
  return rows
}
