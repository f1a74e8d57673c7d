import { sql, type Kysely } from 'kysely'

// Hot tables carry no foreign key to `projects`: each insert would lock the project's row in share mode, and a
// busy project would meet itself there. Deleting a project deletes its rows in batches.
const STATEMENTS = [
  `create table projects (
    id uuid primary key,
    name text not null,
    default_sender_email text not null,
    default_sender_name text,
    created_at timestamptz not null default now()
  )`,

  `create table api_keys (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    kind text not null check (kind in ('public', 'secret')),
    name text not null,
    hash bytea not null unique,
    hint text not null,
    encrypted bytea check ((kind = 'secret') = (encrypted is not null)),
    public_key text check ((kind = 'public') = (public_key is not null)),
    scopes text[],
    allowed_ips text[] not null default '{}',
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    last_used_ip text,
    replaced_by uuid
  )`,
  `create index api_keys_of_project on api_keys (project_id, id)`,

  `create table audit_log (
    project_id uuid not null,
    id uuid not null,
    at timestamptz not null default now(),
    actor jsonb not null,
    action text not null,
    target text,
    detail jsonb not null default '{}',
    ip text,
    primary key (project_id, id)
  )`,
  `create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is append-only';
    end
  $$`,
  `create trigger audit_log_append_only before update or delete on audit_log
    for each row execute function refuse_audit_change()`,
  `create trigger audit_log_never_truncated before truncate on audit_log
    for each statement execute function refuse_audit_change()`,

  `create table domains (
    project_id uuid not null references projects on delete cascade,
    domain text not null,
    trusted_at timestamptz not null default now(),
    primary key (project_id, domain)
  )`,

  `create table contacts (
    project_id uuid not null,
    id uuid not null,
    email text not null,
    data jsonb not null default '{}' constraint contact_data_bounded check (octet_length(data::text) <= 262144),
    subscribed boolean not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (project_id, id),
    unique (project_id, email)
  )`,

  `create table events (
    project_id uuid not null,
    id uuid not null,
    contact_id uuid not null,
    name text not null,
    data jsonb not null default '{}',
    created_at timestamptz not null default now(),
    primary key (project_id, id)
  )`,
  `create index events_of_contact on events (project_id, contact_id, id)`,
  `create index events_of_name on events (project_id, name, id)`,

  `create table email_contents (
    project_id uuid not null,
    id uuid not null,
    html text,
    text text,
    headers jsonb not null default '{}',
    data jsonb not null default '{}',
    primary key (project_id, id)
  )`,

  `create table email_attachments (
    project_id uuid not null,
    content_id uuid not null,
    position smallint not null,
    filename text not null,
    content_type text not null,
    inline_id text,
    disposition text not null check (disposition in ('attachment', 'inline')),
    size_bytes integer not null,
    content bytea not null,
    primary key (project_id, content_id, position)
  )`,
  // Attachments are mostly compressed already; trying again costs time and saves nothing.
  `alter table email_attachments alter column content set storage external`,

  `create table emails (
    project_id uuid not null,
    id uuid not null,
    content_id uuid not null,
    contact_id uuid not null,
    from_email text not null,
    from_name text,
    reply_to_email text,
    reply_to_name text,
    to_email text not null,
    to_name text,
    cc jsonb not null default '[]',
    bcc jsonb not null default '[]',
    subject text not null,
    tags text[] not null default '{}',
    stream smallint not null default 0,
    captured boolean not null,
    scheduled_at timestamptz,
    outcome text check (outcome in ('sent', 'failed', 'cancelled')),
    reason text,
    attempts integer not null default 0,
    possibly_duplicate boolean not null default false,
    sent_at timestamptz,
    ended_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (project_id, id)
  )`,
  `create index emails_of_content on emails (project_id, content_id)`,
  `create index emails_to_address on emails (project_id, to_email, id)`,
  `create index emails_failed on emails (project_id, outcome, id) where outcome in ('failed', 'cancelled')`,

  // The rows that wait: few, and rewritten at each step, so dead ones are swept early.
  `create table outbox (
    project_id uuid not null,
    email_id uuid not null,
    stream smallint not null,
    due_at timestamptz not null,
    first_due_at timestamptz not null,
    attempts integer not null default 0,
    lease_token uuid,
    place smallint not null default 0,
    deferrals smallint not null default 0,
    lost_leases smallint not null default 0,
    delivered text[] not null default '{}',
    refused jsonb not null default '{}',
    reason text,
    size_bytes integer not null,
    primary key (project_id, email_id)
  ) with (
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
  )`,
  `create index outbox_due on outbox (project_id, stream, due_at)`,

  // How far a worker has come with what it claimed. A row for a claim instead of a mark on each of its emails, which
  // would be rewritten once more.
  `create table outbox_claims (
    project_id uuid not null,
    token uuid not null,
    announced_to smallint not null,
    announced_at timestamptz not null default now(),
    primary key (project_id, token)
  )`,

  `create table email_attempts (
    project_id uuid not null,
    email_id uuid not null,
    number integer not null,
    started_at timestamptz not null,
    duration_ms integer not null,
    outcome text not null check (outcome in ('accepted', 'deferred', 'rejected', 'unknown')),
    stage text not null,
    reason text not null,
    code smallint,
    enhanced_code text,
    words text not null,
    relay text,
    primary key (project_id, email_id, number)
  )`,

  // Numbers by quarter of an hour, because that is how far apart time zones are. Each is spread over rows, so that
  // statements which count at the same time seldom wait for each other; a worker brings them together later.
  `create table email_stats (
    project_id uuid not null,
    quarter timestamptz not null,
    shard smallint not null,
    accepted integer not null default 0,
    sent integer not null default 0,
    failed integer not null default 0,
    deferred integer not null default 0,
    primary key (project_id, quarter, shard)
  ) with (fillfactor = 50)`,
  `create index email_stats_spread on email_stats (project_id, quarter) where shard > 0`,

  // Until when somebody looks at a project, so that its changes are worth telling.
  `create table live_watches (
    project_id uuid primary key,
    watched_until timestamptz not null
  )`,

  `create table api_requests (
    project_id uuid not null,
    id uuid not null,
    request_id text,
    at timestamptz not null,
    key_id uuid,
    user_id uuid,
    method text not null,
    operation text not null,
    status smallint not null,
    code text,
    duration_ms real not null,
    ip text,
    primary key (project_id, id)
  )`,
  // Only of those that brought an id along; every other is found by its own.
  `create index api_requests_named on api_requests (project_id, request_id, id) where request_id is not null`,
  `create index api_requests_refused on api_requests (project_id, id) where status >= 400`,

  // What the workers know of the relays, so that everybody can be told why mail waits.
  `create table relay_pauses (
    relay text primary key,
    paused_until timestamptz not null,
    reason text not null
  )`,

  `create table idempotency_keys (
    project_id uuid not null,
    key text not null,
    operation text not null,
    request_hash bytea not null,
    response json,
    created_at timestamptz not null default now(),
    primary key (project_id, key)
  )`,
  `create index idempotency_keys_by_age on idempotency_keys (created_at)`,

  `create table inbox_messages (
    project_id uuid not null,
    id uuid not null,
    email_id uuid not null,
    envelope_from text not null,
    envelope_to text[] not null,
    subject text not null,
    size_bytes integer not null,
    source bytea not null,
    received_at timestamptz not null default now(),
    primary key (project_id, id)
  )`,
  `create index inbox_messages_of_email on inbox_messages (project_id, email_id, id)`,

  // Merges as the API promises: key by key at the top level, and null deletes. jsonb_strip_nulls would reach deeper.
  // In SQL it would be planned and started anew with each call.
  `create function merge_data(old jsonb, patch jsonb) returns jsonb language plpgsql immutable parallel safe as $$
    begin
      if patch = '{}' then
        return old;
      elsif not jsonb_path_exists(patch, '$.* ? (@ == null)') then
        return old || patch;
      end if;
      return coalesce((select jsonb_object_agg(key, value) from jsonb_each(old || patch) where value <> 'null'), '{}');
    end
  $$`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
