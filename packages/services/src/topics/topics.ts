import { LIMITS } from '@posthorn/contracts'
import { faultOfTopic } from '@posthorn/contracts/topics'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError, fieldRefusal } from '../errors.ts'
import type { Handlers } from '../handlers.ts'
import { lockProject } from '../people/membership.ts'
import { presentTopic, requireTopics, topicNotFound, topicsOf, type TopicRow } from './read.ts'

export const topics: Handlers<'topics'> = {
  async list({ db, actor }) {
    return { data: (await topicsOf(db, actor.projectId)).map(presentTopic) }
  },

  async get(ctx, { id }) {
    const topic = await getTopic(ctx, id)
    const [chosenBy, refusedBy] = await Promise.all([countChoices(ctx, id, true), countChoices(ctx, id, false)])
    return { ...presentTopic(topic), chosenBy, refusedBy }
  },

  create: (ctx, { id, name, description, subscribedByDefault, doubleOptIn, visible }) =>
    inTransaction(ctx, async (ctx) => {
      const { projectId } = ctx.actor
      await lockProject(ctx.db, projectId)
      const existing = await topicsOf(ctx.db, projectId)
      if (existing.some((topic) => topic.id === id)) {
        throw new ApiError('TOPIC_EXISTS', `The project has a topic \`${id}\` already.`)
      }
      if (existing.length >= LIMITS.topicsPerProject) {
        throw new ApiError('TOO_MANY_TOPICS', `A project has ${LIMITS.topicsPerProject} topics at most.`)
      }
      const row = await ctx.db
        .insertInto('topics')
        .values({
          project_id: projectId,
          id,
          name,
          description: description ?? null,
          subscribed_by_default: subscribedByDefault,
          double_opt_in: doubleOptIn,
          visible,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      await takeUpRefusals(ctx, id)
      await tell(ctx, 'topic.created', id, { name })
      return presentTopic(row)
    }),

  update: (ctx, { id, name, description, subscribedByDefault, doubleOptIn, visible }) =>
    inTransaction(ctx, async (ctx) => {
      const changes = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(subscribedByDefault !== undefined && { subscribed_by_default: subscribedByDefault }),
        ...(doubleOptIn !== undefined && { double_opt_in: doubleOptIn }),
        ...(visible !== undefined && { visible }),
      }
      if (Object.keys(changes).length === 0) return presentTopic(await getTopic(ctx, id))
      const row = await ctx.db
        .updateTable('topics')
        .set({ ...changes, updated_at: sql<Date>`now()` })
        .where('project_id', '=', ctx.actor.projectId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      if (row === undefined) throw topicNotFound()
      const topic = presentTopic(row)
      const fault = faultOfTopic(topic)
      if (fault !== undefined) throw fieldRefusal(doubleOptIn ? 'doubleOptIn' : 'subscribedByDefault', fault)
      await tell(ctx, 'topic.changed', id, changes)
      return topic
    }),

  delete: (ctx, { id }) =>
    inTransaction(ctx, async (ctx) => {
      await keepRefusals(ctx, id)
      const { numDeletedRows } = await ctx.db
        .deleteFrom('topics')
        .where('project_id', '=', ctx.actor.projectId)
        .where('id', '=', id)
        .executeTakeFirst()
      if (Number(numDeletedRows) === 0) throw topicNotFound()
      await tell(ctx, 'topic.deleted', id)
      return {}
    }),
}

async function getTopic({ db, actor }: Context, id: string): Promise<TopicRow> {
  const topic = (await requireTopics(db, actor.projectId, [id])).get(id)
  if (topic === undefined) throw topicNotFound()
  return topic
}

/**
 * Keeps which contacts left a topic that is being deleted, and forgets who is none any more. Waits for those who are about
 * to choose, or to be deleted.
 */
async function keepRefusals({ db, actor: { projectId } }: Context, id: string): Promise<void> {
  await sql`select from topics where project_id = ${projectId} and id = ${id} for update`.execute(db)
  await sql`
    insert into left_topics (project_id, contact_id, topic_id, at)
    select choice.project_id, contact_id, topic_id, choice.at
    from contact_topics choice join contacts on contacts.project_id = choice.project_id and contacts.id = contact_id
    where choice.project_id = ${projectId} and topic_id = ${id} and not choice.subscribed
    for key share of contacts
  `.execute(db)
  await sql`delete from refused_topics where project_id = ${projectId} and topic_id = ${id}`.execute(db)
}

/** Who left a topic before it was deleted has left the one that has its id now. */
async function takeUpRefusals({ db, actor: { projectId } }: Context, id: string): Promise<void> {
  await sql`
    with taken as (
      delete from left_topics where project_id = ${projectId} and topic_id = ${id}
      returning project_id, contact_id, topic_id, at
    )
    insert into contact_topics (project_id, contact_id, topic_id, subscribed, at)
    select project_id, contact_id, topic_id, false, at from taken
  `.execute(db)
}

async function countChoices({ db, actor }: Context, id: string, subscribed: boolean): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from contact_topics
      where project_id = ${actor.projectId} and topic_id = ${id} and subscribed = ${subscribed}
      limit ${LIMITS.topicChoicesCounted}) counted
  `.execute(db)
  return rows[0]?.count ?? 0
}

async function tell(ctx: Context, action: string, target: string, detail: Record<string, unknown> = {}) {
  await audit(ctx, { action, target, detail })
  await announce(ctx.db, ctx.actor.projectId, 'topics')
}
