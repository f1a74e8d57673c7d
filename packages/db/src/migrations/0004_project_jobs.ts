import { sql, type Kysely } from 'kysely'

/** As the catalogue of packages/jobs has it. */
const QUEUE = {
  policy: 'exclusive',
  retryLimit: 10_000,
  retryDelay: 2,
  retryBackoff: true,
  retryDelayMax: 300,
  heartbeatSeconds: 30,
  expireInSeconds: 82_800,
  deleteAfterSeconds: 86_400,
  notify: true,
}

const STATEMENTS = [
  // Long work of a project: what was asked for, from where it goes on, and what came of it.
  `create table project_jobs (
    project_id uuid not null,
    id uuid not null,
    kind text not null,
    status text not null default 'waiting'
      check (status in ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
    input jsonb not null,
    state jsonb not null default '{}',
    done_items integer not null default 0,
    total_items integer,
    result jsonb,
    error text,
    faults smallint not null default 0,
    asked_by jsonb not null,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz check ((finished_at is null) = (status in ('waiting', 'running'))),
    primary key (project_id, id)
  )`,
  `create index project_jobs_open on project_jobs (project_id, id) where finished_at is null`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  await sql`select jobs.create_queue('project-job', ${JSON.stringify(QUEUE)}::jsonb)`.execute(db)
}
