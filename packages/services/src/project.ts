import type { Handlers } from './handlers.ts'
import { ApiError } from './errors.ts'

export const project: Handlers<'project'> = {
  async get({ db, actor }) {
    const row = await db.selectFrom('projects').selectAll().where('id', '=', actor.projectId).executeTakeFirst()
    if (row === undefined) throw new ApiError('PROJECT_NOT_FOUND', 'There is no such project.')
    const domains = await db
      .selectFrom('domains')
      .select('domain')
      .where('project_id', '=', actor.projectId)
      .orderBy('domain')
      .execute()
    return {
      id: row.id,
      name: row.name,
      defaultSender: { email: row.default_sender_email, name: row.default_sender_name },
      domains: domains.map(({ domain }) => domain),
      createdAt: row.created_at,
    }
  },
}
