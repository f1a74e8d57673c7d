import { isBlank, LIMITS, type Input, type Mailbox } from '@posthorn/contracts'
import type { StoredMailbox } from '@posthorn/db'
import { STREAMS } from '@posthorn/outbox'
import { byHand } from '../audit.ts'
import { consentWish } from '../consent/wish.ts'
import { splitData } from '../contacts/merge.ts'
import type { Context } from '../context.ts'
import { ApiError, fieldRefusal } from '../errors.ts'
import { findReplay } from '../idempotency.ts'
import { addressesOf, withinQuota, withinQuotas } from '../rate-limits/recipients.ts'
import { getSender, requireSender, type Sender } from '../senders.ts'
import { publishedTemplates, type PublishedTemplate } from '../templates/published.ts'
import type { Accepted, Mail } from './accept.ts'
import { fillMails, type Draft } from './fill.ts'
import { isMarketing } from './footer.ts'

type Asked = Omit<Input<'emails', 'send'>, 'to' | 'template'>

/** A request to send, and the template that it names. */
interface Request {
  template: PublishedTemplate | undefined
  asked: Asked
}

const DAY_MS = 86_400_000
/** A clock that is a little behind is not a mistake of the caller's. */
const TOLERANCE_MS = 60_000

/** A blank part would be shown by some mail programs in place of the one with words. */
const unlessBlank = (text: string | undefined): string | null => (text === undefined || isBlank(text) ? null : text)

const stored = ({ email, name }: Mailbox): StoredMailbox => ({ email, name: name ?? null })

/** The time to send at, or a refusal where it has passed or lies too far ahead. */
export function requireSchedule(at: Date): Date {
  const now = Date.now()
  if (at.getTime() < now - TOLERANCE_MS) throw fieldRefusal('scheduledAt', 'This time has passed.')
  if (at.getTime() > now + LIMITS.scheduleAheadDays * DAY_MS) {
    throw fieldRefusal('scheduledAt', `At most ${LIMITS.scheduleAheadDays} days ahead.`)
  }
  return at
}

function mailOf(ctx: Context, sender: Sender, to: Mailbox[], { template, asked }: Request): Mail {
  const { persistent, all } = splitData(asked.data)
  const html = unlessBlank(asked.body ?? asked.html)
  const text = unlessBlank(asked.text)
  const replyTo = asked.reply ?? asked.replyTo ?? (template?.replyTo ? { email: template.replyTo } : undefined)
  const isOwn = template === undefined || html !== null
  const isBulk = template !== undefined && isMarketing(template.type)
  if (isBulk) requireNoCopies(asked)
  return {
    recipients: to,
    from: requireSender(ctx, sender, fromOf(asked, template)),
    replyTo: replyTo === undefined ? null : stored(replyTo),
    cc: (asked.cc ?? []).map(stored),
    bcc: (asked.bcc ?? []).map(stored),
    // Safe because the contract demands a subject where there is no template.
    subject: asked.subject ?? (template?.subject as string),
    html: isOwn ? html : template.html,
    text: text ?? (isOwn ? null : template.text),
    headers: asked.headers ?? {},
    attachments: (asked.attachments ?? []).map((attachment) => ({
      filename: attachment.filename,
      contentType: attachment.contentType,
      inlineId: attachment.contentId ?? null,
      disposition: attachment.disposition ?? (attachment.contentId === undefined ? 'attachment' : 'inline'),
      content: Buffer.from(attachment.content, 'base64'),
    })),
    data: all,
    contactData: persistent,
    ...wordOf(ctx, sender, asked.subscribed),
    tags: asked.tags ?? [],
    scheduledAt: asked.scheduledAt === undefined ? null : requireSchedule(asked.scheduledAt),
    stream: STREAMS.transactional,
    templateId: template?.id ?? null,
    isMarketing: isBulk,
    topic: topicOf(asked.topic, template),
  }
}

/** Whoever gets marketing has to want it, and to find a way out in it that is theirs. */
function requireNoCopies(asked: Asked): void {
  const field = (['cc', 'bcc'] as const).find((field) => (asked[field]?.length ?? 0) > 0)
  if (field === undefined) return
  throw fieldRefusal(field, 'A marketing template goes to each person by itself, without copies: name them in `to`.')
}

/** What a send says of its recipients' consent, if anything. */
function wordOf(ctx: Context, sender: Sender, subscribed: boolean | undefined) {
  if (subscribed === undefined) return { subscribed }
  const { origin, request, ...wish } = consentWish(ctx, sender, { subscribed })
  return { subscribed: wish.subscribed, origin, request }
}

/** One entry for one act, with all emails that came of it. */
const sentByHand = (emails: string[]) => ({ action: 'email.sent', target: emails[0] ?? '', detail: { emails } })

