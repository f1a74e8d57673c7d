import { z } from 'zod'
import { Attachment, checkAttachmentBytes } from './attachments.ts'
import { contactData, MERGING } from './contact-data.ts'
import { headerText } from './header-text.ts'
import { OwnHeaders } from './headers.ts'
import { LIMITS } from './limits.ts'
import { TopicId } from './topic-choices.ts'
import { Mailbox, Timestamp } from './primitives.ts'
import { copies, Recipients } from './recipients.ts'

export const Tag = z
  .string()
  .min(1)
  .max(LIMITS.tagLength)
  .regex(/^[\w.:-]+$/, {
    error: 'Letters, digits and . _ : - only.',
  })

const Body = z.string().max(LIMITS.bodyLength, { error: `At most ${LIMITS.bodyLength} characters.` })

const content = {
  from: Mailbox.optional().describe('The sender. Left out: the default sender of the project.'),
  name: headerText(LIMITS.displayNameLength).optional().describe('The sender’s name, where `from` gives none.'),
  reply: Mailbox.optional().describe('Where answers go (Reply-To).'),
  replyTo: Mailbox.optional().describe('The same as `reply`.'),
  template: z
    .string()
    .min(1)
    .max(LIMITS.templateNameLength)
    .optional()
    .describe('A published template, by its id or name. What else the request gives wins over what it has.'),
  topic: TopicId.optional().describe(
    'The topic of a mail that is made of a marketing template: it goes to who chose it, and its links leave it.',
  ),
  subject: headerText(LIMITS.subjectLength)
    .regex(/\S/, { error: 'A subject is needed: write something other than blanks.' })
    .optional()
    .describe('Needed unless the mail is made of a template.'),
  body: Body.optional().describe('The mail as HTML. A blank one, like a blank `text`, counts as left out.'),
  html: Body.optional().describe('The same as `body`.'),
  text: Body.optional().describe('The mail as plain text.'),
  cc: copies()
    .optional()
    .describe('Further visible recipients; only with a single `to`. Who is named in several places gets one copy.'),
  bcc: copies()
    .optional()
    .describe('Further hidden recipients; only with a single `to`. Who is named in several places gets one copy.'),
  headers: OwnHeaders.optional().describe('Headers of your own, each name once: `X-A` and `x-a` are the same.'),
  attachments: z.array(Attachment).max(LIMITS.attachmentsPerEmail).optional(),
  data: contactData()
    .optional()
    .describe(`Facts kept on the contact: ${MERGING} \`{"value": …, "persistent": false}\` is for this mail alone.`),
  subscribed: z.boolean().optional().describe('Changes the consent of the contact; left out, it stays as it is.'),
  scheduledAt: Timestamp.optional().describe(`Send at this time, at most a year ahead.`),
  tags: z.array(Tag).max(LIMITS.tagsPerEmail).optional().describe('Labels to find the mail by.'),
}

interface Content {
  template?: string | undefined
  subject?: string | undefined
  body?: string | undefined
  html?: string | undefined
  text?: string | undefined
  reply?: unknown
  replyTo?: unknown
  attachments?: { content: string }[] | undefined
}

/** Whether a text has nothing that a reader could see. */
export const isBlank = (text: string): boolean => !/\S/.test(text)

/** Looked at whatever else is wrong, so that a caller hears of all fields that are missing at once. */
const EVEN_SO = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

function checkSubject({ template, subject }: Content, ctx: z.core.$RefinementCtx): void {
  if (template !== undefined || subject !== undefined) return
  const message = 'A subject is needed, or a `template` that has one.'
  ctx.addIssue({
    code: 'invalid_type',
    expected: 'string',
    path: ['subject'],
    input: undefined,
    message,
    continue: false,
  })
}

/** What no single field can say: which fields need or exclude each other. */
function checkContent(email: Content, ctx: z.core.$RefinementCtx): void {
  const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message })
  const given = (['body', 'html', 'text'] as const).filter((field) => email[field] !== undefined)
  const hasTemplate = email.template !== undefined
  if (!hasTemplate && email.subject === undefined)
    refuse('subject', 'A subject is needed, or a `template` that has one.')
  if (!hasTemplate && given.every((field) => isBlank(email[field] ?? ''))) {
    refuse(given[0] ?? 'body', 'A mail needs something other than blanks in `body` (HTML) or `text`.')
  }
  if (email.body !== undefined && email.html !== undefined) refuse('html', '`html` and `body` are the same; give one.')
  if (email.reply !== undefined && email.replyTo !== undefined) {
    refuse('replyTo', '`replyTo` and `reply` are the same; give one.')
  }
  checkAttachmentBytes(email.attachments ?? [], ctx, ['attachments'])
}

/** A request to send: each recipient in `to` gets a mail of its own. */
export const SendEmail = z
  .object({
    to: Recipients.describe(
      `The recipient, or up to ${LIMITS.recipientsPerSend} of them. An address that is named twice, in whatever case, gets one mail; its first mention counts.`,
    ),
    ...content,
    type: z
      .literal('html', {
        error: 'Only `html` is taken: render Markdown to HTML before it is sent, and leave this out.',
      })
      .optional()
      .describe('What older clients of Plunk say of `body`.'),
  })
  .superRefine(checkSubject, EVEN_SO)
  .superRefine((email, ctx) => {
    checkContent(email, ctx)
    const copied = (email.cc?.length ?? 0) + (email.bcc?.length ?? 0) > 0
    if (copied && email.to.length > 1) {
      ctx.addIssue({
        code: 'custom',
        path: [email.cc?.length ? 'cc' : 'bcc'],
        message: 'Copies go with a single recipient in `to`; otherwise they would arrive once for each.',
      })
    }
  })
  .meta({ id: 'SendEmail', description: 'A request to send: each recipient in `to` gets a mail of its own.' })

/** One mail of a batch: a mail like any other, with one recipient. */
export const BatchEmail = z
  .object({ to: Mailbox, ...content })
  .superRefine(checkSubject, EVEN_SO)
  .superRefine(checkContent)
  .meta({ id: 'BatchEmail', description: 'One mail of a batch: a mail like any other, with one recipient.' })
