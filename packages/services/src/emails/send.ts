import { isBlank, LIMITS, type Input, type Mailbox } from '@posthorn/contracts'
import type { StoredMailbox } from '@posthorn/db'
import { STREAMS } from '@posthorn/outbox'
import { byHand } from '../audit.ts'
import { splitData } from '../contacts/merge.ts'
import type { Context } from '../context.ts'
import { ApiError, fieldRefusal } from '../errors.ts'
import { getSender, requireSender, type Sender } from '../senders.ts'
import type { Accepted, Mail } from './accept.ts'

type Asked = Omit<Input<'emails', 'send'>, 'to'>

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

function mailOf(ctx: Context, sender: Sender, recipients: Mailbox[], asked: Asked): Mail {
  const { persistent, all } = splitData(asked.data)
  const replyTo = asked.reply ?? asked.replyTo
  return {
    recipients,
    from: requireSender(ctx, sender, asked),
    replyTo: replyTo === undefined ? null : stored(replyTo),
    cc: (asked.cc ?? []).map(stored),
    bcc: (asked.bcc ?? []).map(stored),
    subject: asked.subject,
    html: unlessBlank(asked.body ?? asked.html),
    text: unlessBlank(asked.text),
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
    subscribed: asked.subscribed,
    tags: asked.tags ?? [],
    scheduledAt: asked.scheduledAt === undefined ? null : requireSchedule(asked.scheduledAt),
    stream: STREAMS.transactional,
  }
}

/** One entry for one act, with all emails that came of it. */
const sentByHand = (emails: string[]) => ({ action: 'email.sent', target: emails[0] ?? '', detail: { emails } })

export async function send(ctx: Context, { to, ...asked }: Input<'emails', 'send'>) {
  const sender = await getSender(ctx)
  const mail = mailOf(ctx, sender, to, asked)
  const captured = ctx.runtime.captures
  const acceptance = { projectId: sender.projectId, captured, mails: [mail], byHand: byHand(ctx, sentByHand) }
  return ctx.runtime.acceptEmails(ctx, acceptance, ([emails = []]) => ({ emails, captured, timestamp: new Date() }))
}

export async function sendBatch(ctx: Context, { emails }: Input<'emails', 'sendBatch'>) {
  const sender = await getSender(ctx)
  const verdicts = emails.map(({ to, ...asked }, index) => judge(index, () => mailOf(ctx, sender, [to], asked)))
  const mails = verdicts.flatMap((verdict) => ('mail' in verdict ? [verdict.mail] : []))
  const captured = ctx.runtime.captures
  const receipt = (accepted: Accepted) => {
    let next = 0
    const results = verdicts.map((verdict) => {
      if ('refusal' in verdict) return { status: 'refused' as const, error: verdict.refusal }
      // Safe because acceptance answers mail for mail, and each mail of a batch has one recipient.
      return { status: 'accepted' as const, ...(accepted[next++]?.[0] as Accepted[number][number]) }
    })
    return { results, accepted: mails.length, refused: results.length - mails.length, captured, timestamp: new Date() }
  }
  if (mails.length === 0) return receipt([])
  const acceptance = { projectId: sender.projectId, captured, mails, byHand: byHand(ctx, sentByHand) }
  return ctx.runtime.acceptEmails(ctx, acceptance, receipt)
}

/** A mail that may not be sent is refused alone; one that is malformed refuses the batch, with its place named. */
function judge(index: number, make: () => Mail): { mail: Mail } | { refusal: { code: string; message: string } } {
  try {
    return { mail: make() }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code !== 'VALIDATION_ERROR') return { refusal: { code: error.code, message: error.message } }
    const errors = error.errors?.map((one) => ({ ...one, field: `emails.${index}.${one.field}` }))
    throw new ApiError(error.code, error.message, { errors })
  }
}
