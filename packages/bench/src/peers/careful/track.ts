import type { PoolClient } from 'pg'
import type { Event } from '../schema.ts'

/** The event, and the contact that it makes or describes, in the caller's transaction. */
export async function storeEvent(at: { client: PoolClient; projectId: string }, { event, email, data }: Event) {
  const { client, projectId } = at
  const contact = await client.query<{ id: string }>({
    name: 'describe-contact',
    text: `insert into contacts (project_id, email, data) values ($1, $2, $3)
           on conflict (project_id, email) do update set data = contacts.data || excluded.data, updated_at = now()
           returning id`,
    values: [projectId, email.toLowerCase(), data],
  })
  const contactId = contact.rows[0]?.id
  const stored = await client.query<{ id: string; created_at: Date }>({
    name: 'insert-event',
    text: `insert into events (project_id, contact_id, name, data) values ($1, $2, $3, $4) returning id, created_at`,
    values: [projectId, contactId, event, data],
  })
  return { contact: contactId, event: stored.rows[0]?.id, timestamp: stored.rows[0]?.created_at }
}
