import { readFile } from 'node:fs/promises'
import { sql, type Kysely } from 'kysely'

const PG_BOSS = new URL('0003_jobs.sql', import.meta.url)

/** Beside the tables, since the API may queue before any worker has started. packages/jobs has the words for each. */
const QUEUES = {
  'project-deletion': {
    policy: 'exclusive',
    retryLimit: 10_000,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: 300,
    heartbeatSeconds: 30,
    expireInSeconds: 82_800,
    deleteAfterSeconds: 604_800,
    notify: true,
  },
  housekeeping: {
    policy: 'exclusive',
    retryLimit: 3,
    retryDelay: 60,
    heartbeatSeconds: 30,
    expireInSeconds: 82_800,
    deleteAfterSeconds: 86_400,
    notify: true,
  },
}

const STATEMENTS = [
  // How far the deletion of a project is, and who asked for it and may see that. Goes with the project itself.
  `create table project_deletions (
    project_id uuid primary key references projects on delete cascade,
    asked_by uuid,
    done_rows bigint not null default 0,
    total_rows bigint not null,
    started_at timestamptz not null default now(),
    emptied_at timestamptz
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  // Too long to be prepared, which is why it can be several statements; see `connect`.
  await sql.raw(await readFile(PG_BOSS, 'utf8')).execute(db)
  for (const [name, options] of Object.entries(QUEUES)) {
    await sql`select jobs.create_queue(${name}, ${JSON.stringify(options)}::jsonb)`.execute(db)
  }
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
