import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  `create table templates (
    project_id uuid not null,
    id uuid not null,
    name text not null,
    description text,
    type text not null check (type in ('TRANSACTIONAL', 'MARKETING', 'HEADLESS')),
    published_version integer,
    draft_version integer,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (project_id, id),
    constraint template_name_once unique (project_id, name)
  )`,

  // What was published is never changed, so whatever is made of it may be kept.
  `create table template_versions (
    project_id uuid not null,
    template_id uuid not null,
    number integer not null,
    subject text not null,
    body text not null,
    html text not null,
    text text,
    from_email text,
    from_name text,
    reply_to_email text,
    variables jsonb not null default '[]',
    created_at timestamptz not null default now(),
    created_by jsonb not null,
    published_at timestamptz,
    primary key (project_id, template_id, number),
    foreign key (project_id, template_id) references templates on delete cascade
  )`,

  `alter table emails add column template_id uuid`,
  `create index emails_of_template on emails (project_id, template_id, id) where template_id is not null`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
