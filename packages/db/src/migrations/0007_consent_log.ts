import { sql, type Kysely } from 'kysely'

const STATEMENTS = [
  // The proof of what people agreed to and of what they refused. It goes with the contact.
  `create table consent_log (
    project_id uuid not null,
    contact_id uuid not null,
    id uuid not null,
    topic text,
    subscribed boolean not null,
    how text not null check (how in (
      'page', 'one-click', 'confirmation', 'api', 'dashboard', 'bulk', 'import', 'system')),
    actor jsonb,
    ip text,
    user_agent text,
    source text,
    text text,
    given_at timestamptz,
    at timestamptz not null default now(),
    primary key (project_id, contact_id, id),
    foreign key (project_id, contact_id) references contacts on delete cascade
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
