import type { PeopleOutput, Role } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { audit } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type PeopleContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Member, PeopleHandlers } from './handlers.ts'
import { invite, listInvitations, resendInvitation, revokeInvitation } from './invite.ts'
import { takeBackInvitationsOf } from './invitations-of.ts'
import { lockMembers, requireAnotherOwner, requireSway } from './membership.ts'

type MemberContext = PeopleContext<Member>

export const members: PeopleHandlers<'members'> = {
  async list(ctx) {
    const [members, invitations] = await Promise.all([
      selectMembers(ctx.db, ctx.actor.projectId).execute(),
      listInvitations(ctx),
    ])
    return { members: members.map((row) => present(ctx, row)), invitations }
  },

  invite,
  resendInvitation,
  revokeInvitation,

  changeRole: (ctx, { userId, role }) =>
    inTransaction(ctx, async (ctx) => {
      const own = await lockMembers(ctx)
      const member = await getMember(ctx, userId)
      requireSway(own, [member.role, role])
      if (member.role === role) return present(ctx, member)
      if (member.role === 'owner') await requireAnotherOwner(ctx.db, ctx.actor.projectId, userId)
      await ctx.db
        .updateTable('members')
        .set({ role })
        .where('project_id', '=', ctx.actor.projectId)
        .where('user_id', '=', userId)
        .execute()
      await audit(ctx, {
        action: 'member.role-changed',
        target: userId,
        detail: { email: member.email, from: member.role, to: role },
      })
      await takeBackInvitationsOf(ctx, { userId, email: member.email, role })
      await announce(ctx.db, ctx.actor.projectId, 'members')
      return present(ctx, { ...member, role })
    }),

  remove: (ctx, { userId }) =>
    inTransaction(ctx, async (ctx) => {
      const own = await lockMembers(ctx)
      const member = await getMember(ctx, userId)
      if (!isSelf(ctx, userId)) requireSway(own, [member.role])
      await drop(ctx, member, isSelf(ctx, userId) ? 'member.left' : 'member.removed')
      return { userId }
    }),

  leave: (ctx) =>
    inTransaction(ctx, async (ctx) => {
      if (ctx.actor.kind === 'system') throw new ApiError('NOT_ALLOWED', 'The operator is no member and cannot leave.')
      const { userId } = ctx.actor.person
      await lockMembers(ctx)
      await drop(ctx, await getMember(ctx, userId), 'member.left')
      return { userId }
    }),
}

async function drop(ctx: MemberContext, member: Row, action: 'member.left' | 'member.removed'): Promise<void> {
  const { projectId } = ctx.actor
  if (member.role === 'owner') await requireAnotherOwner(ctx.db, projectId, member.id)
  await ctx.db.deleteFrom('members').where('project_id', '=', projectId).where('user_id', '=', member.id).execute()
  await audit(ctx, { action, target: member.id, detail: { email: member.email, role: member.role } })
  await takeBackInvitationsOf(ctx, { userId: member.id, email: member.email, role: null })
  await announce(ctx.db, projectId, 'members')
}

interface Row {
  id: string
  name: string
  email: string
  role: Role
  joined_at: Date
}

/** Owners first, and in the order in which they came. */
function selectMembers(db: Db, projectId: string) {
  return db
    .selectFrom('members')
    .innerJoin('auth.users', 'auth.users.id', 'members.user_id')
    .select(['auth.users.id', 'auth.users.name', 'auth.users.email', 'role', 'joined_at'])
    .where('project_id', '=', projectId)
    .orderBy((eb) => eb.case('role').when('owner').then(0).when('admin').then(1).else(2).end())
    .orderBy('joined_at')
    .orderBy('auth.users.id')
}

async function getMember({ db, actor }: MemberContext, userId: string): Promise<Row> {
  const row = await selectMembers(db, actor.projectId).where('user_id', '=', userId).executeTakeFirst()
  if (row === undefined) throw new ApiError('MEMBER_NOT_FOUND', 'The project has no such member.')
  return row
}

const isSelf = ({ actor }: MemberContext, userId: string) => actor.kind === 'user' && actor.person.userId === userId

function present(ctx: MemberContext, row: Row): PeopleOutput<'members', 'list'>['members'][number] {
  return {
    userId: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    isSelf: isSelf(ctx, row.id),
    joinedAt: row.joined_at,
  }
}
