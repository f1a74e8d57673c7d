import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { testInstance } from '../../test/instance.ts'
import { forgetAccountTraces } from './forget.ts'

test('what has had its time is deleted, and nothing else', async () => {
  const instance = await testInstance()
  onTestFinished(() => instance.close())
  const { db } = instance
  const userId = '01a21199-12b6-75ae-a93c-2341cc6298d5'
  await sql`insert into auth.users (id, name, email, email_verified) values (${userId}, 'Ada', 'ada@example.com', true)`.execute(
    db,
  )
  await sql`
    with times (at) as (values (now() - interval '1 second'), (now() + interval '1 hour')),
      sessions as (insert into auth.sessions (user_id, token, expires_at, updated_at)
        select ${userId}, at::text, at, now() from times),
      verifications as (insert into auth.verifications (identifier, value, expires_at) select 'x', 'x', at from times),
      attempts as (insert into auth.attempts (key, count, last_at, blocked_until)
        select at::text::bytea, 1, at - interval '2 hours', now() - interval '1 second' from times)
    insert into auth.devices (user_id, fingerprint, seen_at)
      select ${userId}, at::text::bytea, at - interval '1 year' from times
  `.execute(db)
  await forgetAccountTraces(db)
  for (const table of ['auth.sessions', 'auth.verifications', 'auth.attempts', 'auth.devices']) {
    const { rows } = await sql`select from ${sql.raw(table)}`.execute(db)
    expect([table, rows.length]).toEqual([table, 1])
  }
})
