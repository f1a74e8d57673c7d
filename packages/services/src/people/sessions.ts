import { ROLE_PERMISSIONS, type Permission, type Role } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import type { Caller, Person } from '../context.ts'

/** A session that nobody uses for this long ends. */
export const IDLE_SECONDS = 7 * 86_400
/** However much it is used, a session ends after this long. */
export const LIFE_SECONDS = 30 * 86_400
/** A session says that it was used at most this often, so that a look-up is not a write. */
const TOUCH_SECONDS = 5 * 60

const ROLES: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(ROLE_PERMISSIONS.owner),
  admin: new Set(ROLE_PERMISSIONS.admin),
  member: new Set(ROLE_PERMISSIONS.member),
  viewer: new Set(ROLE_PERMISSIONS.viewer),
}

interface Row {
  session_id: string
  user_id: string
  name: string
  email: string
  email_verified: boolean
  is_instance_owner: boolean | null
  proven_at: Date
  is_stale: boolean
  role: Role | null
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Whose session this is: a member of the project that they name, or a person alone where they name none or one that is
 * not theirs. Undefined once the session has ended. Asked anew for each request, so what ends is over at once.
 */
export async function callerOfSession(
  db: Db,
  tokenHash: string,
  projectId: string | undefined,
): Promise<Exclude<Caller, { kind: 'key' | 'visitor' | 'system' }> | undefined> {
  const asked = projectId !== undefined && UUID.test(projectId) ? projectId.toLowerCase() : null
  const { rows } = await sql<Row>`
    select sessions.id as session_id, users.id as user_id, users.name, users.email, email_verified, is_instance_owner,
      proven_at, sessions.updated_at < now() - make_interval(secs => ${TOUCH_SECONDS}) as is_stale,
      (select role from members join projects on projects.id = members.project_id and deleted_at is null
        where members.project_id = ${asked} and members.user_id = users.id) as role
    from auth.sessions join auth.users on users.id = sessions.user_id
    where token = ${tokenHash} and expires_at > now()
  `.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  if (row.is_stale) await touch(db, row.session_id)
  const person = personOf(row)
  if (row.role === null || asked === null) return { kind: 'person', person }
  return { kind: 'user', projectId: asked, role: row.role, scopes: ROLES[row.role], person }
}

async function touch(db: Db, id: string): Promise<void> {
  await sql`
    update auth.sessions set updated_at = now(), expires_at = greatest(expires_at, least(
      now() + make_interval(secs => ${IDLE_SECONDS}), created_at + make_interval(secs => ${LIFE_SECONDS})))
    where id = ${id}
  `.execute(db)
}

const personOf = (row: Row): Person => ({
  userId: row.user_id,
  sessionId: row.session_id,
  name: row.name,
  email: row.email,
  emailVerified: row.email_verified,
  isInstanceOwner: row.is_instance_owner === true,
  provenAt: row.proven_at,
})
