import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Person } from './mails.ts'

/** Deletes what the inbox caught of mails in which a person has part. It keeps few messages of a project. */
export async function eraseCaught(db: Db, { projectId, email }: Person): Promise<void> {
  await sql`
    delete from inbox_messages
    where project_id = ${projectId} and exists (select from unnest(envelope_to) as at where lower(at) = ${email})
  `.execute(db)
}

/** Takes a person out of what is kept of imports: the rows that are reported, and the samples of columns. */
export async function eraseFromImports(db: Db, { projectId, email }: Person): Promise<void> {
  await sql`
    update import_problems set email = null where project_id = ${projectId} and lower(btrim(email)) = ${email}
  `.execute(db)
  await sql`
    update imports set columns = (
      select jsonb_agg(jsonb_set(one, '{samples}', '[]') order by place)
      from jsonb_array_elements(columns) with ordinality as listed (one, place))
    where project_id = ${projectId} and strpos(lower(columns::text), btrim(to_json(${email}::text)::text, '"')) > 0
  `.execute(db)
}
