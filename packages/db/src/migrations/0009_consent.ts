import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // Since when the person refuses. While it is set, only their own word or a consent that is kept brings them back.
  `alter table contacts add column opted_out_at timestamptz,
    add constraint contact_consent_agrees check (opted_out_at is null or not subscribed)`,

  // Whom it reaches is asked again when it is sent.
  `alter table emails add column is_marketing boolean not null default false, add column topic_id text`,

  `alter table projects add column double_opt_in boolean not null default false`,

  // Addresses of people who refuse and are no contacts any more: erased, deleted, or known by another address since. The
  // hash is enough to know them again, and says nothing else.
  `create table refused_addresses (
    project_id uuid not null,
    hash bytea not null,
    at timestamptz not null default now(),
    primary key (project_id, hash)
  )`,
  `create function address_hash(project_id uuid, email text) returns bytea language sql immutable parallel safe
    return sha256(convert_to(project_id::text || ' ' || email, 'UTF8'))`,

  // However a contact goes, its refusal stays, since when it did.
  `create function keep_refusal() returns trigger language plpgsql as $$
    begin
      insert into refused_addresses as kept (project_id, hash, at)
      values (old.project_id, address_hash(old.project_id, old.email), coalesce(old.opted_out_at, new.opted_out_at))
      on conflict (project_id, hash) do update set at = excluded.at where kept.at < excluded.at;
      return null;
    end
  $$`,
  `create trigger refusal_kept_of_deleted after delete on contacts
    for each row when (old.opted_out_at is not null) execute function keep_refusal()`,
  `create trigger refusal_kept_of_moved after update of email on contacts
    for each row when (old.email <> new.email and coalesce(old.opted_out_at, new.opted_out_at) is not null)
    execute function keep_refusal()`,

  // Who came back refuses no more.
  `create function forget_refusal() returns trigger language plpgsql as $$
    begin
      delete from refused_addresses where project_id = new.project_id and hash = address_hash(new.project_id, new.email);
      return null;
    end
  $$`,
  `create trigger refusal_forgotten after update of opted_out_at on contacts
    for each row when (old.opted_out_at is not null and new.opted_out_at is null) execute function forget_refusal()`,

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

  // Who left a topic that was deleted since, should there be such a topic again.
  `create table left_topics (
    project_id uuid not null,
    contact_id uuid not null,
    topic_id text not null,
    at timestamptz not null,
    primary key (project_id, contact_id, topic_id),
    foreign key (project_id, contact_id) references contacts on delete cascade
  )`,
  `create index left_topics_of_topic on left_topics (project_id, topic_id)`,

  // Who left a topic, and is no contact any more: the contact that comes to have the address takes it over.
  `create table refused_topics (
    project_id uuid not null,
    hash bytea not null,
    topic_id text not null,
    at timestamptz not null,
    primary key (project_id, hash, topic_id)
  )`,
  `create index refused_topics_of_topic on refused_topics (project_id, topic_id)`,
  // Before the contact is deleted, since what it chose goes with it.
  `create function keep_left_topics() returns trigger language plpgsql as $$
    begin
      insert into refused_topics as kept (project_id, hash, topic_id, at)
      select project_id, address_hash(old.project_id, old.email), topic_id, at from contact_topics
      where project_id = old.project_id and contact_id = old.id and not subscribed
      on conflict (project_id, hash, topic_id) do update set at = excluded.at where kept.at < excluded.at;
      return old;
    end
  $$`,
  `create trigger left_topics_kept_of_deleted before delete on contacts
    for each row execute function keep_left_topics()`,
  // Its name is before that of the trigger by which the new address brings its own.
  `create trigger left_topics_kept_of_moved after update of email on contacts
    for each row when (old.email <> new.email) execute function keep_left_topics()`,

  // What its caller sets would hold for the triggers of its update as well, which join all that it changes.
  `create function heed_refusals_of(projects uuid[], ids uuid[]) returns void language plpgsql
    set enable_hashjoin = on set enable_mergejoin = on set enable_seqscan = on as $$
    begin
      update contacts set subscribed = false, opted_out_at = refusal.at
        from unnest(projects, ids) as one (project_id, id), refused_addresses refusal
        where contacts.project_id = one.project_id and contacts.id = one.id and contacts.opted_out_at is null
          and refusal.project_id = one.project_id and refusal.hash = address_hash(contacts.project_id, contacts.email);
      with taken as (
        delete from refused_topics using unnest(projects, ids) as one (project_id, id) join contacts using (project_id, id)
        where refused_topics.project_id = one.project_id
          and refused_topics.hash = address_hash(contacts.project_id, contacts.email)
        returning refused_topics.project_id, id as contact_id, topic_id, at
      )
      insert into contact_topics as choice (project_id, contact_id, topic_id, subscribed, at)
        select taken.project_id, contact_id, topic_id, false, at
        from taken join topics on topics.project_id = taken.project_id and topics.id = topic_id
        order by contact_id, topic_id
        for key share of topics
        on conflict (project_id, contact_id, topic_id) do update set subscribed = false, at = excluded.at
          where choice.at < excluded.at;
    end
  $$`,

  // A contact that is made while the one before it is being deleted sees its refusals only here.
  // However many refusals there are, few contacts are looked up: each by the key.
  `create function heed_refusals() returns trigger language plpgsql
    set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
    declare
      projects uuid[];
      ids uuid[];
    begin
      -- Hashing each address takes longer than all else here.
      if not exists (
        select from (select distinct project_id from added) of_projects join refused_addresses using (project_id))
      and not exists (
        select from (select distinct project_id from added) of_projects join refused_topics using (project_id)) then
        return null;
      end if;
      select array_agg(project_id), array_agg(id) into projects, ids from (
        select distinct project_id, id
        from (select project_id, id, address_hash(project_id, email) as hash from added offset 0) hashed
        left join refused_addresses using (project_id, hash)
        left join refused_topics using (project_id, hash)
        where refused_addresses.at is not null or refused_topics.at is not null
      ) refused;
      -- An update of no rows would have all triggers called as well.
      if ids is not null then
        perform heed_refusals_of(projects, ids);
      end if;
      return null;
    end
  $$`,
  `create trigger refusals_heeded after insert on contacts referencing new table as added
    for each statement execute function heed_refusals()`,
  `create function heed_refusals_of_moved() returns trigger language plpgsql as $$
    begin
      perform heed_refusals_of(array[new.project_id], array[new.id]);
      return null;
    end
  $$`,
  `create trigger refusals_heeded_by_moved after update of email on contacts
    for each row when (old.email <> new.email) execute function heed_refusals_of_moved()`,

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
