import { parseAddress, type Input } from '@posthorn/contracts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { present } from './read.ts'

/** Which of the addresses are contacts, with one query. */
export async function lookUpContacts({ db, actor }: Context, { emails }: Input<'contacts', 'lookup'>) {
  const asked = new Map<string, string>()
  for (const given of emails) {
    const parsed = parseAddress(given)
    const email = parsed.ok ? parsed.value : given
    if (!asked.has(email)) asked.set(email, given)
  }
  const rows = await db
    .selectFrom('contacts')
    .selectAll()
    .where('project_id', '=', actor.projectId)
    .where(sql<boolean>`email = any(${[...asked.keys()]})`)
    .execute()
  const known = new Map(rows.map((row) => [row.email, row]))
  return {
    found: [...asked.keys()].flatMap((email) => known.get(email) ?? []).map(present),
    notFound: [...asked].flatMap(([email, given]) => (known.has(email) ? [] : given)),
  }
}
