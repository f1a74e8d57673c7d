import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // Since when the person refuses. While it is set, only their own word or a consent that is kept brings them back.
  `alter table contacts add column opted_out_at timestamptz,
    add constraint contact_consent_agrees check (opted_out_at is null or not subscribed)`,

  `alter table projects add column double_opt_in boolean not null default false`,

  // People who had all that was known of them erased. The hash is enough to know them again, and says nothing else.
  `create table erased_addresses (
    project_id uuid not null,
    hash bytea not null,
    at timestamptz not null default now(),
    primary key (project_id, hash)
  )`,
  `create function address_hash(project_id uuid, email text) returns bytea language sql immutable parallel safe
    return sha256(convert_to(project_id::text || ' ' || email, 'UTF8'))`,

  `create table topics (
    project_id uuid not null,
    id text not null,
    name text not null,
    description text,
    subscribed_by_default boolean not null,
    double_opt_in boolean not null,
    visible boolean not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (project_id, id)
  )`,

  // What people chose; who chose nothing has what the topic begins with.
  `create table contact_topics (
    project_id uuid not null,
    contact_id uuid not null,
    topic_id text not null,
    subscribed boolean not null,
    at timestamptz not null default now(),
    primary key (project_id, contact_id, topic_id),
    foreign key (project_id, contact_id) references contacts on delete cascade,
    foreign key (project_id, topic_id) references topics on delete cascade
  )`,
  `create index contacts_of_topic on contact_topics (project_id, topic_id, contact_id)`,

  // What waits for the word of the person, at most once for each contact. The id stands in the link that asks them.
  `create table confirmations (
    project_id uuid not null,
    contact_id uuid not null,
    id uuid not null,
    email text not null,
    subscribes boolean not null,
    topics text[] not null,
    consent jsonb,
    mails smallint not null default 1,
    day_began timestamptz not null default now(),
    mailed_at timestamptz not null default now(),
    expires_at timestamptz not null,
    confirmed_at timestamptz,
    primary key (project_id, contact_id),
    unique (project_id, id),
    foreign key (project_id, contact_id) references contacts on delete cascade
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
