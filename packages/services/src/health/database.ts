import { pendingMigrations, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { HealthCheck } from './check.ts'

const OLDEST_MAJOR = 18
const LOSES_DATA: Record<string, string> = {
  fsync: 'a crash of the machine can destroy the whole database',
  full_page_writes: 'a crash of the machine can leave pages torn',
  synchronous_commit: 'a crash can lose mail that was accepted',
}
const SKEW_WARNING_MS = 5_000
const SKEW_WRONG_MS = 5 * 60_000

/** Whether the database answers, and which version it is. */
export async function checkDatabase(db: Db): Promise<HealthCheck> {
  const name = 'database'
  try {
    const { rows } = await sql<{ version: number; words: string }>`
      select current_setting('server_version_num')::int as version, current_setting('server_version') as words
    `.execute(db)
    const { version = 0, words = '' } = rows[0] ?? {}
    if (Math.floor(version / 10_000) >= OLDEST_MAJOR)
      return { name, status: 'ok', message: `PostgreSQL ${words} answers.` }
    return {
      name,
      status: 'warning',
      message: `PostgreSQL ${words} answers, and Posthorn is tested with ${OLDEST_MAJOR}.`,
      advice: `Move to PostgreSQL ${OLDEST_MAJOR}.`,
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      name,
      status: 'wrong',
      message: `The database does not answer (${reason}).`,
      advice: 'Check that PostgreSQL runs and that DATABASE_URL is right.',
    }
  }
}

export async function checkMigrations(db: Db): Promise<HealthCheck> {
  const name = 'migrations'
  const pending = await pendingMigrations(db)
  if (pending.length === 0) return { name, status: 'ok', message: 'The schema is up to date.' }
  return {
    name,
    status: 'wrong',
    message: `The schema lacks ${pending.join(', ')}.`,
    advice: 'Run: pnpm posthorn migrate',
  }
}

/** Settings under which PostgreSQL forgets what it said it had stored. */
export async function checkDurability(db: Db): Promise<HealthCheck> {
  const name = 'durability'
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings where name = any(${Object.keys(LOSES_DATA)}) and setting = 'off' order by name
  `.execute(db)
  if (rows.length === 0) return { name, status: 'ok', message: 'What is committed survives a crash.' }
  return {
    name,
    status: 'wrong',
    message: rows.map((row) => `${row.name} is off: ${LOSES_DATA[row.name]}.`).join(' '),
    advice: `Set ${rows.map((row) => `${row.name} = on`).join(', ')} in postgresql.conf and reload it.`,
  }
}

/** Leases and schedules go by the database's clock alone; dates in mails and expiries of keys do not. */
export async function checkClock(db: Db): Promise<HealthCheck> {
  const name = 'clock'
  const before = Date.now()
  const { rows } = await sql<{ ms: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`.execute(
    db,
  )
  const here = (before + Date.now()) / 2
  const skewMs = Math.abs((rows[0]?.ms ?? here) - here)
  if (skewMs < SKEW_WARNING_MS)
    return { name, status: 'ok', message: 'This machine and the database agree on the time.' }
  return {
    name,
    status: skewMs < SKEW_WRONG_MS ? 'warning' : 'wrong',
    message: `This machine’s clock and the database’s differ by ${Math.round(skewMs / 1000)} s.`,
    advice: 'Let both machines synchronise their clocks (NTP).',
  }
}
