import { z } from 'zod'
import { EmailAddress, Id, Timestamp } from '../primitives.ts'
import { ROLES } from '../roles.ts'
import { definePeopleOperations } from './define.ts'

const Role = z.enum(ROLES)

const Member = z.object({
  userId: Id,
  name: z.string(),
  email: z.string(),
  role: Role,
  isSelf: z.boolean(),
  joinedAt: Timestamp,
})

const Invitation = z.object({
  id: Id,
  email: z.string(),
  role: Role,
  invitedBy: z.string().nullable().describe('The name of who invited or sent it last; null where the operator did.'),
  createdAt: Timestamp,
  expiresAt: Timestamp.describe('In the past: it has expired, and can be sent again.'),
})

export const members = definePeopleOperations({
  list: {
    summary: 'List who works on the project, and who is invited',
    for: 'member',
    permission: 'members:read',
    call: 'query',
    input: z.object({}),
    output: z.object({ members: z.array(Member), invitations: z.array(Invitation) }),
  },
  invite: {
    summary: 'Invite somebody by mail; an open invitation to the same address is replaced',
    description:
      'The link works once, for seven days, for the invited address alone, and for as long as who invited may invite to the role. Only owners invite owners.',
    for: 'member',
    permission: 'members:write',
    call: 'mutation',
    input: z.object({ email: EmailAddress, role: Role }),
    output: Invitation,
    proof: true,
    refusals: ['NOT_ALLOWED', 'ALREADY_MEMBER', 'TOO_MANY_TRIES'],
  },
  resendInvitation: {
    summary: 'Send an invitation again, with a new link and seven more days; the link before it is dead',
    for: 'member',
    permission: 'members:write',
    call: 'mutation',
    input: z.object({ id: Id }),
    output: Invitation,
    proof: true,
    refusals: ['INVITATION_NOT_FOUND', 'NOT_ALLOWED', 'TOO_MANY_TRIES'],
  },
  revokeInvitation: {
    summary: 'Take an invitation back',
    for: 'member',
    permission: 'members:write',
    call: 'mutation',
    input: z.object({ id: Id }),
    output: z.object({ id: Id }),
    refusals: ['INVITATION_NOT_FOUND', 'NOT_ALLOWED'],
  },
  changeRole: {
    summary: 'Change what a member may do',
    description:
      'Only owners make and change owners, and a project keeps at least one. Invitations that the member may not make any more are taken back.',
    for: 'member',
    permission: 'members:write',
    call: 'mutation',
    input: z.object({ userId: Id, role: Role }),
    output: Member,
    proof: true,
    refusals: ['MEMBER_NOT_FOUND', 'NOT_ALLOWED', 'LAST_OWNER'],
  },
  remove: {
    summary: 'Remove a member, at once and in open tabs too; the invitations that they made are taken back',
    for: 'member',
    permission: 'members:write',
    call: 'mutation',
    input: z.object({ userId: Id }),
    output: z.object({ userId: Id }),
    proof: true,
    refusals: ['MEMBER_NOT_FOUND', 'NOT_ALLOWED', 'LAST_OWNER'],
  },
  leave: {
    summary: 'Leave the project oneself',
    for: 'member',
    permission: 'project:read',
    call: 'mutation',
    input: z.object({}),
    output: z.object({ userId: Id }),
    refusals: ['LAST_OWNER'],
  },
})

const Token = z.string().min(1).max(200).describe('From the link in the mail.')

export const invitations = definePeopleOperations({
  get: {
    summary: 'Show what an invitation is to',
    for: 'anyone',
    // The token opens a project, so it must not stand in an address, as the input of a query does.
    call: 'mutation',
    input: z.object({ token: Token }),
    output: z.object({ projectName: z.string(), email: z.string(), role: Role, expiresAt: Timestamp }),
    refusals: ['INVITATION_NOT_FOUND'],
  },
  accept: {
    summary: 'Join the project that one was invited to; an invitation works once',
    for: 'person',
    call: 'mutation',
    input: z.object({ token: Token }),
    output: z.object({ projectId: Id }),
    refusals: ['INVITATION_NOT_FOUND', 'NOT_ALLOWED', 'ALREADY_MEMBER'],
  },
})
