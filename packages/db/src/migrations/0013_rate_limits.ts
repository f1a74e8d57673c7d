import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  // How much of a quota is taken in the window that runs. It is not logged: what a crash forgets is at most a window.
  await sql`create unlogged table auth.rate_limits (
    subject bytea primary key,
    taken int not null,
    quota int not null,
    ends_at timestamptz not null
  ) with (fillfactor = 50)`.execute(db)
}
