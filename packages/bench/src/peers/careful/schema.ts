import type { Pool } from 'pg'
import { PgBoss } from 'pg-boss'
import { hashOfKey } from '../web.ts'

export const queue = 'send-email'

/** Tables, the queue, one project and its key. */
export async function createSchema(pool: Pool, boss: { databaseUrl: string; key: string }): Promise<void> {
  await pool.query(`
    create table projects (id uuid primary key default gen_random_uuid(), name text not null);
    create table api_keys (
      key_hash text primary key,
      project_id uuid not null references projects,
      created_at timestamptz not null default now()
    );
    create table contacts (
      id uuid primary key default gen_random_uuid(),
      project_id uuid not null references projects,
      email text not null,
      data jsonb not null default '{}',
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (project_id, email)
    );
    create index on contacts (project_id, created_at);
    create table emails (
      id uuid primary key default gen_random_uuid(),
      project_id uuid not null references projects,
      contact_id uuid not null references contacts,
      from_address text not null,
      to_address text not null,
      subject text not null,
      body text not null,
      status text not null default 'queued',
      created_at timestamptz not null default now(),
      sent_at timestamptz
    );
    create index on emails (project_id, created_at);
    create table events (
      id uuid primary key default gen_random_uuid(),
      project_id uuid not null references projects,
      contact_id uuid not null references contacts,
      name text not null,
      data jsonb not null,
      created_at timestamptz not null default now()
    );
    create index on events (project_id, created_at);
  `)
  await pool.query(
    `with project as (insert into projects (name) values ('bench') returning id)
     insert into api_keys (key_hash, project_id) select $1, id from project`,
    [hashOfKey(boss.key)],
  )
  const jobs = new PgBoss({ connectionString: boss.databaseUrl, max: 2, supervise: false, schedule: false })
  await jobs.start()
  await jobs.createQueue(queue, { retryLimit: 5, retryBackoff: true, expireInSeconds: 300, notify: true })
  await jobs.stop({ graceful: false })
}
