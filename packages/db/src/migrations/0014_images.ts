import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // What the visual editor made the body of, so that it can be opened there again. Null: the body was written by hand.
  `alter table template_versions add column design jsonb`,

  // The same bytes are one picture of a project, under one address. Content is null where the bucket has it.
  `create table images (
    project_id uuid not null,
    id uuid not null,
    hash bytea not null check (octet_length(hash) = 32),
    name text not null,
    type text not null check (type in ('png', 'jpg', 'gif', 'webp')),
    width integer not null,
    height integer not null,
    size_bytes integer not null,
    content bytea,
    created_at timestamptz not null default now(),
    primary key (project_id, id),
    constraint image_once unique (project_id, hash)
  )`,
  // Pictures are compressed already, and uncompressed values can be read in part.
  `alter table images alter column content set storage external`,

  // Objects of the bucket that go once they are due, unless a picture stands for them then. It outlives its project.
  `create table image_removals (
    project_id uuid not null,
    hash bytea not null,
    due_at timestamptz not null,
    primary key (project_id, hash)
  )`,
  // Whichever way rows go, those of a project that is deleted included. What an upload is about to need stays as long as
  // the upload has asked.
  `create function queue_image_removals() returns trigger language plpgsql as $$
    begin
      insert into image_removals (project_id, hash, due_at)
      select project_id, hash, now() from gone where content is null order by project_id, hash
      on conflict (project_id, hash) do update set due_at = greatest(image_removals.due_at, excluded.due_at);
      return null;
    end $$`,
  `create trigger images_gone after delete on images referencing old table as gone
    for each statement execute function queue_image_removals()`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
