import { createHash } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { coalesce } from '../coalesce.ts'

export interface LeaseRequest {
  subject: string
  wanted: number
  quota: number
  windowSeconds: number
}

export interface Grant {
  granted: number
  /** What is left for all processes together. */
  left: number
  endsInMs: number
}

/** Who is counted is nobody's business who reads the table. */
const hashOf = (subject: string) => createHash('sha256').update(subject).digest('hex')

/**
 * Takes parts of what is left in the windows of subjects, as much as is wanted and there. Requests that come together
 * share one statement.
 */
export const leaser = (db: Db): ((request: LeaseRequest) => Promise<Grant>) =>
  coalesce({ run: (requests: LeaseRequest[]) => lease(db, requests), maxBatch: 500, maxInFlight: 2 })

async function lease(db: Db, requests: readonly LeaseRequest[]): Promise<Grant[]> {
  const asked = requests.map(({ subject, wanted, quota, windowSeconds }) => ({
    subject: hashOf(subject),
    wanted,
    quota,
    seconds: windowSeconds,
  }))
  // In one order for all, so that two statements never wait for each other.
  const { rows } = await sql<Grant & { subject: string }>`
    insert into auth.rate_limits as held (subject, taken, quota, ends_at)
    select decode(subject, 'hex'), least(wanted, quota), quota, clock_timestamp() + make_interval(secs => seconds)
    from json_to_recordset(${JSON.stringify(asked)}::json) as asked (subject text, wanted int, quota int, seconds int)
    order by subject
    on conflict (subject) do update set
      taken = case when held.ends_at <= clock_timestamp() then excluded.taken
        else greatest(held.taken, least(held.taken + excluded.taken, excluded.quota)) end,
      quota = excluded.quota,
      ends_at = case when held.ends_at <= clock_timestamp() then excluded.ends_at else held.ends_at end
    returning encode(subject, 'hex') as subject,
      new.taken - case when old.ends_at = new.ends_at then old.taken else 0 end as granted,
      greatest(new.quota - new.taken, 0) as left,
      greatest(extract(epoch from new.ends_at - clock_timestamp()) * 1000, 0)::float8 as "endsInMs"
  `.execute(db)
  const bySubject = new Map(rows.map(({ subject, ...grant }) => [subject, grant]))
  // Safe because every subject is asked for once, and has a row then.
  return asked.map(({ subject }) => bySubject.get(subject) as Grant)
}

/** Forgets the windows that are over. */
export async function forgetRateLimits(db: Db): Promise<void> {
  await sql`delete from auth.rate_limits where ends_at < now() - interval '1 minute'`.execute(db)
}
