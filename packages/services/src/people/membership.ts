import { ROLE_PERMISSIONS, type Role } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import type { PeopleContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Member } from './handlers.ts'
import { projectNotFound, roleTooLow } from './refusals.ts'

type MemberContext = PeopleContext<Member>

/**
 * Lets one change to the members of a project happen at a time, so that of two owners who leave at once one stays.
 * Answers with what the actor may do now: the call may have waited for the one that took it from them. The operator
 * may do what an owner may.
 */
export async function lockMembers({ db, actor }: MemberContext): Promise<Role> {
  await lockProject(db, actor.projectId)
  if (actor.kind === 'system') return 'owner'
  const role = await findRole(db, actor.projectId, actor.person.userId)
  if (role === undefined) throw projectNotFound()
  return role
}

/** Locks the row of a project that lives. Not against new keys, which only refer to it. */
export async function lockProject(db: Db, projectId: string) {
  const row = await db
    .selectFrom('projects')
    .select(['id', 'name'])
    .where('id', '=', projectId)
    .where('deleted_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (row === undefined) throw projectNotFound()
  return row
}

export async function findRole(db: Db, projectId: string, userId: string): Promise<Role | undefined> {
  const row = await db
    .selectFrom('members')
    .select('role')
    .where('project_id', '=', projectId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.role
}

const mayWriteMembers = (own: Role) => ROLE_PERMISSIONS[own].includes('members:write')

const reaches = (own: Role, touched: readonly Role[]) => own === 'owner' || !touched.includes('owner')

/** Whether somebody of this role, or who is no member, may invite to each of these. */
export const mayInviteTo = (own: Role | null | undefined, touched: readonly Role[]): boolean =>
  own !== null && own !== undefined && mayWriteMembers(own) && reaches(own, touched)

/** Refuses to give, change or take roles to whoever has not that right, or has lost it a moment ago. */
export function requireSway(own: Role, touched: readonly Role[]): void {
  if (!mayWriteMembers(own)) throw roleTooLow('members:write')
  if (reaches(own, touched)) return
  throw new ApiError('NOT_ALLOWED', 'Only owners can make, change or remove owners.', {
    suggestion: 'Ask an owner of the project.',
  })
}

/** Refuses what would leave the project without an owner. Call it with the members locked. */
export async function requireAnotherOwner(db: Db, projectId: string, userId: string): Promise<void> {
  const other = await db
    .selectFrom('members')
    .select('user_id')
    .where('project_id', '=', projectId)
    .where('role', '=', 'owner')
    .where('user_id', '!=', userId)
    .limit(1)
    .executeTakeFirst()
  if (other !== undefined) return
  throw new ApiError('LAST_OWNER', 'A project keeps at least one owner.', {
    suggestion: 'Make somebody else an owner first.',
  })
}
