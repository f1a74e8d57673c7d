import { z } from 'zod'
import { MERGING } from './contact-data.ts'
import { EmailAddress, Id, Json, Timestamp } from './primitives.ts'

export const Contact = z
  .object({
    id: Id,
    email: z.string(),
    subscribed: z.boolean(),
    optedOutAt: Timestamp.nullable().describe('Since when they refuse; null: they never did, or came back.'),
    data: z.record(z.string(), Json),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Contact', description: 'A person of the project, known by an e-mail address.' })

export const idOrAddress = z
  .union([Id, EmailAddress], { error: 'Expected the id or the e-mail address of a contact.' })
  .describe('The id or the e-mail address of the contact.')

/** The consent that comes with an upsert. */
export const consent = z
  .boolean()
  .optional()
  .describe(
    'Left out: true for a new contact, unchanged for a known one. True brings nobody back who opted out, unless `consent` says how they agreed anew.',
  )

/** What `data` of an upsert is, in words. */
export const facts = `Facts kept on the contact: ${MERGING}`