function topicOf(topic: string | undefined, template: PublishedTemplate | undefined): string | undefined {
  if (topic === undefined || (template !== undefined && isMarketing(template.type))) return topic
  throw fieldRefusal('topic', 'A topic goes with a marketing template, which reaches those who chose it.')
}

/** What the request says of the sender wins over the template, and that over the project. */
function fromOf({ from, name }: Asked, template: PublishedTemplate | undefined) {
  if (from !== undefined || template === undefined || template.fromEmail === null) {
    return { from, name: name ?? template?.fromName ?? undefined }
  }
  return { from: { email: template.fromEmail }, name: name ?? template.fromName ?? undefined }
}

export async function send(ctx: Context, { to, template: wanted, ...asked }: Input<'emails', 'send'>) {
  const sender = await getSender(ctx)
  const templates = await publishedTemplates(ctx, wanted === undefined ? [] : [wanted])
  const template = wanted === undefined ? undefined : requireTemplate(templates, wanted)
  const [mails] = await fillMails(ctx, sender, [{ mail: mailOf(ctx, sender, to, { template, asked }), template }])
  if (mails === undefined || mails instanceof ApiError) throw mails ?? new Error('a mail got lost')
  const captured = ctx.runtime.captures
  const acceptance = { projectId: sender.projectId, captured, mails, byHand: byHand(ctx, sentByHand) }
  const receipt = (accepted: Accepted) => ({ emails: accepted.flat(), captured, timestamp: new Date() })
  return withinQuota(ctx, mails.flatMap(addressesOf), () => ctx.runtime.acceptEmails(ctx, acceptance, receipt))
}

export async function sendBatch(ctx: Context, { emails }: Input<'emails', 'sendBatch'>) {
  const sender = await getSender(ctx)
  const wanted = new Set(emails.flatMap(({ template }) => template ?? []))
  const templates = await publishedTemplates(ctx, [...wanted])
  const drafts = emails.map(({ to, template: wanted, ...asked }) =>
    refusalOr((): Draft => {
      const template = wanted === undefined ? undefined : requireTemplate(templates, wanted)
      return { mail: mailOf(ctx, sender, [to], { template, asked }), template }
    }),
  )
  const filled = (await fillMails(ctx, sender, drafts)).map(refusedInPlace)
  return withinQuotas(ctx, filled, (verdicts) => acceptBatch(ctx, sender, verdicts))
}

async function acceptBatch(ctx: Context, sender: Sender, verdicts: readonly (Mail[] | ApiError)[]) {
  const mails = verdicts.flatMap((verdict) => (verdict instanceof ApiError ? [] : verdict))
  const captured = ctx.runtime.captures
  const receipt = (accepted: Accepted) => {
    let next = 0
    const results = verdicts.map((verdict) => {
      if (verdict instanceof ApiError) {
        return { status: 'refused' as const, error: { code: verdict.code, message: verdict.message } }
      }
      // Safe because acceptance answers mail for mail, and each mail of a batch has one recipient.
      return { status: 'accepted' as const, ...(accepted[next++]?.[0] as Accepted[number][number]) }
    })
    return { results, accepted: mails.length, refused: results.length - mails.length, captured, timestamp: new Date() }
  }
  if (mails.length === 0) {
    await requireFirst(ctx)
    return receipt([])
  }
  const acceptance = { projectId: sender.projectId, captured, mails, byHand: byHand(ctx, sentByHand) }
  return ctx.runtime.acceptEmails(ctx, acceptance, receipt)
}

/** Of a batch that was accepted before all can be refused by now, such as for the quota that it used up itself. */
async function requireFirst({ db, actor, once }: Context): Promise<void> {
  const replay = once && (await findReplay(db, { projectId: actor.projectId, once }))
  // oxlint-disable-next-line typescript/only-throw-error -- a Replay is caught by `invoke`, never by people
  if (replay !== undefined) throw replay
}

function requireTemplate(templates: Map<string, PublishedTemplate>, wanted: string): PublishedTemplate {
  const template = templates.get(wanted)
  if (template !== undefined) return template
  throw new ApiError('TEMPLATE_NOT_FOUND', 'The project has no published template of this id or name.')
}

function refusalOr<Result>(work: () => Result): Result | ApiError {
  try {
    return work()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

/** A mail that may not be sent is refused alone; one that is malformed refuses the batch, with its place named. */
function refusedInPlace(verdict: Mail[] | ApiError, index: number): Mail[] | ApiError {
  if (!(verdict instanceof ApiError) || verdict.code !== 'VALIDATION_ERROR') return verdict
  const errors = verdict.errors?.map((one) => ({ ...one, field: `emails.${index}.${one.field}` }))
  throw new ApiError(verdict.code, verdict.message, { errors })
}
