import { LIMITS, type PeopleInput, type PeopleOutput, type Role } from '@posthorn/contracts'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { audit } from '../audit.ts'
import { PER_MAILBOX, requireAttempt, type Allowance } from '../attempts.ts'
import { announce } from '../changes.ts'
import { inTransaction, type PeopleContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { newId } from '../ids.ts'
import { blankEndedLinks } from '../product-mail-links.ts'
import { sendProductMail } from '../product-mail.ts'
import type { Member } from './handlers.ts'
import { lockMembers, requireSway } from './membership.ts'
import { requireNotOwn } from './own-project.ts'
import { hashToken, linkTo, newToken } from './tokens.ts'

type MemberContext = PeopleContext<Member>
type Invitation = PeopleOutput<'members', 'invite'>

/** A team is invited in one go. */
const PER_INVITER: Allowance = { free: 30, longestWaitSeconds: 3600 }

/** How long an invitation can be accepted. */
export const INVITATION_DAYS = 7

/** Invites an address, in place of an earlier invitation to it. */
export const invite = (ctx: MemberContext, { email, role }: PeopleInput<'members', 'invite'>): Promise<Invitation> =>
  inTransaction(ctx, async (ctx) => {
    const own = await lockMembers(ctx)
    const { projectId } = ctx.actor
    const replaced = await ctx.db
      .deleteFrom('invitations')
      .where('project_id', '=', projectId)
      .where('email', '=', email)
      .returning('role')
      .execute()
    requireSway(own, [role, ...replaced.map((invitation) => invitation.role)])
    requireOwnAddress(ctx)
    await requireStranger(ctx.db, projectId, email)
    await requireRoom(ctx.db, projectId)
    await requireNotOwn(ctx.db, projectId, 'Nobody else can join the project of Posthorn’s own mail.')
    await limitInvitations(ctx, email)
    const id = newId()
    const token = newToken()
    await ctx.db
      .insertInto('invitations')
      .values({
        project_id: projectId,
        id,
        email,
        role,
        token_hash: hashToken(token),
        invited_by: inviter(ctx),
        expires_at: inSomeDays,
      })
      .execute()
    return sent(ctx, { id, token, action: 'member.invited' })
  })

export const resendInvitation = (
  ctx: MemberContext,
  { id }: PeopleInput<'members', 'resendInvitation'>,
): Promise<Invitation> =>
  inTransaction(ctx, async (ctx) => {
    const own = await lockMembers(ctx)
    const { email, role } = await getInvitation(ctx, id)
    requireSway(own, [role])
    requireOwnAddress(ctx)
    await limitInvitations(ctx, email)
    const token = newToken()
    await ctx.db
      .updateTable('invitations')
      // It names who sends it, and lives by what they may do.
      .set({ token_hash: hashToken(token), expires_at: inSomeDays, invited_by: inviter(ctx) })
      .where('project_id', '=', ctx.actor.projectId)
      .where('id', '=', id)
      .execute()
    return sent(ctx, { id, token, action: 'member.invited-again' })
  })

export const revokeInvitation = (ctx: MemberContext, { id }: PeopleInput<'members', 'revokeInvitation'>) =>
  inTransaction(ctx, async (ctx) => {
    const own = await lockMembers(ctx)
    const { email, role } = await getInvitation(ctx, id)
    requireSway(own, [role])
    const { projectId } = ctx.actor
    await ctx.db.deleteFrom('invitations').where('project_id', '=', projectId).where('id', '=', id).execute()
    await blankEndedLinks(ctx.db)
    await audit(ctx, { action: 'member.invitation-revoked', target: id, detail: { email, role } })
    await announce(ctx.db, projectId, 'members')
    return { id }
  })

/** The open ones and those that have expired lately, newest first. */
export async function listInvitations({ db, actor }: MemberContext): Promise<Invitation[]> {
  const rows = await selectInvitations(db, actor.projectId).orderBy('invitations.id', 'desc').execute()
  return rows.map(present)
}

const inviter = ({ actor }: MemberContext) => (actor.kind === 'user' ? actor.person.userId : null)

const inSomeDays = sql<Date>`now() + make_interval(days => ${INVITATION_DAYS})`

/**
 * An invitation names who invites and under which address: nobody has one sent before they have shown that they get
 * their own mail. Where no mail goes out, an invitation would not either, and the operator can invite at any time.
 */
function requireOwnAddress({ actor }: MemberContext): void {
  if (actor.kind === 'system' || actor.person.emailVerified) return
  throw new ApiError('NOT_ALLOWED', 'Confirm your own address before you invite others.', {
    suggestion:
      'Follow the link in the mail that you got when you signed up, or have it sent again on your profile page.',
  })
}

/** An invitation is mail to whomever one likes. One that is refused for another reason is not counted. */
async function limitInvitations({ db, actor }: MemberContext, email: string): Promise<void> {
  if (actor.kind === 'user') await requireAttempt(db, `invitations by ${actor.person.userId}`, PER_INVITER)
  await requireAttempt(db, `invitations of ${email}`, PER_MAILBOX)
}

async function requireStranger(db: Db, projectId: string, email: string): Promise<void> {
  const member = await db
    .selectFrom('members')
    .innerJoin('auth.users', 'auth.users.id', 'members.user_id')
    .select('user_id')
    .where('project_id', '=', projectId)
    .where('auth.users.email', '=', email)
    .executeTakeFirst()
  if (member === undefined) return
  throw new ApiError('ALREADY_MEMBER', `${email} works on this project already.`)
}

async function requireRoom(db: Db, projectId: string): Promise<void> {
  const { open } = await db
    .selectFrom('invitations')
    .select(({ fn }) => fn.countAll<string>().as('open'))
    .where('project_id', '=', projectId)
    .executeTakeFirstOrThrow()
  if (Number(open) < LIMITS.openInvitations) return
  throw new ApiError('NOT_ALLOWED', `A project has at most ${LIMITS.openInvitations} open invitations.`, {
    suggestion: 'Take some of them back first.',
  })
}

/** Mails the link, and writes down that it was sent. Nobody but the one who gets the mail ever sees the token. */
async function sent(
  ctx: MemberContext,
  { id, token, action }: { id: string; token: string; action: string },
): Promise<Invitation> {
  const { projectId } = ctx.actor
  const invitation = present(await getInvitation(ctx, id))
  const { name } = await ctx.db
    .selectFrom('projects')
    .select('name')
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow()
  const who = ctx.actor.kind === 'user' ? `${ctx.actor.person.name} (${ctx.actor.person.email})` : 'The operator'
  await sendProductMail(
    ctx,
    { email: invitation.email },
    {
      subject: `Your invitation to ${name}`,
      heading: `Join ${name} on Posthorn`,
      paragraphs: [
        `${who} invites you to work on ${name} as ${ARTICLES[invitation.role]}.`,
        `The link works once, for ${INVITATION_DAYS} days, with an account for ${invitation.email}.`,
      ],
      action: {
        label: 'See the invitation',
        url: linkTo(ctx.runtime.publicUrl, 'invitation', token),
        livesBy: { invitation: hashToken(token) },
      },
      footnote: 'If you do not know what this is about, you can ignore this mail: nothing happens without the link.',
    },
  )
  // That of the invitation in whose place this one is.
  await blankEndedLinks(ctx.db)
  await audit(ctx, { action, target: id, detail: { email: invitation.email, role: invitation.role } })
  await announce(ctx.db, projectId, 'members')
  return invitation
}

const ARTICLES: Record<Role, string> = { owner: 'an owner', admin: 'an admin', member: 'a member', viewer: 'a viewer' }

interface Row {
  id: string
  email: string
  role: Role
  invited_by: string | null
  created_at: Date
  expires_at: Date
}

function selectInvitations(db: Db, projectId: string) {
  return db
    .selectFrom('invitations')
    .leftJoin('auth.users', 'auth.users.id', 'invitations.invited_by')
    .select(['invitations.id', 'invitations.email', 'role', 'auth.users.name as invited_by'])
    .select(['invitations.created_at', 'expires_at'])
    .where('project_id', '=', projectId)
}

async function getInvitation({ db, actor }: MemberContext, id: string): Promise<Row> {
  const row = await selectInvitations(db, actor.projectId).where('invitations.id', '=', id).executeTakeFirst()
  if (row === undefined) throw invitationNotFound()
  return row
}

/** One answer to all, so that it tells nothing of invitations that once were. */
export const invitationNotFound = () =>
  new ApiError('INVITATION_NOT_FOUND', 'This invitation was used, taken back, or has expired.', {
    suggestion: 'Ask whoever invited you to send it again.',
  })

const present = (row: Row): Invitation => ({
  id: row.id,
  email: row.email,
  role: row.role,
  invitedBy: row.invited_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})
