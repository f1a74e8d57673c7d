import { z } from 'zod'
import { defineOperations } from './define.ts'
import { Contact, consent, facts, idOrAddress } from './contact.ts'
import { activityOperation } from './contact-activity.ts'
import { consentOperation } from './contact-consent.ts'
import { contactData } from './contact-data.ts'
import { bulkOperations } from './contacts-bulk.ts'
import { manyOperations } from './contacts-many.ts'
import { Part, PARTIAL_PAGES } from './email-filters.ts'
import { EmailAddress, Flag, Nothing, page, PageQuery } from './primitives.ts'

export const contacts = defineOperations({
  get: {
    summary: 'Get a contact by id or e-mail address',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/{id}' },
    input: z.object({ id: idOrAddress }).meta({ id: 'GetContact' }),
    output: Contact,
    refusals: ['CONTACT_NOT_FOUND'],
  },
  list: {
    summary: 'List contacts, newest first',
    description: PARTIAL_PAGES,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts' },
    input: z
      .object({
        ...PageQuery,
        search: Part.optional().describe('Contacts whose address has this in it.'),
        subscribed: Flag.optional().describe('Contacts with this consent.'),
      })
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
        subscribed: consent,
        data: contactData().optional().describe(facts),
      })
      .meta({ id: 'UpsertContact', description: 'What to know of a contact.' }),
    output: Contact.extend({
      _meta: z.object({ isNew: z.boolean(), isUpdate: z.boolean() }),
    }).meta({ id: 'UpsertedContact', description: 'The contact as it is now, and whether it is new.' }),
  },
  update: {
    summary: 'Change a contact',
    description: 'Fields that are left out stay as they are.',
    scope: 'contacts:write',
    rest: { method: 'PATCH', path: '/v1/contacts/{id}' },
    input: z
      .object({
        id: idOrAddress,
        email: EmailAddress.optional().describe('A new address; mails that were sent keep the old one.'),
        subscribed: z.boolean().optional(),
        data: contactData().nullable().optional().describe(`${facts} \`null\` deletes all.`),
      })
      .meta({ id: 'UpdateContact', description: 'What to change of a contact.' }),
    output: Contact,
    refusals: ['CONTACT_NOT_FOUND', 'CONTACT_EXISTS'],
  },
  delete: {
    summary: 'Delete a contact with its events; mails that were sent to it stay readable',
    scope: 'contacts:write',
    rest: { method: 'DELETE', path: '/v1/contacts/{id}', status: 204 },
    input: z.object({ id: idOrAddress }).meta({ id: 'DeleteContact' }),
    output: Nothing,
    refusals: ['CONTACT_NOT_FOUND'],
  },
  ...activityOperation,
  ...consentOperation,
  ...manyOperations,
  ...bulkOperations,
})
