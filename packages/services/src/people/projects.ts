import { enqueueJob } from '@posthorn/jobs'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type PeopleContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { insertProject, progressOf } from '../instance.ts'
import { noteAccountAct } from './account-log.ts'
import type { PeopleHandlers, SignedIn } from './handlers.ts'
import { startDeletion } from './deletion.ts'
import { lockMembers, lockProject } from './membership.ts'
import { findOwnProject } from './own-project.ts'
import { requireProjectLeft } from './projects-per-day.ts'
import { roleTooLow } from './refusals.ts'

export const projects: PeopleHandlers<'projects'> = {
  async list({ db, actor: { person } }) {
    const { rows } = await sql<ListedProject>`
      select id, name, role, created_at, null as done_rows, null as total_rows
      from members join projects on projects.id = project_id
      where user_id = ${person.userId} and deleted_at is null
      union all
      select id, name, 'owner', created_at, done_rows, total_rows
      from project_deletions join projects on projects.id = project_id
      -- Where all is gone, only the last calls are waited for.
      where asked_by = ${person.userId} and emptied_at is null
      order by name, id
    `.execute(db)
    return {
      data: rows.map(({ id, name, role, created_at, done_rows, total_rows }) => ({
        id,
        name,
        role,
        createdAt: created_at,
        deletion: total_rows === null ? null : progressOf(Number(done_rows), Number(total_rows)),
      })),
    }
  },

  create: (ctx, { name }) =>
    inTransaction(ctx, async (ctx) => {
      await requireMayCreate(ctx)
      await requireProjectLeft(ctx)
      const { person } = ctx.actor
      const { project } = await insertProject(ctx.db, ctx.runtime.secrets, {
        name,
        actor: { kind: 'user', id: person.userId, name: person.name },
        ip: ctx.ip,
      })
      await ctx.db
        .insertInto('members')
        .values({ project_id: project.id, user_id: person.userId, role: 'owner' })
        .execute()
      const { id, name: called } = project
      const detail = { id, name: called }
      await noteAccountAct(ctx.db, { ...ctx, userId: person.userId, action: 'project-made', detail })
      return project
    }),

  delete: (ctx, { confirm }) =>
    inTransaction(ctx, async (ctx) => {
      const { projectId } = ctx.actor
      // Looked at again with the members locked: the right may have been taken away while the call waited.
      if ((await lockMembers(ctx)) !== 'owner') throw roleTooLow('project:delete')
      const { name } = await lockProject(ctx.db, projectId)
      if (confirm !== name) {
        throw new ApiError('NOT_ALLOWED', 'This is not the name of the project.', {
          suggestion: 'Type the name letter by letter, as it is shown.',
        })
      }
      if ((await findOwnProject(ctx.db)) === projectId) {
        throw new ApiError('NOT_ALLOWED', 'Posthorn’s own mail is sent from this project, so it stays.')
      }
      await audit(ctx, { action: 'project.deleted', target: projectId, detail: { name } })
      // Announced before the members are gone, so that open tabs are told and find themselves outside.
      await announce(ctx.db, projectId, 'project')
      await startDeletion(ctx.db, projectId, ctx.actor.kind === 'user' ? ctx.actor.person.userId : null)
      await enqueueJob(ctx.db, 'project-deletion', { projectId })
      return { id: projectId }
    }),
}

interface ListedProject {
  id: string
  name: string
  role: 'owner' | 'admin' | 'member' | 'viewer'
  created_at: Date
  done_rows: string | null
  total_rows: string | null
}

/** Where sign-up is closed, nobody who is no longer part of anything makes room for themselves. */
async function requireMayCreate({ db, runtime, actor: { person } }: PeopleContext<SignedIn>): Promise<void> {
  if (runtime.signUps === 'open' || person.isInstanceOwner) return
  const membership = await db
    .selectFrom('members')
    .innerJoin('projects', 'projects.id', 'project_id')
    .select('user_id')
    .where('user_id', '=', person.userId)
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (membership !== undefined) return
  throw new ApiError('NOT_ALLOWED', 'Only who works on a project here can make another one.', {
    suggestion: 'Ask the owner of this Posthorn, or to be invited to a project.',
  })
}
