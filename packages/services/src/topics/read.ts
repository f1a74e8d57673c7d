import type { Db, Tables } from '@posthorn/db'
import type { Selectable } from 'kysely'
import { ApiError } from '../errors.ts'

export type TopicRow = Selectable<Tables['topics']>

export const topicNotFound = () => new ApiError('TOPIC_NOT_FOUND', 'The project has no such topic.')

/** The topics of a project, by name; there are not many. */
export const topicsOf = (db: Db, projectId: string): Promise<TopicRow[]> =>
  db.selectFrom('topics').selectAll().where('project_id', '=', projectId).orderBy('name').orderBy('id').execute()

/** Those that are named, by id. */
async function findTopics(
  db: Db,
  { projectId, ids, toChoose }: { projectId: string; ids: readonly string[]; toChoose: boolean },
): Promise<Map<string, TopicRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('topics')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', 'in', [...new Set(ids)])
    .orderBy('id')
    .$if(toChoose, (query) => query.forKeyShare())
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Those that are there of the ones named, by id. Until the transaction ends, nobody deletes them. */
export const heldTopics = (db: Db, projectId: string, ids: readonly string[]): Promise<Map<string, TopicRow>> =>
  findTopics(db, { projectId, ids, toChoose: true })

/** Those that are named, by id. Refuses where one of them does not exist. */
export async function requireTopics(
  db: Db,
  projectId: string,
  ids: readonly string[],
  { toChoose = false }: { toChoose?: boolean } = {},
): Promise<Map<string, TopicRow>> {
  const topics = await findTopics(db, { projectId, ids, toChoose })
  const missing = ids.find((id) => !topics.has(id))
  if (missing !== undefined) {
    throw new ApiError('TOPIC_NOT_FOUND', `The project has no topic \`${missing}\`.`, {
      suggestion: 'Create it first, in the dashboard or by POST /v1/topics.',
    })
  }
  return topics
}

export const presentTopic = (row: TopicRow) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  subscribedByDefault: row.subscribed_by_default,
  doubleOptIn: row.double_opt_in,
  visible: row.visible,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
