import { sql } from 'kysely'
import type { Posthorn } from '../posthorn/start.ts'

export interface History {
  /** All emails, oldest first. */
  ids: string[]
  waiting: string
  failed: string
}

/** Between two emails, in minutes: longer the older they are. */
const minutesAgo = (place: number) => Math.round(2 + place * 9 + place ** 2 * 2.5)

/** Makes what was done a moment ago look as if it had been done over days, and as if not all of it had gone well. */
export async function giveHistory({ db }: Posthorn, projectId: string, history: History): Promise<void> {
  const { ids, waiting, failed } = history
  for (const [place, id] of ids.toReversed().entries()) {
    const minutes = minutesAgo(place)
    await sql`
      with moved as (
        update emails set created_at = now() - make_interval(mins => ${minutes}),
          sent_at = now() - make_interval(mins => ${minutes}) + interval '2 seconds',
          ended_at = now() - make_interval(mins => ${minutes}) + interval '2 seconds'
        where project_id = ${projectId} and id = ${id}
      ), tried as (
        update email_attempts set started_at = now() - make_interval(mins => ${minutes}) + interval '1 second',
          relay = '127.0.0.1:1025'
        where project_id = ${projectId} and email_id = ${id}
      )
      update inbox_messages set received_at = now() - make_interval(mins => ${minutes}) + interval '2 seconds'
      where project_id = ${projectId} and email_id = ${id}
    `.execute(db)
  }
  await waits(db, projectId, waiting)
  await fails(db, projectId, failed)
  for (const table of ['contacts', 'events']) {
    await sql`
      with placed as (
        select id, row_number() over (order by id desc) - 1 as place from ${sql.table(table)} where project_id = ${projectId}
      )
      update ${sql.table(table)} as moved set created_at = now() - make_interval(mins => (7 + place * 95)::integer)
      from placed where moved.project_id = ${projectId} and moved.id = placed.id
    `.execute(db)
  }
  await sql`
    with placed as (
      select id, row_number() over (order by id desc) - 1 as place from api_requests where project_id = ${projectId}
    )
    update api_requests as moved set at = now() - make_interval(secs => (20 + place * 70)::integer)
    from placed where moved.project_id = ${projectId} and moved.id = placed.id
  `.execute(db)
  await sql`update projects set created_at = now() - interval '43 days'`.execute(db)
  await sql`
    update api_keys set created_at = now() - interval '43 days' where project_id = ${projectId} and kind = 'public'
  `.execute(db)
  await sql`
    update members set joined_at = now() - interval '41 days' where project_id = ${projectId}
  `.execute(db)
  await sql`
    update api_keys set created_at = now() - interval '43 days', last_used_at = now() - interval '2 minutes',
      last_used_ip = '203.0.113.24'
    where project_id = ${projectId} and kind = 'secret' and expires_at is null and name <> 'Monthly report'
  `.execute(db)
  await numbers(db, projectId)
}

/** Tried twice, put off twice by a full mailbox, and due again in a while. */
async function waits(db: Posthorn['db'], projectId: string, id: string): Promise<void> {
  const reason = 'The mailbox is full.'
  await sql`delete from email_attempts where project_id = ${projectId} and email_id = ${id}`.execute(db)
  await sql`delete from inbox_messages where project_id = ${projectId} and email_id = ${id}`.execute(db)
  await sql`
    insert into email_attempts (project_id, email_id, number, started_at, duration_ms, outcome, stage, reason, code,
      enhanced_code, words, relay)
    values
      (${projectId}, ${id}, 1, now() - interval '11 minutes', 412, 'deferred', 'rcpt', ${reason}, 452, '4.2.2',
        '452 4.2.2 The recipient has no room left', 'relay.lumen-books.example:587'),
      (${projectId}, ${id}, 2, now() - interval '6 minutes', 388, 'deferred', 'rcpt', ${reason}, 452, '4.2.2',
        '452 4.2.2 The recipient has no room left', 'relay.lumen-books.example:587')
  `.execute(db)
  await sql`
    update emails set outcome = null, sent_at = null, ended_at = null, captured = false, attempts = 2, reason = null
    where project_id = ${projectId} and id = ${id}
  `.execute(db)
  await sql`
    insert into outbox (project_id, email_id, stream, due_at, first_due_at, attempts, deferrals, reason, size_bytes)
    values (${projectId}, ${id}, 0, now() + interval '14 minutes', now() - interval '11 minutes', 2, 2, ${reason}, 2048)
  `.execute(db)
}

/** Refused once and for all. */
async function fails(db: Posthorn['db'], projectId: string, id: string): Promise<void> {
  await sql`delete from inbox_messages where project_id = ${projectId} and email_id = ${id}`.execute(db)
  await sql`
    update email_attempts set outcome = 'rejected', stage = 'rcpt', reason = 'There is no such mailbox.', code = 550,
      enhanced_code = '5.1.1', words = '550 5.1.1 Nobody of this name lives here', relay = 'relay.lumen-books.example:587'
    where project_id = ${projectId} and email_id = ${id}
  `.execute(db)
  await sql`
    update emails set outcome = 'failed', sent_at = null, captured = false, reason = 'There is no such mailbox.'
    where project_id = ${projectId} and id = ${id}
  `.execute(db)
}

/** A month of numbers, with quiet weekends. */
async function numbers(db: Posthorn['db'], projectId: string): Promise<void> {
  await sql`
    insert into email_stats (project_id, dimension, quarter, name, stream, accepted, sent, failed, deferred)
    select ${projectId}, dimension, day + interval '10 hours', '', 0, amount, amount - amount / 40, amount / 60,
      amount / 25
    from generate_series(date_trunc('day', now()) - interval '29 days', date_trunc('day', now()) - interval '1 day',
        interval '1 day') as day,
      unnest(array['all', 'template', 'domain']) as dimension,
      lateral (select (case when extract(isodow from day) > 5 then 120 else 310 end
        + 60 * sin(extract(day from day)) + 5 * extract(day from day))::integer as amount) as sized
    on conflict do nothing
  `.execute(db)
}
