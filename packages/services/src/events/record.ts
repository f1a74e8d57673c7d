import { toldChange, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { insertAudit, type ByHand } from '../audit.ts'
import { mergeContacts, type ContactWish, type Data } from '../contacts/merge.ts'
import { newId } from '../ids.ts'

export interface TrackedEvent {
  contact: ContactWish
  name: string
  data: Data
  /** For what a person does, who is named in the audit log. */
  byHand?: ByHand | undefined
}

export interface RecordedEvent {
  contactId: string
  eventId: string
}

/** Stores events and creates or changes the contacts they belong to. Answers event for event. */
export async function recordEvents(db: Db, tracked: readonly TrackedEvent[]): Promise<RecordedEvent[]> {
  const merged = await mergeContacts(
    db,
    tracked.map(({ contact }) => contact),
  )
  const rows = tracked.map(({ name, data }, index) => ({
    project_id: merged[index]?.projectId,
    id: newId(),
    contact_id: merged[index]?.id,
    name,
    data,
  }))
  const projects = sql`select project_id from stored`
  await sql`
    with stored as (
      insert into events (project_id, id, contact_id, name, data)
      select project_id, id, contact_id, name, data
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as row (project_id uuid, id uuid, contact_id uuid, name text, data jsonb)
      returning project_id
    ), told as materialized (${toldChange('events', projects)}
    ), told_of_contacts as materialized (${toldChange('contacts', projects)}
    )
    select (select count(*) from told), (select count(*) from told_of_contacts)
  `.execute(db)
  for (const [index, { contact, byHand }] of tracked.entries()) {
    if (byHand === undefined) continue
    const entry = byHand.entry(rows.slice(index, index + 1).map(({ id }) => id))
    await insertAudit(db, { projectId: contact.projectId, actor: byHand.actor, ip: byHand.ip, ...entry })
  }
  // Safe because `mergeContacts` answers wish for wish.
  return rows.map((row) => ({ contactId: row.contact_id as string, eventId: row.id }))
}
