import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // Files of contacts. One that has no uploaded_at is still arriving, or broke off.
  `create table imports (
    project_id uuid not null,
    id uuid not null,
    filename text,
    encoding text,
    delimiter text,
    columns jsonb not null default '[]',
    row_count integer not null default 0,
    byte_count bigint not null default 0,
    stored_bytes bigint not null default 0,
    dry_run boolean,
    job_id uuid,
    problem_count integer not null default 0,
    created_at timestamptz not null default now(),
    touched_at timestamptz not null default now(),
    uploaded_at timestamptz,
    primary key (project_id, id)
  )`,
  `create index imports_of_job on imports (project_id, job_id) where job_id is not null`,
  `create index imports_arriving on imports (project_id, touched_at) where uploaded_at is null`,

  // The rows of a file as JSON, so many at a time that each step of the job takes one piece.
  `create table import_pieces (
    project_id uuid not null,
    import_id uuid not null,
    number integer not null,
    first_row integer not null,
    row_count integer not null,
    rows text not null,
    primary key (project_id, import_id, number),
    foreign key (project_id, import_id) references imports on delete cascade
  )`,

  `create table import_problems (
    project_id uuid not null,
    import_id uuid not null,
    row integer not null,
    outcome text not null check (outcome in ('refused', 'skipped', 'kept-out')),
    column_name text,
    email text,
    code text not null,
    message text not null,
    primary key (project_id, import_id, row),
    foreign key (project_id, import_id) references imports on delete cascade
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
