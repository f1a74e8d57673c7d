import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { HealthCheck } from './check.ts'

const name = 'relays'
const MOST_PROJECTS = 1_000

/** What the workers found, who may know relays that this process was not told of. */
export async function checkRelays(db: Db): Promise<HealthCheck[]> {
  const paused = await db
    .selectFrom('relay_pauses')
    .selectAll()
    .where('paused_until', '>', sql<Date>`now()`)
    .orderBy('relay')
    .execute()
  if (paused.length === 0) return [{ name, status: 'ok', message: 'The workers leave no relay alone.' }]
  return paused.map(({ relay, paused_until, reason }) => ({
    name,
    status: 'wrong',
    message: `The workers leave ${relay} alone until ${paused_until.toISOString()}: ${reason}`,
    advice: 'Check that relay, and the SMTP_URL of the workers. Run: pnpm posthorn emails why',
  }))
}

/** Whether the mail that was accepted last, of any project, was accepted for a relay and not for the built-in inbox. */
export async function sendsThroughRelay(db: Db): Promise<boolean> {
  const { rows } = await sql<{ captured: boolean }>`
    select newest.captured from (select id from projects order by id desc limit ${MOST_PROJECTS}) as project
    cross join lateral (
      select emails.id, captured from emails where project_id = project.id order by emails.id desc limit 1
    ) as newest
    order by newest.id desc limit 1
  `.execute(db)
  return rows[0]?.captured === false
}
