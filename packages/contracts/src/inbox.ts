import { z } from 'zod'
import { defineOperations } from './define.ts'
import { Part, PARTIAL_PAGES, Period } from './email-filters.ts'
import { FileContent, Place } from './file-content.ts'
import { EmailAddress, Id, page, PageQuery, Timestamp } from './primitives.ts'

const Message = z
  .object({
    id: Id,
    emailId: Id.describe('The email that this message carries.'),
    from: z.string().describe('The envelope sender.'),
    to: z.array(z.string()).describe('The envelope recipients.'),
    subject: z.string(),
    sizeBytes: z.int(),
    receivedAt: Timestamp,
  })
  .meta({ id: 'InboxMessage', description: 'A message that the built-in inbox caught.' })

const ReadMailbox = z
  .object({ email: z.string(), name: z.string() })
  .meta({ id: 'ReadMailbox', description: 'An address and name as a mail program reads them.' })

const MessageDetails = Message.extend({
  html: z.string().nullable(),
  text: z.string().nullable(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  headerFrom: ReadMailbox.nullable(),
  headerTo: z.array(ReadMailbox),
  headerCc: z.array(ReadMailbox),
  replyTo: z.array(ReadMailbox),
  links: z.array(z.string()).describe('The links found in the mail.'),
  attachments: z.array(
    z.object({
      filename: z.string().nullable(),
      contentType: z.string(),
      sizeBytes: z.int(),
      contentId: z.string().nullable(),
      disposition: z.string().nullable(),
    }),
  ),
}).meta({ id: 'InboxMessageDetails', description: 'A message as a mail program reads it.' })

const One = z.object({ id: Id.describe('The id of the message.') })

export const inbox = defineOperations({
  list: {
    summary: 'List the messages in the built-in inbox, newest first',
    description: PARTIAL_PAGES,
    scope: 'inbox:read',
    rest: { method: 'GET', path: '/v1/inbox' },
    input: z
      .object({
        ...PageQuery,
        to: EmailAddress.optional().describe('Messages to this address.'),
        emailId: Id.optional().describe('The messages of this email.'),
        search: Part.optional().describe('Messages that have this in their subject or in an address of a recipient.'),
        ...Period,
      })
      .meta({ id: 'ListInbox', description: 'Which messages to list.' }),
    output: page(Message).meta({ id: 'InboxPage', description: 'One page of messages, newest first.' }),
    refusals: ['INBOX_OFF'],
  },
  get: {
    summary: 'Read a message of the built-in inbox',
    scope: 'inbox:read',
    rest: { method: 'GET', path: '/v1/inbox/{id}' },
    input: One.meta({ id: 'GetInboxMessage' }),
    output: MessageDetails,
    refusals: ['INBOX_OFF', 'MESSAGE_NOT_FOUND'],
  },
  source: {
    summary: 'Get a message of the built-in inbox as it came over the wire',
    scope: 'inbox:read',
    rest: { method: 'GET', path: '/v1/inbox/{id}/source' },
    input: One.meta({ id: 'GetInboxSource' }),
    output: z
      .object({ id: Id, source: z.string().describe('The message (RFC 5322), byte for byte, one character each.') })
      .meta({ id: 'InboxSource', description: 'A message as it came over the wire.' }),
    refusals: ['INBOX_OFF', 'MESSAGE_NOT_FOUND'],
  },
  attachment: {
    summary: 'Get an attachment of a message with its content',
    scope: 'inbox:read',
    rest: { method: 'GET', path: '/v1/inbox/{id}/attachments/{place}' },
    input: z.object({ ...One.shape, place: Place }).meta({ id: 'GetInboxAttachment' }),
    output: FileContent,
    refusals: ['INBOX_OFF', 'MESSAGE_NOT_FOUND', 'ATTACHMENT_NOT_FOUND'],
  },
  clear: {
    summary: 'Delete every message of the project from the built-in inbox',
    scope: 'inbox:write',
    rest: { method: 'DELETE', path: '/v1/inbox' },
    input: z.object({}).meta({ id: 'ClearInbox' }),
    output: z.object({ deleted: z.int() }).meta({ id: 'ClearedInbox', description: 'How many messages were deleted.' }),
    refusals: ['INBOX_OFF'],
  },
})
