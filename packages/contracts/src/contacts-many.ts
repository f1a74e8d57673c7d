import { z } from 'zod'
import { consentProof, ConsentState } from './consent-proof.ts'
import { Contact, consent, facts } from './contact.ts'
import { judgedAlone } from './judged-alone.ts'
import { LIMITS } from './limits.ts'
import { topicStates } from './topic-choices.ts'
import { Id, Json } from './primitives.ts'

/** An address that may be malformed; then it concerns nobody but its own entry. */
const AnyAddress = z.string().max(LIMITS.mailboxTextLength)

const LookUpContacts = z
  .object({
    emails: z
      .array(AnyAddress)
      .min(1)
      .max(LIMITS.addressesPerLookup)
      .describe('The addresses. Case and surrounding blanks do not matter.'),
  })
  .meta({ id: 'LookUpContacts', description: 'The addresses to look for.' })

const FoundContacts = z
  .object({
    found: z.array(Contact).describe('The contacts with these addresses, each once, in the order of `emails`.'),
    notFound: z
      .array(z.string())
      .describe('The addresses that no contact has, each once and as it was given; also those that are malformed.'),
  })
  .meta({ id: 'FoundContacts', description: 'Which of the addresses are contacts.' })

const BatchContact = z
  .object({
    email: AnyAddress.describe('The address of the contact.'),
    subscribed: consent,
    topics: z.record(z.string(), z.boolean()).optional().describe('As `contacts.upsert` takes them.'),
    consent: consentProof,
    data: z.record(z.string(), Json).optional().describe(facts),
  })
  .meta({ id: 'BatchContact', description: 'What to know of one contact of a batch.' })

const saved = { id: Id, email: z.string(), consent: ConsentState, topics: topicStates }

const ContactResult = z.discriminatedUnion('status', [
  z
    .object({ status: z.enum(['created', 'updated']), ...saved })
    .meta({ id: 'BatchContactSaved', description: 'This contact is stored; `updated`: it was there before.' }),
  z
    .object({
      status: z.literal('refused'),
      error: z.object({ code: z.string(), field: z.string(), message: z.string() }),
    })
    .meta({ id: 'BatchContactRefused', description: 'Nothing came of this entry; `error` says why.' }),
])

/** What is done to many contacts within one call. */
export const manyOperations = {
  lookup: {
    summary: `Find out which of up to ${LIMITS.addressesPerLookup} addresses are contacts`,
    scope: 'contacts:read',
    rest: { method: 'POST', path: '/v1/contacts/lookup' },
    input: LookUpContacts,
    output: FoundContacts,
    readsByPost: true,
  },
  upsertMany: {
    summary: `Create or change up to ${LIMITS.contactsPerBatch.toLocaleString('en')} contacts in one transaction`,
    description:
      'Each entry is what `contacts.upsert` takes, and gets its own result: one that is malformed or whose data may not be kept is refused alone. Of several for one address the later win, key by key.',
    scope: 'contacts:write',
    rest: { method: 'POST', path: '/v1/contacts/batch' },
    input: z
      .object({ contacts: z.array(judgedAlone(BatchContact)).min(1).max(LIMITS.contactsPerBatch) })
      .meta({ id: 'UpsertContacts', description: 'What to know of many contacts.' }),
    output: z
      .object({ results: z.array(ContactResult), created: z.int(), updated: z.int(), refused: z.int() })
      .meta({ id: 'UpsertedContacts', description: 'One result for each entry, in the same order.' }),
    bodyLimitBytes: LIMITS.listRequestBytes,
  },
} as const
