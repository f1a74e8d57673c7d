import { z } from 'zod'
import { Attachment, checkAttachmentBytes } from './attachments.ts'
import { defineOperations } from './define.ts'
import { emailParts, EmailStream, PARTIAL_PAGES } from './email-filters.ts'
import { FileContent, Place } from './file-content.ts'
import { headerText } from './header-text.ts'
import { OwnHeaders } from './headers.ts'
import { LIMITS } from './limits.ts'
import { contactData, MERGING } from './contact-data.ts'
import { EmailAddress, Id, Mailbox, page, PageQuery, Timestamp } from './primitives.ts'
import { copies, Recipients } from './recipients.ts'

/** Where an email stands. `sent`, `failed` and `cancelled` are ends; every other state names its next try. */
export const EmailStatus = z.enum(['queued', 'scheduled', 'sending', 'sent', 'deferred', 'failed', 'cancelled']).meta({
  id: 'EmailStatus',
  description: 'Where an email stands. `sent`, `failed` and `cancelled` are ends; every other state has a next try.',
})

const Tag = z
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
  subject: headerText(LIMITS.subjectLength).regex(/\S/, {
    error: 'A subject is needed: write something other than blanks.',
  }),
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
  body?: string | undefined
  html?: string | undefined
  text?: string | undefined
  reply?: unknown
  replyTo?: unknown
  attachments?: { content: string }[] | undefined
}

/** Whether a text has nothing that a reader could see. */
export const isBlank = (text: string): boolean => !/\S/.test(text)

/** What no single field can say: which fields need or exclude each other. */
function checkContent(email: Content, ctx: z.core.$RefinementCtx): void {
  const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message })
  const given = (['body', 'html', 'text'] as const).filter((field) => email[field] !== undefined)
  if (given.every((field) => isBlank(email[field] ?? ''))) {
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
  })
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
  .superRefine(checkContent)
  .meta({ id: 'BatchEmail', description: 'One mail of a batch: a mail like any other, with one recipient.' })

const AcceptedEmail = z
  .object({
    contact: z.object({ id: Id, email: z.string() }),
    email: Id.describe('The id of the email.'),
  })
  .meta({ id: 'AcceptedEmail', description: 'An email that is stored and will be sent, and the contact it goes to.' })

const captured = z.boolean().describe('True while mail goes to the built-in inbox instead of a relay.')

export const SendReceipt = z.object({ emails: z.array(AcceptedEmail), captured, timestamp: Timestamp }).meta({
  id: 'SendReceipt',
  description: 'What was stored: one email for each distinct address, in the order of `to`.',
})

export const BatchReceipt = z
  .object({
    results: z.array(
      z.discriminatedUnion('status', [
        z
          .object({ status: z.literal('accepted'), ...AcceptedEmail.shape })
          .meta({ id: 'BatchAccepted', description: 'This mail of the batch is stored and will be sent.' }),
        z
          .object({ status: z.literal('refused'), error: z.object({ code: z.string(), message: z.string() }) })
          .meta({ id: 'BatchRefused', description: 'This mail of the batch may not be sent.' }),
      ]),
    ),
    accepted: z.int(),
    refused: z.int(),
    captured,
    timestamp: Timestamp,
  })
  .meta({ id: 'BatchReceipt', description: 'One result for each mail of the batch, in the same order.' })

const StoredMailbox = z
  .object({ email: z.string(), name: z.string().nullable() })
  .meta({ id: 'StoredMailbox', description: 'An address with the name it was given, if any.' })

