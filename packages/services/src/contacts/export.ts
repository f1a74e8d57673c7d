import { sql } from 'kysely'
import type { Input } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import type { Choices } from '../topics/choices.ts'
import { listContacts } from './list.ts'

/** One page of contacts, each with the topics that it chose or left. */
export async function listWithTopics(ctx: Context, query: Input<'contacts', 'list'>) {
  const page = await listContacts(ctx, query)
  const { rows } = await sql<{ id: string; topics: Choices }>`
    select contact_id as id, jsonb_object_agg(topic_id, subscribed) as topics from contact_topics
    where project_id = ${ctx.actor.projectId} and contact_id = any(${page.data.map(({ id }) => id)}::uuid[])
    group by contact_id
  `.execute(ctx.db)
  const topics = new Map(rows.map((row) => [row.id, row.topics]))
  return { ...page, data: page.data.map((contact) => ({ ...contact, topics: topics.get(contact.id) ?? null })) }
}
