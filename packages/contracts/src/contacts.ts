import { z } from 'zod'
import { defineOperations } from './define.ts'
import { Contact, consent, facts, idOrAddress } from './contact.ts'
import { activityOperation } from './contact-activity.ts'
import { checkConsent, consentProof, ConsentState } from './consent-proof.ts'
import { consentOperation } from './contact-consent.ts'
import { contactData } from './contact-data.ts'
import { fieldOperations } from './contact-fields.ts'
import { CONTACT_PAGES, contactFilters, contactTotal } from './contact-filters.ts'
import { personOperations } from './contact-person.ts'
import { EXPORTED, ExportQuery, withoutPages } from './downloads.ts'
import { bulkOperations } from './contacts-bulk.ts'
import { importOperations } from './imports.ts'
import { manyOperations } from './contacts-many.ts'
import { topicChoices, topicStates } from './topic-choices.ts'
import { topicOperations } from './topics.ts'
import { EmailAddress, Nothing, page, PageQuery, PLUNK_PAGES } from './primitives.ts'

const ListContacts = z
  .object({
    ...PageQuery,
    ...contactFilters,
  })
  .meta({ id: 'ListContacts', description: 'Which page of contacts to list.' })

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
    description: CONTACT_PAGES,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts' },
    input: ListContacts,
    ignores: PLUNK_PAGES,
    plunkNames: { items: 'data', nextCursor: 'cursor' },
    output: page(Contact)
      .extend(contactTotal)
      .meta({ id: 'ContactPage', description: 'One page of contacts, newest first.' }),
  },
  export: {
    summary: 'Export contacts as a file, newest first',
    description: `${EXPORTED} Each field of \`data\` is a column of its own: text as it is, all else as JSON, and so is text that could be taken for JSON; no value is an empty cell. The column of a field that is called as another column, or begins with \`data.\`, has \`data.\` before its name. Fields that came up while it was written, and those whose names differ from another one by capitals or blanks alone, stand together in the column \`data\`.`,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/export' },
    input: z
      .object({ ...ExportQuery, ...withoutPages(ListContacts.shape) })
      .meta({ id: 'ExportContacts', description: 'Which contacts to export, and how.' }),
    output: Contact.extend({
      topics: z
        .record(z.string(), z.boolean())
        .nullable()
        .describe('What they chose: true for topics that they want, false for those that they left.'),
    }).meta({ id: 'ExportedContact', description: 'A contact with the topics that it chose or left.' }),
    answers: ['csv', 'jsonl'],
  },
  upsert: {
    summary: 'Create a contact, or change the one with this address',
    scope: 'contacts:write',
    rest: { method: 'POST', path: '/v1/contacts' },
    input: z
      .object({
        email: EmailAddress,
        subscribed: consent,
        topics: topicChoices,
        consent: consentProof,
        data: contactData().optional().describe(facts),
      })
      .superRefine(checkConsent)
      .meta({ id: 'UpsertContact', description: 'What to know of a contact.' }),
    output: Contact.extend({
      _meta: z.object({ isNew: z.boolean(), isUpdate: z.boolean(), consent: ConsentState, topics: topicStates }),
    }).meta({ id: 'UpsertedContact', description: 'The contact as it is now, and whether it is new.' }),
    refusals: ['TOPIC_NOT_FOUND'],
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
        subscribed: z
          .boolean()
          .optional()
          .describe('True is refused for who opted out, unless `consent` says how they agreed anew.'),
        topics: topicChoices,
        consent: consentProof,
        data: contactData().nullable().optional().describe(`${facts} \`null\` deletes all.`),
      })
      .superRefine(checkConsent)
      .meta({ id: 'UpdateContact', description: 'What to change of a contact.' }),
    output: Contact,
    refusals: ['CONTACT_NOT_FOUND', 'CONTACT_EXISTS', 'CONTACT_OPTED_OUT', 'TOPIC_NOT_FOUND'],
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
  ...personOperations,
  ...topicOperations,
  ...fieldOperations,
  ...manyOperations,
  ...bulkOperations,
  ...importOperations,
})
