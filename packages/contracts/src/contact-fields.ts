import { z } from 'zod'
import type { Operation } from './define.ts'
import { FieldName } from './contact-filters.ts'
import { Part } from './email-filters.ts'
import { LIMITS } from './limits.ts'
import { Id } from './primitives.ts'

/** Of which type a value is. JSON has no dates, so a text that is one in ISO 8601 is taken for one. */
export const FIELD_TYPES = ['string', 'number', 'boolean', 'date', 'list', 'object'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

const Type = z.enum(FIELD_TYPES).meta({ id: 'FieldType', description: 'A type of values. Dates are text in ISO 8601.' })

const upTo = (limit: number, what: string) =>
  z.coerce
    .number<number>({ error: `Expected a whole number from 1 to ${limit}.` })
    .int()
    .min(1)
    .max(limit)
    .default(limit)
    .describe(`How many ${what} to answer with.`)

const COUNTED =
  'Counted when contacts are stored, changed and deleted, so it is exact and takes no longer with more of them.'

const ContactField = z
  .object({
    field: z.string().describe('Its name with `data.` before it, as templates and filters take it.'),
    name: z.string().describe('Its name as it stands in `data`.'),
    type: Type.describe('The type that most of its values are of.'),
    types: z.partialRecord(Type, z.int()).describe('How many contacts have a value of each type.'),
    count: z.int().describe('How many contacts have it.'),
    coverage: z.number().describe('The same in per cent of all contacts.'),
  })
  .meta({ id: 'ContactField', description: 'A field that contacts have in their `data`.' })

const One = z.object({ field: FieldName })

/** What Posthorn has none of, in an answer that Plunk’s clients read. */
const none = (what: string) =>
  z.array(z.object({ id: Id, name: z.string() })).describe(`There are no ${what}: always empty.`)

export const fieldOperations = {
  fields: {
    summary: 'List the fields of `data`, in alphabetical order',
    description: COUNTED,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/fields' },
    input: z
      .object({
        search: Part.optional().describe('Fields with this in their name.'),
        limit: upTo(LIMITS.fieldsPerAnswer, 'fields'),
      })
      .meta({ id: 'ListContactFields', description: 'Which fields to list.' }),
    output: z
      .object({
        fields: z.array(ContactField),
        count: z.int().describe('How many fields this answer has.'),
        isComplete: z.boolean().describe('Whether these are all the fields there are.'),
        contacts: z.int().describe('How many contacts there are.'),
      })
      .meta({ id: 'ContactFields', description: 'The fields that contacts have.' }),
  },
  fieldValues: {
    summary: 'List the most frequent values of a field',
    description: `Of the newest ${LIMITS.sampledContacts.toLocaleString('en')} contacts, so that it takes no longer with more of them. Of a list each entry counts; objects, and values longer than ${LIMITS.fieldValueLength} characters, are left out.`,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/fields/{field}/values' },
    input: One.extend({ limit: upTo(LIMITS.fieldValuesPerAnswer, 'values') }).meta({ id: 'ListFieldValues' }),
    output: z
      .object({
        field: z.string(),
        values: z
          .array(z.union([z.string(), z.number(), z.boolean()]))
          .describe('The values, the most frequent first.'),
        counts: z.array(z.int()).describe('How many contacts have each of `values`, in the same order.'),
        count: z.int().describe('How many values this answer has.'),
        limit: z.int(),
        contacts: z.int().describe('How many contacts were looked at.'),
      })
      .meta({ id: 'FieldValues', description: 'What stands in a field.' }),
  },
  fieldUsage: {
    summary: 'Find out how many contacts have a field, and which templates name it',
    description: `Templates are looked at as they are sent and as they wait to be published, ${LIMITS.templatesLookedAt} of those that have the word in them.`,
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/fields/{field}/usage' },
    refusals: ['SERVER_BUSY'],
    input: One.meta({ id: 'GetFieldUsage' }),
    output: z
      .object({
        field: z.string(),
        contactCount: z.int().describe('How many contacts have it.'),
        usedInTemplates: z
          .array(z.object({ id: Id, name: z.string() }))
          .describe('Templates that name it, or declare a variable of this name.'),
        isComplete: z.boolean().describe('Whether these are all the templates that do.'),
        usedInSegments: none('segments'),
        usedInCampaigns: none('campaigns'),
        canDelete: z.boolean().describe('Whether `contacts.deleteField` takes it.'),
      })
      .meta({ id: 'FieldUsage', description: 'Where a field is used.' }),
  },
  deleteField: {
    summary: 'Delete a field from all contacts, as a job',
    description:
      'Works in the background, in batches. Contacts that come after the call keep it. Templates that name it are filled with what they have for a missing value; `contacts.fieldUsage` says which they are.',
    scope: 'contacts:write',
    rest: { method: 'DELETE', path: '/v1/contacts/fields/{field}', status: 202 },
    input: One.meta({ id: 'DeleteContactField' }),
    output: z
      .object({ message: z.string(), jobId: Id.describe('The job to watch, with `jobs.get`.') })
      .meta({ id: 'FieldDeletion', description: 'The job that was begun.' }),
  },
} as const satisfies Record<string, Operation>
