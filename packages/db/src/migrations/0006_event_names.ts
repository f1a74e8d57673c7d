import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // What the one who reports an event calls it, so that it can be reported again and still happens once.
  `alter table events add column client_id text`,
  `create unique index event_once on events (project_id, client_id) where client_id is not null`,

  // Which events there are and how many of each, true in the transaction that stores or deletes them. Each number is
  // spread over rows, so that statements which count at the same time seldom wait for each other.
  `create table event_names (
    project_id uuid not null,
    name text not null,
    shard smallint not null,
    count bigint not null,
    first_at timestamptz,
    last_at timestamptz,
    primary key (project_id, name, shard)
  ) with (fillfactor = 50)`,

  `insert into event_names (project_id, name, shard, count, first_at, last_at)
    select project_id, name, 0, count(*), min(created_at), max(created_at) from events group by project_id, name`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
