import { hasten, STREAMS, type Stream } from '@posthorn/outbox'
import { sql } from 'kysely'
import { auditPerson, byHand } from '../audit.ts'
import { announce } from '../changes.ts'
import { inTransaction, type Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { requireNotOwn } from '../people/own-project.ts'
import { getSender, requireSender } from '../senders.ts'
import type { Data } from '../contacts/merge.ts'
import type { Mail } from './accept.ts'
import { getEmail, present } from './read.ts'
import { notWaiting } from './refusals.ts'

/** Accepts the content of an email anew. Who may send it from there is asked again, as it may have changed. */
export async function sendAgain(ctx: Context, { id }: { id: string }) {
  const mail = await mailAgain(ctx, id)
  // Its project has no keys, whose way here is to stay short.
  if (ctx.actor.kind !== 'key') {
    await requireNotOwn(
      ctx.db,
      ctx.actor.projectId,
      'Posthorn’s own mail is not sent again, since its links work once: ask for a new one where this one came from.',
    )
  }
  const acceptance = {
    projectId: ctx.actor.projectId,
    captured: ctx.runtime.captures,
    mails: [mail],
    byHand: byHand(ctx, ([copy]) => ({ action: 'email.sent-again', target: id, detail: { copy } })),
  }
  // Safe because one mail to one recipient was accepted.
  const accepted = await ctx.runtime.acceptEmails(ctx, acceptance, ([emails]) => emails?.[0]?.email as string)
  return present(await getEmail(ctx, accepted))
}

async function mailAgain(ctx: Context, id: string): Promise<Mail> {
  const { db, actor } = ctx
  const row = await getEmail(ctx, id)
  const sender = await getSender(ctx)
  const content = await db
    .selectFrom('email_contents')
    .select(['html', 'text', 'headers', 'data'])
    .where('project_id', '=', actor.projectId)
    .where('id', '=', row.content_id)
    .executeTakeFirst()
  if (content === undefined) throw new ApiError('EMAIL_NOT_FOUND', 'The content of this email is not kept any more.')
  const attachments = await db
    .selectFrom('email_attachments')
    .select(['filename', 'content_type', 'inline_id', 'disposition', 'content'])
    .where('project_id', '=', actor.projectId)
    .where('content_id', '=', row.content_id)
    .orderBy('position')
    .execute()
  const from = { email: row.from_email, name: row.from_name ?? undefined }
  return {
    recipients: [{ email: row.to_email, name: row.to_name ?? undefined }],
    from: requireSender(ctx, sender, { from }),
    replyTo: row.reply_to_email === null ? null : { email: row.reply_to_email, name: row.reply_to_name },
    cc: row.cc,
    bcc: row.bcc,
    subject: row.subject,
    html: content.html,
    text: content.text,
    headers: content.headers,
    attachments: attachments.map((attachment) => ({
      filename: attachment.filename,
      contentType: attachment.content_type,
      inlineId: attachment.inline_id,
      disposition: attachment.disposition,
      content: attachment.content,
    })),
    data: content.data as Data, // Safe because only JSON is ever stored there.
    contactData: {},
    subscribed: undefined,
    tags: row.tags,
    scheduledAt: null,
    stream: Object.values(STREAMS).find((stream): stream is Stream => stream === row.stream) ?? STREAMS.transactional,
    templateId: row.template_id,
    isMarketing: row.is_marketing,
    topic: row.topic_id ?? undefined,
  }
}

/** Makes an email that waits due at once, whatever it waits for. */
export const retryNow = (ctx: Context, { id }: { id: string }) =>
  inTransaction(ctx, async (ctx) => {
    const { outcome } = await getEmail(ctx, id)
    if (!(await hasten(ctx.db, ctx.actor.projectId, id))) throw notWaiting(outcome)
    await ctx.db
      .updateTable('emails')
      .set({ scheduled_at: sql<Date>`now()` })
      .where('project_id', '=', ctx.actor.projectId)
      .where('id', '=', id)
      .where('scheduled_at', '>', sql<Date>`now()`)
      .execute()
    await auditPerson(ctx, { action: 'email.retried', target: id })
    await announce(ctx.db, ctx.actor.projectId, 'emails')
    return present(await getEmail(ctx, id))
  })
