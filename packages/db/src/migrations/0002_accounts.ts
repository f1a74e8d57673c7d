import { sql, type Kysely } from 'kysely'

// What better-auth reads and writes; packages/accounts/src/schema.ts names it, and its test compares the two.
const AUTH = [
  `create schema auth`,

  `create table auth.users (
    id uuid primary key default uuidv7(),
    name text not null,
    email text not null unique,
    email_verified boolean not null,
    image text,
    is_instance_owner boolean default false,
    two_factor_enabled boolean default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index one_instance_owner on auth.users (is_instance_owner) where is_instance_owner`,

  // The token column holds a hash: who reads the table cannot sign in with what stands there.
  `create table auth.sessions (
    id uuid primary key default uuidv7(),
    user_id uuid not null references auth.users on delete cascade,
    token text not null unique,
    expires_at timestamptz not null,
    ip_address text,
    user_agent text,
    proven_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null
  )`,
  `create index sessions_user_id_idx on auth.sessions (user_id)`,

  `create table auth.accounts (
    id uuid primary key default uuidv7(),
    user_id uuid not null references auth.users on delete cascade,
    account_id text not null,
    provider_id text not null,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamptz,
    refresh_token_expires_at timestamptz,
    scope text,
    password text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null,
    unique (provider_id, account_id)
  )`,
  `create index accounts_user_id_idx on auth.accounts (user_id)`,

  `create table auth.verifications (
    id uuid primary key default uuidv7(),
    identifier text not null,
    value text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create index verifications_identifier_idx on auth.verifications (identifier)`,

  // Whom a link or challenge is about. Each is found by it when a password or address changes, however many others there
  // are: anybody can have some made.
  `create function auth.people_in(value text) returns uuid[] language sql immutable parallel safe as $$
    select coalesce(array_agg(found[1]::uuid), '{}')
    from regexp_matches(value, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g') as found
  $$`,
  `create index verifications_by_person on auth.verifications using gin (auth.people_in(value))`,

  // Whoever changes a password, and whichever way: no session and no link of the time before outlives it.
  `create function auth.end_what_the_old_password_began() returns trigger language plpgsql as $$
    begin
      delete from auth.sessions where user_id = new.user_id;
      delete from auth.verifications where auth.people_in(value) @> array[new.user_id];
      return new;
    end
  $$`,
  `create trigger password_changed after update of password on auth.accounts for each row
    when (old.password is distinct from new.password) execute function auth.end_what_the_old_password_began()`,
  `create trigger password_set after insert on auth.accounts for each row
    when (new.password is not null) execute function auth.end_what_the_old_password_began()`,

  // Whoever reads the old mailbox comes by no link that still works.
  `create function auth.end_what_was_mailed_to_the_old_address() returns trigger language plpgsql as $$
    begin
      delete from auth.verifications where auth.people_in(value) @> array[new.id];
      return new;
    end
  $$`,
  `create trigger address_changed after update of email on auth.users for each row
    when (old.email is distinct from new.email) execute function auth.end_what_was_mailed_to_the_old_address()`,

  `create table auth.two_factors (
    id uuid primary key default uuidv7(),
    user_id uuid not null references auth.users on delete cascade,
    secret text not null,
    backup_codes text not null,
    verified boolean,
    failed_verification_count integer,
    locked_until timestamptz
  )`,
  `create index two_factors_secret_idx on auth.two_factors (secret)`,
  `create index two_factors_user_id_idx on auth.two_factors (user_id)`,

  `create table auth.passkeys (
    id uuid primary key default uuidv7(),
    user_id uuid not null references auth.users on delete cascade,
    name text,
    public_key text not null,
    credential_id text not null,
    counter integer not null,
    device_type text not null,
    backed_up boolean not null,
    transports text,
    aaguid text,
    created_at timestamptz
  )`,
  `create index passkeys_user_id_idx on auth.passkeys (user_id)`,
  `create unique index passkeys_credential_id_idx on auth.passkeys (credential_id)`,

  // How often somebody tried in vain lately. The key is a hash: a mistyped password in the place of the address stays
  // unknown.
  `create table auth.attempts (
    key bytea primary key,
    count integer not null,
    last_at timestamptz not null,
    blocked_until timestamptz not null
  )`,
  `create index attempts_by_age on auth.attempts (last_at)`,

  // From where somebody has signed in before.
  `create table auth.devices (
    user_id uuid not null references auth.users on delete cascade,
    fingerprint bytea not null,
    seen_at timestamptz not null default now(),
    primary key (user_id, fingerprint)
  )`,

  // What people did to their own accounts. It is only ever added to, and outlives the account: no reference.
  `create table auth.account_log (
    user_id uuid not null,
    id uuid not null,
    at timestamptz not null default now(),
    action text not null,
    ip text,
    user_agent text,
    detail json not null,
    primary key (user_id, id)
  )`,
  `create trigger account_log_append_only before update or delete on auth.account_log
    for each row execute function refuse_audit_change()`,
  `create trigger account_log_never_truncated before truncate on auth.account_log
    for each statement execute function refuse_audit_change()`,
]

const PUBLIC = [
  `alter table projects
    add language text not null default 'en',
    add time_zone text not null default 'UTC',
    add postal_address text,
    add retention_days integer,
    add deleted_at timestamptz`,

  // Checked at commit: who joins with the account that they make joins in the same breath.
  `create table members (
    project_id uuid not null references projects on delete cascade,
    user_id uuid not null references auth.users on delete cascade deferrable initially deferred,
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    joined_at timestamptz not null default now(),
    primary key (project_id, user_id)
  )`,
  `create index members_of_user on members (user_id)`,

  `create table invitations (
    project_id uuid not null references projects on delete cascade,
    id uuid not null,
    email text not null,
    role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
    token_hash bytea not null,
    invited_by uuid references auth.users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    primary key (project_id, id),
    unique (project_id, email)
  )`,
  `create unique index invitations_by_token on invitations (token_hash)`,

  `create table instance_setup (
    is_only boolean primary key default true check (is_only),
    token_hash bytea,
    completed_at timestamptz,
    own_project_id uuid references projects on delete set null,
    forwarded_at timestamptz
  )`,
  `insert into instance_setup default values`,

  // Which mails of Posthorn’s own carry a link that works, by what the link lives by, so that it can be blanked in them
  // once it is over.
  `create table mailed_links (
    project_id uuid not null,
    email_id uuid not null,
    verification text,
    invitation bytea,
    primary key (project_id, email_id),
    check (num_nonnulls(verification, invitation) = 1)
  )`,

  // However a session ends, the open pages of its projects look at once whether they still may.
  `create function tell_of_ended_session() returns trigger language plpgsql as $$
    begin
      perform pg_notify('posthorn_changes', live_watches.project_id || ' members')
      from live_watches join members using (project_id)
      where members.user_id = old.user_id and watched_until > now();
      return null;
    end
  $$`,
  `create trigger sessions_told after delete on auth.sessions for each row execute function tell_of_ended_session()`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...AUTH, ...PUBLIC]) await sql.raw(statement).execute(db)
}
