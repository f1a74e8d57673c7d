import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { KnownContact } from '../contacts/known.ts'
import { requireTopics } from './read.ts'

/** Whether mail of a topic reaches a contact, or somebody who is none yet. */
export type Readers = (topic: string, contactId: string | undefined) => boolean

interface Asked {
  mails: readonly { topic?: string | undefined }[]
  known: ReadonlyMap<string, KnownContact>
}

/** Whom mail of topics reaches, as far as the topics decide it. Refuses a topic that does not exist. */
export async function readersOf(db: Db, projectId: string, { mails, known }: Asked): Promise<Readers> {
  const ids = [...new Set(mails.flatMap(({ topic }) => topic ?? []))]
  if (ids.length === 0) return () => true
  const topics = await requireTopics(db, projectId, ids)
  const contactIds = [...known.values()].map(({ id }) => id)
  const { rows } = await sql<{ slot: string; subscribed: boolean }>`
    select topic_id || ' ' || contact_id as slot, subscribed from contact_topics
    where project_id = ${projectId} and contact_id = any(${contactIds}::uuid[]) and topic_id = any(${ids})
  `.execute(db)
  const choices = new Map(rows.map(({ slot, subscribed }) => [slot, subscribed]))
  return (topic, contactId) => choices.get(`${topic} ${contactId}`) ?? topics.get(topic)?.subscribed_by_default ?? false
}