export const Email = z
  .object({
    id: Id,
    status: EmailStatus,
    stream: EmailStream,
    reason: z.string().nullable().describe('Why it waits, failed or was cancelled, in words; null once it was sent.'),
    attempts: z.int().describe('How often delivery was begun.'),
    nextAttemptAt: Timestamp.nullable().describe('When it is tried next; null at an end.'),
    possiblyDuplicate: z
      .boolean()
      .describe(
        'True when a try ended without anybody knowing whether the mail was taken, so that a further try may deliver it twice: the connection broke after the mail was handed over, or the worker died when the mail was on its way to the relay or among the next in line.',
      ),
    captured,
    contactId: Id,
    from: StoredMailbox,
    to: StoredMailbox,
    cc: z.array(StoredMailbox),
    bcc: z.array(StoredMailbox),
    subject: z.string(),
    tags: z.array(z.string()),
    scheduledAt: Timestamp.nullable(),
    createdAt: Timestamp,
    sentAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable().describe('When it was sent, failed or was cancelled.'),
  })
  .meta({ id: 'Email', description: 'A mail to one recipient, and where it stands.' })

export const EmailDetails = Email.extend({
  replyTo: StoredMailbox.nullable(),
  html: z.string().nullable(),
  text: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  attachments: z.array(
    z.object({
      filename: z.string(),
      contentType: z.string(),
      sizeBytes: z.int(),
      contentId: z.string().nullable(),
      disposition: z.enum(['attachment', 'inline']),
    }),
  ),
}).meta({ id: 'EmailDetails', description: 'An email with its content; attachments are described, not included.' })

export const Attempt = z
  .object({
    number: z.int().describe('1 for the first try.'),
    startedAt: Timestamp,
    durationMs: z.int(),
    outcome: z
      .enum(['accepted', 'deferred', 'rejected', 'unknown'])
      .describe(
        '`unknown`: nobody knows whether the mail was taken, because the connection broke after it was handed over or the worker died; see `possiblyDuplicate`.',
      ),
    stage: z.string().describe('How far the SMTP conversation came.'),
    reason: z.string(),
    code: z.int().nullable().describe('The reply code (RFC 5321).'),
    enhancedCode: z.string().nullable().describe('The enhanced status code (RFC 3463).'),
    words: z.string().describe('What the server said.'),
    relay: z.string().nullable(),
  })
  .meta({ id: 'Attempt', description: 'One try to deliver an email, and what came of it.' })

const One = z.object({ id: Id.describe('The id of the email.') })

