import { domainToUnicode } from 'node:url'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Addressed } from './mails.ts'

/** Deletes what the inbox caught of mails in which a person has part. It keeps few messages of a project. */
export async function eraseCaught(db: Db, { projectId, emails }: Addressed): Promise<void> {
  await sql`
    delete from inbox_messages
    where project_id = ${projectId} and exists (select from unnest(envelope_to) as at where lower(at) = any(${emails}))
  `.execute(db)
}

/** Takes a person out of what is kept of imports: the rows that are reported, and the samples of columns. */
export async function eraseFromImports(db: Db, { projectId, emails }: Addressed): Promise<void> {
  // A file has them as somebody wrote them: with a name, or the domain in letters of its language.
  const written = [...new Set(emails.flatMap((email) => [email, inLetters(email)]))]
  await sql`
    update import_problems set email = null
    where project_id = ${projectId}
      and exists (select from unnest(${written}::text[]) as one where strpos(lower(email), one) > 0)
  `.execute(db)
  await sql`
    update imports set columns = (
      select jsonb_agg(jsonb_set(one, '{samples}', '[]') order by place)
      from jsonb_array_elements(columns) with ordinality as listed (one, place))
    where project_id = ${projectId} and exists (
      select from unnest(${written}::text[]) as one
      where strpos(lower(columns::text), btrim(to_json(one)::text, '"')) > 0)
  `.execute(db)
}

function inLetters(email: string): string {
  const at = email.lastIndexOf('@') + 1
  return email.slice(0, at) + domainToUnicode(email.slice(at))
}
