import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // What a public key overwrites of a contact; of all else it only fills what is not set.
  `alter table projects add column browser_fields text[] not null default '{}'`,

  // Fills what is not set, as long as all of it stays small: anybody can hold a public key.
  `create function add_data(old jsonb, adds jsonb, max_bytes integer) returns jsonb language plpgsql immutable parallel safe as $$
    declare
      added jsonb;
    begin
      if adds = '{}' then
        return old;
      end if;
      added := merge_data(adds, old);
      return case when octet_length(added::text) > max_bytes then old else added end;
    end
  $$`,

  // How many events there are of each day (UTC), spread over rows as the numbers of the names are.
  `create table event_days (
    project_id uuid not null,
    day date not null,
    name text not null,
    shard smallint not null,
    count bigint not null,
    primary key (project_id, day, name, shard)
  ) with (fillfactor = 50)`,

  `insert into event_days (project_id, day, name, shard, count)
    select project_id, (created_at at time zone 'UTC')::date, name, 0, count(*) from events group by 1, 2, 3`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
