import { createHash } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { ApiError } from './errors.ts'

/** How much may be tried before waits begin, and how long they become. */
export interface Allowance {
  free: number
  longestWaitSeconds: number
}

/** Mails that others can have sent to somebody. */
export const PER_MAILBOX: Allowance = { free: 3, longestWaitSeconds: 3600 }

/** Tries are forgotten when there were none for this long. */
const FORGET_SECONDS = 3600

export type Attempt = { isAllowed: true } | { isAllowed: false; waitSeconds: number }

const keyOf = (subject: string) => createHash('sha256').update(subject).digest()

/**
 * Counts a try before it is made, so that a thousand at once are a thousand and not one; all processes count in the
 * same table. After the free ones each wait is twice as long as the one before, up to the longest: an account is slow
 * to attack, and never closed.
 */
export async function beginAttempt(db: Db, subject: string, { free, longestWaitSeconds }: Allowance): Promise<Attempt> {
  const key = keyOf(subject)
  const count = sql`
    case when attempts.last_at < now() - make_interval(secs => ${FORGET_SECONDS}) then 1 else attempts.count + 1 end`
  // The clock and not the beginning of the statement: it may have waited for others that tried at the same time.
  const { rows } = await sql`
    insert into auth.attempts as attempts (key, count, last_at, blocked_until) values (${key}, 1, now(), now())
    on conflict (key) do update set count = ${count}, last_at = now(), blocked_until = clock_timestamp() + make_interval(
      secs => case when ${count} < ${free}::integer then 0
        else least(power(2, least(${count} - ${free}::integer, 30)), ${longestWaitSeconds}::integer) end)
    where attempts.blocked_until <= clock_timestamp()
    returning 1
  `.execute(db)
  if (rows.length > 0) return { isAllowed: true }
  const blocked = await sql<{ seconds: number }>`
    select greatest(1, ceil(extract(epoch from blocked_until - now())))::integer as seconds
    from auth.attempts where key = ${key}
  `.execute(db)
  return { isAllowed: false, waitSeconds: blocked.rows[0]?.seconds ?? 1 }
}

export interface Wait {
  seconds: number
  until: Date
}

/** The wait that the last try at something has led to, be it over by now; undefined where there was none. */
export async function lastWait(db: Db, subject: string): Promise<Wait | undefined> {
  const { rows } = await sql<Wait>`
    select round(extract(epoch from blocked_until - last_at))::integer as seconds, blocked_until as until
    from auth.attempts where key = ${keyOf(subject)} and blocked_until >= last_at + interval '1 second'
  `.execute(db)
  return rows[0]
}

/** Takes one try back, because it was the right person’s. */
export async function forgiveAttempt(db: Db, subject: string): Promise<void> {
  await sql`
    update auth.attempts set count = greatest(count - 1, 0), blocked_until = now() where key = ${keyOf(subject)}
  `.execute(db)
}

/** Forgets all tries, because whose account it is has been shown. */
export async function forgetAttempts(db: Db, subject: string): Promise<void> {
  await sql`delete from auth.attempts where key = ${keyOf(subject)}`.execute(db)
}

/** Whether this is the first time within a while; of several at once one is. */
export async function useOnce(db: Db, subject: string, seconds: number): Promise<boolean> {
  const { rows } = await sql`
    insert into auth.attempts as attempts (key, count, last_at, blocked_until)
    values (${keyOf(subject)}, 1, now(), now() + make_interval(secs => ${seconds}))
    on conflict (key) do update set last_at = now(), blocked_until = now() + make_interval(secs => ${seconds})
    where attempts.blocked_until <= clock_timestamp()
    returning 1
  `.execute(db)
  return rows.length > 0
}

/** Counts a try, and refuses it with TOO_MANY_TRIES where it comes too soon. */
export async function requireAttempt(db: Db, subject: string, allowance: Allowance): Promise<void> {
  const attempt = await beginAttempt(db, subject, allowance)
  if (attempt.isAllowed) return
  throw new ApiError('TOO_MANY_TRIES', `Too often. Try again in ${inWords(attempt.waitSeconds)}.`, {
    retryAfterSeconds: attempt.waitSeconds,
  })
}

/** How long a wait is, as people say it. */
export function inWords(seconds: number): string {
  if (seconds === 1) return 'a second'
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}
