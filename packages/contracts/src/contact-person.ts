import { z } from 'zod'
import { Contact, idOrAddress } from './contact.ts'
import { Decision } from './contact-consent.ts'
import { Attempt, EmailDetails } from './emails.ts'
import { Event } from './events.ts'
import { Id, Json, Timestamp } from './primitives.ts'

const PersonalEmail = EmailDetails.extend({
  role: z.enum(['recipient', 'copied']).describe('`copied`: the person stands in `cc` or `bcc`.'),
  deliveries: z.array(Attempt).describe('The delivery attempts, first to last.'),
}).meta({ id: 'PersonalEmail', description: 'A mail that went to a person, with its content.' })

const PersonRecord = z
  .object({
    contact: Contact.optional(),
    consent: Decision.optional(),
    topic: z
      .object({ id: z.string(), subscribed: z.boolean(), at: Timestamp })
      .optional()
      .describe('A choice of the person.'),
    confirmation: z
      .object({
        email: z.string(),
        subscribes: z.boolean().describe('Whether it was about all mail.'),
        topics: z.array(z.string()).describe('The topics that it was about.'),
        consent: z.record(z.string(), Json).nullable().describe('How they had agreed, as the caller said.'),
        mailedAt: Timestamp,
        expiresAt: Timestamp,
        confirmedAt: Timestamp.nullable(),
      })
      .optional()
      .describe('The last question to the person whether it was they who asked for mail.'),
    event: Event.optional(),
    email: PersonalEmail.optional(),
  })
  .meta({ id: 'PersonRecord', description: 'One thing that is known of a person: each record has one of the fields.' })

export const personOperations = {
  exportPerson: {
    summary: 'Export everything that is known of a contact as one file',
    description:
      'The contact, what they agreed to and chose, their events, and all mails that went to them with content and delivery attempts; attachments are described. It is a list of records, each with one thing. Takes `emails:read` and `events:read` as well, since it shows both.',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/{id}/export' },
    input: z
      .object({
        id: idOrAddress,
        format: z
          .enum(['json', 'jsonl'])
          .default('json')
          .describe('`json`: one list. `jsonl`: one record on each line.'),
      })
      .meta({ id: 'ExportPerson', description: 'How to write it down.' }),
    output: PersonRecord,
    answers: ['json', 'jsonl'],
    refusals: ['CONTACT_NOT_FOUND'],
  },
  erase: {
    summary: 'Erase a person with everything that is known of them, as a job',
    description:
      'Mail that waits for them is cancelled at once. Then their mails with content, attempts and copies in the inbox, their events and what they agreed to are deleted, in the end the contact; in mails to others they are taken out of `cc` and `bcc`. Only a hash of the address is kept, by which nobody subscribes them again without their word. Also takes an address that is no contact any more. Numbers and the audit log stay. It cannot be undone.',
    scope: 'contacts:erase',
    rest: { method: 'POST', path: '/v1/contacts/{id}/erase', status: 202 },
    input: z.object({ id: idOrAddress }).meta({ id: 'ErasePerson' }),
    output: z
      .object({ message: z.string(), jobId: Id.describe('The job to watch, with `jobs.get`.') })
      .meta({ id: 'ErasureReceipt', description: 'The job that was begun.' }),
    refusals: ['CONTACT_NOT_FOUND'],
  },
} as const
