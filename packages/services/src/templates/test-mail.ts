import { STREAMS } from '@posthorn/outbox'
import type { Input } from '@posthorn/contracts'
import { auditPerson } from '../audit.ts'
import { announce } from '../changes.ts'
import { marketingHeaders } from '../consent/headers.ts'
import { recipientLinks } from '../consent/links.ts'
import { mergeContacts, type MergedContact } from '../contacts/merge.ts'
import { inTransaction, type Context } from '../context.ts'
import { wishOf } from '../emails/accept.ts'
import { requireSendable } from '../emails/filled.ts'
import { withinQuota } from '../rate-limits/recipients.ts'
import { getSender, requireSender } from '../senders.ts'
import { getTemplate, getVersion, newestOf } from './read.ts'
import { renderTemplate } from './render.ts'

/**
 * Sends what `render` shows, marked as a test. The address becomes a contact; nothing else of it changes. The links are
 * its own, so that who tries them unsubscribes nobody else.
 */
export const sendTest = (ctx: Context, input: Input<'templates', 'sendTest'>) =>
  withinQuota(ctx, [input.to], () => sendWithin(ctx, input))

async function sendWithin(ctx: Context, { id, to, version, contact, data }: Input<'templates', 'sendTest'>) {
  const template = await getTemplate(ctx, id)
  const stored = await getVersion(ctx.db, template, version ?? newestOf(template))
  const asked = { template: id, version: stored.number, contact, data }
  // What cannot be rendered or sent makes no contact.
  requireSendable(await renderTemplate(ctx, asked), to)
  const sender = await getSender(ctx)
  const from = stored.from_email === null ? undefined : { email: stored.from_email }
  const mailFrom = requireSender(ctx, sender, { from, name: stored.from_name ?? undefined })
  const links = await linksOf(ctx, to)
  const { subject, html, text } = await renderTemplate(ctx, asked, links)
  const mail = {
    recipients: [{ email: to }],
    from: mailFrom,
    replyTo: stored.reply_to_email === null ? null : { email: stored.reply_to_email, name: null },
    cc: [],
    bcc: [],
    subject: `[TEST] ${subject}`,
    html,
    text,
    headers: template.type === 'TRANSACTIONAL' ? {} : marketingHeaders({}, links),
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

const linksOf = (ctx: Context, email: string) =>
  inTransaction(ctx, async ({ db, runtime, actor: { projectId } }) => {
    const wish = wishOf({ projectId, contactData: {}, subscribed: undefined }, { email })
    // Safe because merging answers wish for wish.
    const [{ id, isNew }] = (await mergeContacts(db, [wish])) as [MergedContact]
    if (isNew) await announce(db, projectId, 'contacts')
    return recipientLinks(runtime, { projectId, contactId: id })
  })
