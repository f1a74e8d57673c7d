import { parseAddress } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { insertAudit } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction } from '../context.ts'
import { ApiError } from '../errors.ts'
import { blankEndedLinks } from '../product-mail-links.ts'
import type { PeopleHandlers } from './handlers.ts'
import { invitationNotFound } from './invite.ts'
import { findRole, lockProject, mayInviteTo } from './membership.ts'
import { hashToken } from './tokens.ts'

export const invitations: PeopleHandlers<'invitations'> = {
  async get({ db }, { token }) {
    const row = await findInvitation(db, token)
    if (row === undefined) throw invitationNotFound()
    return { projectName: row.project_name, email: row.email, role: row.role, expiresAt: row.expires_at }
  },

  accept: (ctx, { token }) =>
    inTransaction(ctx, async (ctx) => {
      const { person } = ctx.actor
      return { projectId: await useInvitation(ctx.db, { token, ...person, ip: ctx.ip }) }
    }),
}

export interface Invited {
  token: string
  userId: string
  name: string
  email: string
  ip?: string | undefined
}

/**
 * Makes somebody a member with an invitation to their address, which it uses up; that the link came to the address
 * also proves that it is theirs. Call it in a transaction. Answers with the id of the project.
 */
export async function useInvitation(db: Db, { token, userId, name, email, ip }: Invited): Promise<string> {
  const found = await findInvitation(db, token)
  if (found === undefined) throw invitationNotFound()
  const projectId = found.project_id
  await lockProject(db, projectId)
  // Looked at once more: whoever was before us at the lock may have used it, replaced it or taken it back.
  const invitation = await findInvitation(db, token)
  if (invitation === undefined) throw invitationNotFound()
  const own = parseAddress(email)
  if (!own.ok || own.value !== invitation.email) {
    throw new ApiError('NOT_ALLOWED', `This invitation is for ${invitation.email}.`, {
      suggestion: 'Sign in with the account of that address, or ask to be invited under yours.',
    })
  }
  if ((await findRole(db, projectId, userId)) !== undefined) {
    throw new ApiError('ALREADY_MEMBER', 'You work on this project already.')
  }
  const { id, role } = invitation
  await db.deleteFrom('invitations').where('project_id', '=', projectId).where('id', '=', id).execute()
  await blankEndedLinks(db)
  await db.insertInto('members').values({ project_id: projectId, user_id: userId, role }).execute()
  await db.updateTable('auth.users').set({ email_verified: true }).where('id', '=', userId).execute()
  await insertAudit(db, {
    projectId,
    actor: { kind: 'user', id: userId, name },
    ip,
    action: 'member.joined',
    target: userId,
    detail: { email: invitation.email, role, invitation: id },
  })
  await announce(db, projectId, 'members')
  return projectId
}

/** One that is open, and that whoever made it could still make. */
async function findInvitation(db: Db, token: string) {
  const row = await db
    .selectFrom('invitations')
    .innerJoin('projects', 'projects.id', 'invitations.project_id')
    .leftJoin('members as inviter', (join) =>
      join
        .onRef('inviter.project_id', '=', 'invitations.project_id')
        .onRef('inviter.user_id', '=', 'invitations.invited_by'),
    )
    .select(['invitations.id', 'invitations.project_id', 'email', 'invitations.role', 'expires_at'])
    .select(['projects.name as project_name', 'invited_by', 'inviter.role as inviter_role'])
    .where('token_hash', '=', hashToken(token))
    .where('expires_at', '>', sql<Date>`now()`)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined || row.invited_by === null) return row
  return mayInviteTo(row.inviter_role, [row.role]) ? row : undefined
}
