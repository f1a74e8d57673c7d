import { z } from 'zod'
import { checkAttachmentBytes } from './attachments.ts'
import { defineOperations } from './define.ts'
import { EXPORTED, ExportQuery, withoutPages } from './downloads.ts'
import { BatchEmail, SendEmail, Tag } from './email-content.ts'
import { emailParts, EmailStream, PARTIAL_PAGES } from './email-filters.ts'
import { FileContent, Place } from './file-content.ts'
import { LIMITS } from './limits.ts'
import { EmailAddress, Id, page, PageQuery, Timestamp } from './primitives.ts'

/** Where an email stands. `sent`, `failed` and `cancelled` are ends; every other state names its next try. */
export const EmailStatus = z.enum(['queued', 'scheduled', 'sending', 'sent', 'deferred', 'failed', 'cancelled']).meta({
  id: 'EmailStatus',
  description: 'Where an email stands. `sent`, `failed` and `cancelled` are ends; every other state has a next try.',
})

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

const ListEmails = z
  .object({
    ...PageQuery,
    status: EmailStatus.optional().describe('Mails in this state.'),
    to: EmailAddress.optional().describe('Mails to this address.'),
    tag: Tag.optional().describe('Mails with this tag.'),
    ...emailParts,
  })
  .meta({ id: 'ListEmails', description: 'Which emails to list.' })

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
    refusals: ['SENDER_UNVERIFIED', 'CONTACT_UNSUBSCRIBED', 'POSTAL_ADDRESS_NEEDED', 'TOPIC_NOT_FOUND'],
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
    input: ListEmails,
    output: page(Email).meta({ id: 'EmailPage', description: 'One page of emails, newest first.' }),
  },
  export: {
    summary: 'Export emails without their content as a file, newest first',
    description: EXPORTED,
    scope: 'emails:read',
    rest: { method: 'GET', path: '/v1/emails/export' },
    input: z
      .object({ ...ExportQuery, ...withoutPages(ListEmails.shape) })
      .meta({ id: 'ExportEmails', description: 'Which emails to export, and how.' }),
    output: Email,
    answers: ['csv', 'jsonl'],
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
