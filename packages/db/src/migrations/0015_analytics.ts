import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // What each statement that accepts or settles mail counts, as one row that nothing else writes to, so that statements
  // at the same time never wait for each other. A worker adds it up, and a row that is added up is gone.
  `create table email_tallies (
    project_id uuid not null,
    id uuid not null default uuidv7(),
    quarter timestamptz not null,
    streams smallint[] not null,
    template_ids uuid[] not null,
    domains text[] not null,
    accepted integer[],
    sent integer[],
    failed integer[],
    deferred integer[],
    primary key (project_id, id)
  ) with (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
  )`,

  // Numbers by quarter of an hour, because that is how far apart time zones are; each is there once in all, once by
  // template and once by domain.
  `alter table email_stats rename to email_stats_before`,
  `alter table email_stats_before rename constraint email_stats_pkey to email_stats_before_pkey`,
  `create table email_stats (
    project_id uuid not null,
    dimension text not null check (dimension in ('all', 'template', 'domain')),
    quarter timestamptz not null,
    name text not null,
    stream smallint not null,
    accepted integer not null default 0,
    sent integer not null default 0,
    failed integer not null default 0,
    deferred integer not null default 0,
    primary key (project_id, dimension, quarter, name, stream)
  ) with (fillfactor = 70)`,
  `create index email_stats_of_template on email_stats (project_id, name, quarter)
    where dimension = 'template' and name <> ''`,
  // Days (UTC) of which not all domains may stay by name.
  `create table email_stats_days (
    project_id uuid not null,
    day date not null,
    primary key (project_id, day)
  )`,
  `insert into email_stats (project_id, dimension, quarter, name, stream, accepted, sent, failed, deferred)
    select project_id, dimension, quarter, '', 0, sum(accepted), sum(sent), sum(failed), sum(deferred)
    from email_stats_before, unnest(array['all', 'template', 'domain']) dimension
    group by project_id, dimension, quarter`,
  `drop table email_stats_before`,

  // What the feed of a project reads, newest first.
  `create index consent_log_of_project on consent_log (project_id, id)`,
  `create index template_versions_published on template_versions (project_id, published_at) where published_at is not null`,
  // As a UUIDv7 (RFC 9562, with the fraction of its millisecond), so that it has its place among the ids.
  `create function published_id(published_at timestamptz, template_id uuid) returns uuid language sql stable parallel safe
    return (lpad(to_hex(trunc(extract(epoch from published_at) * 1000)::bigint), 12, '0')
      || '7' || lpad(to_hex(extract(microseconds from published_at)::bigint % 1000 * 4096 / 1000), 3, '0')
      || '8' || right(template_id::text, 12) || substr(template_id::text, 21, 3))::uuid`,

  // The addresses that a contact had before, by which its older mails are found.
  `create table contact_addresses (
    project_id uuid not null,
    contact_id uuid not null,
    email text not null,
    primary key (project_id, contact_id, email),
    foreign key (project_id, contact_id) references contacts on delete cascade
  )`,
  `create function keep_contact_address() returns trigger language plpgsql as $$
    begin
      insert into contact_addresses (project_id, contact_id, email) values (old.project_id, old.id, old.email)
      on conflict do nothing;
      return null;
    end
  $$`,
  `create trigger contact_address_kept after update of email on contacts
    for each row when (old.email <> new.email) execute function keep_contact_address()`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
