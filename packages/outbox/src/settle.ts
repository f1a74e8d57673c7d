import { toldChange, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { tallied } from './counts.ts'
import { LIFE_SECONDS } from './streams.ts'

export interface AttemptRecord {
  startedAt: Date
  durationMs: number
  outcome: 'accepted' | 'deferred' | 'rejected' | 'unknown'
  stage: string
  /** A word to branch on, such as `mailbox-full`. */
  reason: string
  code?: number | undefined
  enhancedCode?: string | undefined
  /** What the server said. */
  words: string
  relay?: string | undefined
}

export interface Settlement {
  emailId: string
  token: string
  /** Where the email goes from here: to an end, or back into the queue. */
  next:
    | { end: 'sent' | 'failed' | 'cancelled' }
    | {
        retryInSeconds: number
        /** Whether a server put off this very mail; trouble with the connection is not held against it. */
        isDeferral: boolean
        /** Recipients that have it already, and are left out of the next attempt. */
        delivered?: readonly string[] | undefined
        /** Recipients that were refused for good, with what was said of each; they are left out as well. */
        refused?: Readonly<Record<string, string>> | undefined
        /** What becomes of it should its life end before that attempt. Left out: it has failed. */
        endAtLast?: 'sent' | 'failed' | undefined
      }
  /** For people: why it waits or failed. */
  reason?: string | undefined
  /** Undefined when nothing was tried, as for mail that cannot be composed. */
  attempt?: AttemptRecord | undefined
}

const LONGEST_WORDS = 1000

/** What PostgreSQL can store: a cut may go through the middle of a character, and a server may say anything. */
const storable = (words: string) => words.slice(0, LONGEST_WORDS).toWellFormed().replaceAll('\0', '')

const storableAll = (said: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(said).map(([address, words]) => [address, storable(words)]))

/**
 * Writes down what became of emails of one project, in one statement: their state, their attempt, and their place in
 * the queue. An email whose lease went to somebody else is left alone. What would be tried again later than
 * `lifeSeconds` after it was first due is given up. Answers with the ids that were settled.
 */
export async function settle(
  db: Db,
  projectId: string,
  settlements: readonly Settlement[],
  lifeSeconds: number = LIFE_SECONDS,
): Promise<string[]> {
  const rows = settlements.map(({ emailId, token, next, reason, attempt }) => ({
    email_id: emailId,
    token,
    end: 'end' in next ? next.end : null,
    end_at_last: 'end' in next ? null : (next.endAtLast ?? 'failed'),
    retry_seconds: 'end' in next ? null : next.retryInSeconds,
    deferral: 'end' in next ? 0 : Number(next.isDeferral),
    delivered: 'end' in next ? [] : (next.delivered ?? []),
    refused: 'end' in next ? {} : storableAll(next.refused ?? {}),
    reason: reason === undefined ? null : storable(reason),
    attempt_outcome: attempt?.outcome ?? null,
    started_at: attempt?.startedAt ?? null,
    duration_ms: attempt?.durationMs ?? null,
    stage: attempt?.stage ?? null,
    attempt_reason: attempt?.reason ?? null,
    code: attempt?.code ?? null,
    enhanced_code: attempt?.enhancedCode ?? null,
    words: attempt === undefined ? null : storable(attempt.words),
    relay: attempt?.relay ?? null,
  }))
  const { rows: settled } = await sql<{ id: string }>`
    with input as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        email_id uuid, token uuid, "end" text, end_at_last text, retry_seconds float8, deferral smallint, delivered json,
        refused jsonb, reason text, attempt_outcome text, started_at timestamptz, duration_ms integer, stage text, attempt_reason text,
        code smallint, enhanced_code text, words text, relay text)
    ), held as (
      select input.*, outbox.attempts,
        coalesce(input."end", case
          when now() + make_interval(secs => retry_seconds) > first_due_at + make_interval(secs => ${lifeSeconds})
          then end_at_last end) as outcome
      from outbox join input on outbox.email_id = input.email_id and outbox.lease_token = input.token
      where outbox.project_id = ${projectId}
      order by outbox.email_id
      for update of outbox
    ), gone as (
      delete from outbox using held
      where outbox.project_id = ${projectId} and outbox.email_id = held.email_id and held.outcome is not null
    ), back as (
      update outbox set
        due_at = now() + make_interval(secs => held.retry_seconds), lease_token = null, lost_leases = 0,
        reason = held.reason, deferrals = deferrals + held.deferral,
        delivered = array(select json_array_elements_text(held.delivered)), refused = held.refused
      from held
      where outbox.project_id = ${projectId} and outbox.email_id = held.email_id and held.outcome is null
    ), ended as (
      update emails set
        outcome = held.outcome,
        -- What is cancelled was not tried.
        attempts = held.attempts - (held.outcome is not distinct from 'cancelled')::integer,
        sent_at = case when held.outcome = 'sent' then now() end,
        ended_at = case when held.outcome is not null then now() end,
        possibly_duplicate = possibly_duplicate or coalesce(held.attempt_outcome = 'unknown', false),
        reason = case
          when held.outcome is null then emails.reason
          when held."end" is null then concat_ws(' ', format('Given up after %s %s.', held.attempts, case held.attempts when 1 then 'attempt' else 'attempts' end), held.reason)
          else held.reason end
      from held
      where emails.project_id = ${projectId} and emails.id = held.email_id
        and (held.outcome is not null or held.attempt_outcome = 'unknown')
      returning emails.stream, template_id, to_email, held.outcome as ended_as
    ), logged as (
      insert into email_attempts (project_id, email_id, number, started_at, duration_ms, outcome, stage, reason,
        code, enhanced_code, words, relay)
      select ${projectId}, email_id, attempts, started_at, duration_ms, attempt_outcome, stage, attempt_reason,
        code, enhanced_code, words, relay
      from held where attempt_outcome is not null
      on conflict (project_id, email_id, number) do nothing
    ), counted as (${tallied(
      ['sent', 'failed', 'deferred'],
      sql`select ${projectId}::uuid as project_id, stream, template_id, to_email,
          (ended_as = 'sent')::integer as sent, (ended_as = 'failed')::integer as failed, 0 as deferred
        from ended where ended_as in ('sent', 'failed')
        union all select ${projectId}::uuid, emails.stream, template_id, to_email, 0, 0, 1
        from held join emails on emails.project_id = ${projectId} and emails.id = held.email_id
        where attempt_outcome = 'deferred'`,
    )}
    ), told as materialized (${toldChange('emails', sql`select ${projectId}::uuid from held`)}
    )
    select email_id as id from held where (select count(*) from told) is not null
  `.execute(db)
  return settled.map(({ id }) => id)
}
