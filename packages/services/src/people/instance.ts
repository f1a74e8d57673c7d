import { lanes } from '@posthorn/outbox'
import { sql } from 'kysely'
import packageJson from '../../package.json' with { type: 'json' }
import { pageOf, readCursor } from '../cursor.ts'
import { deletedProjects } from './deleted-projects.ts'
import type { PeopleHandlers } from './handlers.ts'

const COUNTED_AT_MOST = 10_000

export const instance: PeopleHandlers<'instance'> = {
  ...deletedProjects,

  async get({ db, runtime }) {
    const { rows } = await sql<Numbers>`
      select
        (select count(*)::int from projects where deleted_at is null) as projects,
        (select count(*)::int from auth.users) as users,
        (select count(*)::int from (select from outbox limit ${COUNTED_AT_MOST}) waiting) as waiting
    `.execute(db)
    const { projects, users, waiting } = rows[0] as Numbers // Safe because it has no `from`.
    const overdueMs = Math.max(0, ...(await lanes(db)).map(({ dueInMs }) => -dueInMs))
    return {
      version: packageJson.version,
      projects,
      users,
      waitingEmails: waiting,
      oldestDueAt: overdueMs > 0 ? new Date(Date.now() - overdueMs) : null,
      captures: runtime.captures,
    }
  },

  async health({ runtime }) {
    const checks = await runtime.checkHealth()
    return { checks: checks.map(({ name, status, message, advice = null }) => ({ name, status, message, advice })) }
  },

  async projects({ db }, { limit, cursor }) {
    const before = readCursor(cursor)
    const rows = await db
      .selectFrom('projects')
      .select(['id', 'name', 'created_at', 'deleted_at'])
      .select(({ selectFrom }) =>
        selectFrom('members')
          .select(({ fn }) => fn.countAll<string>().as('count'))
          .whereRef('members.project_id', '=', 'projects.id')
          .as('members'),
      )
      .$if(before !== undefined, (query) => query.where('id', '<', before as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => ({
      id: row.id,
      name: row.name,
      members: Number(row.members),
      createdAt: row.created_at,
      deletedAt: row.deleted_at,
    }))
  },

  async users({ db }, { limit, cursor }) {
    const before = readCursor(cursor)
    const rows = await db
      .selectFrom('auth.users')
      .select(['id', 'name', 'email', 'is_instance_owner', 'created_at'])
      .select(({ selectFrom }) => [
        selectFrom('members')
          .select(({ fn }) => fn.countAll<string>().as('count'))
          .whereRef('members.user_id', '=', 'auth.users.id')
          .as('projects'),
        selectFrom('auth.sessions')
          .select(({ fn }) => fn.max('updated_at').as('at'))
          .whereRef('auth.sessions.user_id', '=', 'auth.users.id')
          .as('last_seen_at'),
      ])
      .$if(before !== undefined, (query) => query.where('id', '<', before as string))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    return pageOf(rows, limit, (row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      isInstanceOwner: row.is_instance_owner === true,
      projects: Number(row.projects),
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
    }))
  },
}

interface Numbers {
  projects: number
  users: number
  waiting: number
}