export const emails = defineOperations({
  send: {
    summary: 'Queue mail for one or more recipients',
    description:
      'Stores the mail and answers once it is safe on disk. Recipients become contacts of the project, not subscribed unless they were.',
    scope: 'emails:send',
    rest: { method: 'POST', path: '/v1/send' },
    input: SendEmail,
    output: SendReceipt,
    bodyLimitBytes: LIMITS.mailRequestBytes,
    envelope: 'plunk',
    refusals: ['SENDER_UNVERIFIED'],
  },
  sendBatch: {
    summary: `Queue up to ${LIMITS.emailsPerBatch} different mails in one transaction`,
    description:
      'Each mail gets its own result. A malformed mail refuses the whole batch; one that may not be sent is refused alone.',
    scope: 'emails:send',
    rest: { method: 'POST', path: '/v1/send/batch' },
    input: z
      .object({ emails: z.array(BatchEmail).min(1).max(LIMITS.emailsPerBatch) })
      .superRefine(({ emails }, ctx) => {
        checkAttachmentBytes(
          emails.flatMap((email) => email.attachments ?? []),
          ctx,
          ['emails'],
        )
      })
      .meta({ id: 'SendBatch', description: `Up to ${LIMITS.emailsPerBatch} different mails.` }),
    output: BatchReceipt,
    bodyLimitBytes: LIMITS.mailRequestBytes,
  },
  get: {
    summary: 'Get an email with its content',
    scope: 'emails:read',
    rest: { method: 'GET', path: '/v1/emails/{id}' },
    input: One.meta({ id: 'GetEmail' }),
    output: EmailDetails,
    refusals: ['EMAIL_NOT_FOUND'],
  },
  list: {
    summary: 'List emails, newest first',
    description: PARTIAL_PAGES,
    scope: 'emails:read',
    rest: { method: 'GET', path: '/v1/emails' },
    input: z
      .object({
        ...PageQuery,
        status: EmailStatus.optional().describe('Mails in this state.'),
        to: EmailAddress.optional().describe('Mails to this address.'),
        tag: Tag.optional().describe('Mails with this tag.'),
        ...emailParts,
      })
      .meta({ id: 'ListEmails', description: 'Which emails to list.' }),
    output: page(Email).meta({ id: 'EmailPage', description: 'One page of emails, newest first.' }),
  },
  cancel: {
    summary: 'Cancel an email that waits, so that it is never sent',
    scope: 'emails:write',
    rest: { method: 'POST', path: '/v1/emails/{id}/cancel' },
    input: One.meta({ id: 'CancelEmail' }),
    output: Email,
    refusals: ['EMAIL_NOT_FOUND', 'EMAIL_NOT_WAITING'],
  },
  reschedule: {
    summary: 'Move an email that waits to another time',
    scope: 'emails:write',
    rest: { method: 'POST', path: '/v1/emails/{id}/reschedule' },
    input: z
      .object({ ...One.shape, scheduledAt: Timestamp.describe('The new time, at most a year ahead.') })
      .meta({ id: 'RescheduleEmail', description: 'When the email is to be sent instead.' }),
    output: Email,
    refusals: ['EMAIL_NOT_FOUND', 'EMAIL_NOT_WAITING'],
  },
  attempts: {
    summary: 'List the delivery attempts of an email, first to last',
    scope: 'emails:read',
    rest: { method: 'GET', path: '/v1/emails/{id}/attempts' },
    input: One.meta({ id: 'ListAttempts' }),
    output: z
      .object({ data: z.array(Attempt) })
      .meta({ id: 'AttemptList', description: 'The delivery attempts of an email, first to last.' }),
    refusals: ['EMAIL_NOT_FOUND'],
  },
  sendAgain: {
    summary: 'Send the content of an email once more to the same recipients, as a new email',
    scope: 'emails:send',
    rest: { method: 'POST', path: '/v1/emails/{id}/send-again' },
    input: One.meta({ id: 'SendAgain' }),
    output: Email,
    refusals: ['EMAIL_NOT_FOUND', 'SENDER_UNVERIFIED'],
  },
  retryNow: {
    summary: 'Try an email that waits now and not only when its time comes',
    description: 'An email that has failed stays as it is; send it again instead.',
    scope: 'emails:write',
    rest: { method: 'POST', path: '/v1/emails/{id}/retry' },
    input: One.meta({ id: 'RetryNow' }),
    output: Email,
    refusals: ['EMAIL_NOT_FOUND', 'EMAIL_NOT_WAITING'],
  },
  source: {
    summary: 'Get the message that an email is sent as',
    description:
      'What the built-in inbox caught, or else what is made of the stored email again: the same bytes, without what is added on the way, such as a DKIM signature.',
    scope: 'emails:read',
    rest: { method: 'GET', path: '/v1/emails/{id}/source' },
    input: One.meta({ id: 'GetEmailSource' }),
    output: z
      .object({
        id: Id,
        from: z.enum(['inbox', 'email']).describe('Where it comes from: caught by the inbox, or made of the email.'),
        source: z.string().describe('The message (RFC 5322), byte for byte, one character each.'),
      })
      .meta({ id: 'EmailSource', description: 'The message that an email is sent as.' }),
    refusals: ['EMAIL_NOT_FOUND', 'EMAIL_NOT_COMPOSABLE'],
  },
  attachment: {
    summary: 'Get an attachment of an email with its content',
    scope: 'emails:read',
    rest: { method: 'GET', path: '/v1/emails/{id}/attachments/{place}' },
    input: z.object({ ...One.shape, place: Place }).meta({ id: 'GetEmailAttachment' }),
    output: FileContent,
    refusals: ['EMAIL_NOT_FOUND', 'ATTACHMENT_NOT_FOUND'],
  },
})
