import { z } from 'zod'
import { defineOperations } from './define.ts'
import { contactData, MERGING } from './contact-data.ts'
import { Part, PARTIAL_PAGES } from './email-filters.ts'
import { EmailAddress, Id, Json, page, PageQuery, Timestamp } from './primitives.ts'

export const Contact = z
  .object({
    id: Id,
    email: z.string(),
    subscribed: z.boolean(),
    data: z.record(z.string(), Json),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Contact', description: 'A person of the project, known by an e-mail address.' })

export const contacts = defineOperations({
  get: {
    summary: 'Get a contact by id or e-mail address',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/{id}' },
    input: z
      .object({
        id: z
          .union([Id, EmailAddress], { error: 'Expected the id or the e-mail address of a contact.' })
          .describe('The id or the e-mail address of the contact.'),
      })
      .meta({ id: 'GetContact' }),
    output: Contact,
    refusals: ['CONTACT_NOT_FOUND'],
  },
  list: {
    summary: 'List contacts, newest first',
    description: PARTIAL_PAGES,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts' },
    input: z
      .object({ ...PageQuery, search: Part.optional().describe('Contacts whose address has this in it.') })
      .meta({ id: 'ListContacts', description: 'Which page of contacts to list.' }),
    output: page(Contact).meta({ id: 'ContactPage', description: 'One page of contacts, newest first.' }),
  },
  upsert: {
    summary: 'Create a contact, or change the one with this address',
    scope: 'contacts:write',
    rest: { method: 'POST', path: '/v1/contacts' },
    input: z
      .object({
        email: EmailAddress,
        subscribed: z.boolean().optional().describe('Left out: true for a new contact, unchanged for a known one.'),
        data: contactData().optional().describe(`Facts kept on the contact: ${MERGING}`),
      })
      .meta({ id: 'UpsertContact', description: 'What to know of a contact.' }),
    output: Contact.extend({
      _meta: z.object({ isNew: z.boolean(), isUpdate: z.boolean() }),
    }).meta({ id: 'UpsertedContact', description: 'The contact as it is now, and whether it is new.' }),
  },
})
