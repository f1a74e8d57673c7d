import { ROLES, type Role } from '@posthorn/contracts'
import { audit } from '../audit.ts'
import type { PeopleContext } from '../context.ts'
import { blankEndedLinks } from '../product-mail-links.ts'
import type { Member } from './handlers.ts'
import { mayInviteTo } from './membership.ts'

interface Inviter {
  userId: string
  email: string
  /** What they are from now on; null for a member no more. */
  role: Role | null
}

/**
 * Takes back the open invitations that somebody has made and could not make any more, in the transaction that takes
 * the right from them: nobody leaves a door open behind them. Call it with the members locked.
 */
export async function takeBackInvitationsOf(
  ctx: PeopleContext<Member>,
  { userId, email: invitedBy, role: own }: Inviter,
): Promise<void> {
  const beyond = ROLES.filter((role) => !mayInviteTo(own, [role]))
  if (beyond.length === 0) return
  const taken = await ctx.db
    .deleteFrom('invitations')
    .where('project_id', '=', ctx.actor.projectId)
    .where('invited_by', '=', userId)
    .where('role', 'in', beyond)
    .returning(['id', 'email', 'role'])
    .execute()
  if (taken.length === 0) return
  await blankEndedLinks(ctx.db)
  for (const { id, email, role } of taken) {
    await audit(ctx, { action: 'member.invitation-revoked', target: id, detail: { email, role, invitedBy } })
  }
}
