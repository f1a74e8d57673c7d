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

  // What stays of a project that was deleted: whose audit log that is, and until when it is kept. No reference, since
  // it outlives the project. Nobody comes by an early end of it: none is made backwards in time, and none is changed.
  `create table deleted_projects (
    project_id uuid primary key,
    id uuid not null,
    name text not null,
    deleted_at timestamptz not null default now(),
    audit_kept_until timestamptz not null,
    check (audit_kept_until >= deleted_at + interval '1 year')
  )`,
  `create function refuse_backdated_deletion() returns trigger language plpgsql as $$
    begin
      if new.deleted_at < now() then
        raise exception 'the audit log is append-only';
      end if;
      return new;
    end
  $$`,
  `create trigger deleted_projects_begin_now before insert on deleted_projects
    for each row execute function refuse_backdated_deletion()`,
  `create trigger deleted_projects_stay before update on deleted_projects
    for each row execute function refuse_audit_change()`,
  `create trigger deleted_projects_never_truncated before truncate on deleted_projects
    for each statement execute function refuse_audit_change()`,
  `create function refuse_audit_deletion() returns trigger language plpgsql as $$
    begin
      if exists (select from projects where id = old.project_id) or not exists (
        select from deleted_projects where project_id = old.project_id and audit_kept_until < now()
      ) then
        raise exception 'the audit log is append-only';
      end if;
      return old;
    end
  $$`,
  `create or replace trigger audit_log_append_only before update on audit_log
    for each row execute function refuse_audit_change()`,
  `create trigger audit_log_kept before delete on audit_log
    for each row execute function refuse_audit_deletion()`,
  `create trigger deleted_projects_kept before delete on deleted_projects
    for each row execute function refuse_audit_deletion()`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  // Too long to be prepared, which is why it can be several statements; see `connect`.
  await sql.raw(await readFile(PG_BOSS, 'utf8')).execute(db)
  for (const [name, options] of Object.entries(QUEUES)) {
    await sql`select jobs.create_queue(${name}, ${JSON.stringify(options)}::jsonb)`.execute(db)
  }
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
