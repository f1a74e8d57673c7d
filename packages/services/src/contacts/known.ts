import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Data } from './merge.ts'

export interface KnownContact {
  id: string
  email: string
  subscribed: boolean
  isOptedOut: boolean
  data: Data
}

/** The contacts of a project that have these addresses, by address, with one query however many they are. */
export async function knownContacts(
  db: Db,
  projectId: string,
  emails: readonly string[],
): Promise<Map<string, KnownContact>> {
  const { rows } = await sql<KnownContact>`
    select id, email, subscribed, opted_out_at is not null as "isOptedOut", data from contacts where project_id = ${projectId} and email = any(${emails})
  `.execute(db)
  return new Map(rows.map((contact) => [contact.email, contact]))
}

/** What merging makes of a contact's data (see `merge_data` in the schema): key by key, and null deletes. */
export function mergedData(data: Data, patch: Data): Data {
  return Object.fromEntries(Object.entries({ ...data, ...patch }).filter(([, value]) => value !== null))
}
