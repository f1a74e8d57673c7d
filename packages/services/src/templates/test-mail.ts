import { STREAMS } from '@posthorn/outbox'
import type { Input } from '@posthorn/contracts'
import { auditPerson } from '../audit.ts'
import type { Context } from '../context.ts'
import { getSender, requireSender } from '../senders.ts'
import { getTemplate, getVersion, newestOf } from './read.ts'
import { renderTemplate } from './render.ts'

/** Sends what `render` shows, marked as a test. The address becomes a contact; nothing else of it changes. */
export async function sendTest(ctx: Context, { id, to, version, contact, data }: Input<'templates', 'sendTest'>) {
  const template = await getTemplate(ctx, id)
  const stored = await getVersion(ctx.db, template, version ?? newestOf(template))
  const { subject, html, text } = await renderTemplate(ctx, { template: id, version: stored.number, contact, data })
  const sender = await getSender(ctx)
  const from = stored.from_email === null ? undefined : { email: stored.from_email }
  const mail = {
    recipients: [{ email: to }],
    from: requireSender(ctx, sender, { from, name: stored.from_name ?? undefined }),
    replyTo: stored.reply_to_email === null ? null : { email: stored.reply_to_email, name: null },
    cc: [],
    bcc: [],
    subject: `[TEST] ${subject}`,
    html,
    text,
    headers: {},
    attachments: [],
    data: {},
    contactData: {},
    subscribed: undefined,
    tags: ['test'],
    scheduledAt: null,
    stream: STREAMS.transactional,
    templateId: null,
  }
  const captured = ctx.runtime.captures
  const acceptance = { projectId: sender.projectId, captured, mails: [mail] }
  // Safe because one mail to one recipient was accepted.
  const email = await ctx.runtime.acceptEmails(ctx, acceptance, ([emails]) => emails?.[0]?.email as string)
  // Behind the act, which was committed together with those of others.
  await auditPerson(ctx, { action: 'template.tested', target: id, detail: { to, email } })
  return { email, captured }
}
