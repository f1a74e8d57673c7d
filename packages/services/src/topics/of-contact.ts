import type { Input, Output } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { getContact } from '../contacts/read.ts'
import type { Context } from '../context.ts'
import { topicsOf } from './read.ts'

type TopicOfContact = Output<'contacts', 'topics'>['data'][number]

/** All topics of the project, as they stand with a contact. */
export async function topicsOfContact(ctx: Context, { id }: Input<'contacts', 'topics'>) {
  const contact = await getContact(ctx, id)
  return { data: await readTopics(ctx.db, { projectId: ctx.actor.projectId, contactId: contact.id }) }
}

/** As `topicsOfContact`, with what recipients read. */
export async function readTopics(
  db: Db,
  { projectId, contactId }: { projectId: string; contactId: string },
): Promise<(TopicOfContact & { description: string | null; visible: boolean; subscribedByDefault: boolean })[]> {
  const topics = await topicsOf(db, projectId)
  if (topics.length === 0) return []
  const { rows } = await sql<{
    subscribed: boolean
    choices: Record<string, [boolean, string]> | null
    waiting: string[]
  }>`
    select subscribed, (
        select jsonb_object_agg(topic_id, jsonb_build_array(subscribed, at)) from contact_topics
        where project_id = ${projectId} and contact_id = ${contactId}) as choices,
      coalesce((
        select topics from confirmations where project_id = ${projectId} and contact_id = ${contactId}
          and confirmed_at is null and expires_at > now() and confirmations.email = contacts.email), '{}') as waiting
    from contacts where project_id = ${projectId} and id = ${contactId}
  `.execute(db)
  const { subscribed = false, choices = null, waiting = [] } = rows[0] ?? {}
  return topics.map((topic) => {
    const [choice = null, at = null] = choices?.[topic.id] ?? []
    const isChosen = choice ?? topic.subscribed_by_default
    const state = (): TopicOfContact['state'] => {
      if (!isChosen && waiting.includes(topic.id)) return 'pending'
      if (choice === false) return 'opted-out'
      return isChosen && subscribed ? 'subscribed' : 'unsubscribed'
    }
    return {
      id: topic.id,
      name: topic.name,
      description: topic.description,
      visible: topic.visible,
      subscribedByDefault: topic.subscribed_by_default,
      choice,
      state: state(),
      changedAt: at === null ? null : new Date(at),
    }
  })
}
