import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { addressHash } from '../consent/refused.ts'
import type { KnownContact } from '../contacts/known.ts'
import { requireTopics } from './read.ts'

/** Whether mail of a topic reaches an address, of a contact or of somebody who is none yet. */
export type Readers = (topic: string, email: string) => boolean

interface Asked {
  mails: readonly { topic?: string | undefined; recipients: readonly { email: string }[] }[]
  known: ReadonlyMap<string, KnownContact>
}

/** Whom mail of topics reaches, as far as the topics decide it. Refuses a topic that does not exist. */
export async function readersOf(db: Db, projectId: string, { mails, known }: Asked): Promise<Readers> {
  const ofTopics = mails.filter(({ topic }) => topic !== undefined)
  const ids = [...new Set(ofTopics.flatMap(({ topic }) => topic ?? []))]
  if (ids.length === 0) return () => true
  const topics = await requireTopics(db, projectId, ids)
  const emails = new Set(ofTopics.flatMap(({ recipients }) => recipients.map(({ email }) => email)))
  const contacts = [...emails].flatMap((email) => known.get(email) ?? [])
  const { rows } = await sql<{ slot: string; subscribed: boolean }>`
    select topic_id || ' ' || one.email as slot, subscribed
    from unnest(${contacts.map(({ id }) => id)}::uuid[], ${contacts.map(({ email }) => email)}::text[]) as one (id, email)
    join contact_topics on project_id = ${projectId} and contact_id = one.id
    where topic_id = any(${ids})
    union all
    select topic_id || ' ' || one.email, false
    from unnest(${[...emails].filter((email) => !known.has(email))}::text[]) as one (email)
    join refused_topics on project_id = ${projectId} and hash = ${addressHash(sql`${projectId}::uuid`, sql.ref('one.email'))}
    where topic_id = any(${ids})
  `.execute(db)
  const choices = new Map(rows.map(({ slot, subscribed }) => [slot, subscribed]))
  return (topic, email) => choices.get(`${topic} ${email}`) ?? topics.get(topic)?.subscribed_by_default ?? false
}
