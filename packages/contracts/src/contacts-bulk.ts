import { z } from 'zod'
import { consentProof } from './consent-proof.ts'
import { contactFiltersInBody } from './contact-filters.ts'
import { LIMITS } from './limits.ts'
import { Id } from './primitives.ts'

const Ids = (limit: number) => z.array(Id).max(limit, { error: `At most ${limit.toLocaleString('en')} ids.` })

/** Which contacts to work on: those of a list of ids, or all that fit a filter. */
const selection = {
  mode: z
    .enum(['ids', 'query'])
    .describe('`ids`: the contacts of `contactIds`. `query`: all that fit `filter` at the time of the call.'),
  contactIds: Ids(LIMITS.contactsPerBulk).optional().describe('Which contacts, with mode `ids`.'),
  filter: z
    .object(contactFiltersInBody)
    .optional()
    .describe('Which contacts, with mode `query`, which needs it; `{}` is all contacts of the project.'),
  excludeIds: Ids(LIMITS.exclusionsPerBulk).optional().describe('Contacts that are left as they are all the same.'),
}

const agrees = ({ mode, contactIds, filter }: z.output<z.ZodObject<typeof selection>>, ctx: z.RefinementCtx): void => {
  const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message })
  if (mode === 'ids' && (contactIds ?? []).length === 0)
    refuse('contactIds', 'With mode `ids`, name at least one contact here.')
  if (mode === 'ids' && filter !== undefined)
    refuse('filter', 'A filter goes with mode `query`; leave it out, or change the mode.')
  if (filter?.value !== undefined && filter.field === undefined)
    refuse('filter.field', 'Say of which field this is the value.')
  if (mode === 'query' && contactIds !== undefined)
    refuse('contactIds', 'Ids go with mode `ids`; leave them out, or change the mode.')
  if (mode === 'query' && filter === undefined)
    refuse('filter', 'With mode `query`, say here which contacts; `{}` means all contacts of the project.')
}

const Selection = z
  .object(selection)
  .superRefine(agrees)
  .meta({ id: 'SelectContacts', description: 'Which contacts to work on.' })

const Subscription = z
  .object({ ...selection, consent: consentProof })
  .superRefine(agrees)
  .meta({ id: 'SubscribeContacts', description: 'Which contacts to subscribe, and how they agreed.' })

const BulkReceipt = z
  .object({ message: z.string(), jobId: Id.describe('The job to watch, with `jobs.get` or `contacts.bulkJob`.') })
  .meta({ id: 'BulkReceipt', description: 'The job that was begun.' })

const bulk = <Input extends z.ZodType>(path: `/v1/contacts/bulk-${string}`, summary: string, input: Input, note = '') =>
  ({
    summary,
    description:
      note +
      'Works in the background, in batches. Contacts that come later are left alone. What has a fault, such as an id that is no contact, is counted and keeps nothing else from being done.',
    scope: 'contacts:write',
    rest: { method: 'POST', path, status: 202 },
    input,
    output: BulkReceipt,
  }) as const

const BulkResult = z
  .object({
    totalRequested: z.int().describe('How many contacts were looked at.'),
    successCount: z.int().describe('How many were changed or deleted.'),
    unchangedCount: z.int().describe('How many were so already.'),
    failureCount: z
      .int()
      .describe(
        'How many ids are no contact of the project, and how many of the contacts opted out and cannot be subscribed.',
      ),
    errors: z
      .array(z.object({ contactId: Id, code: z.string(), message: z.string() }))
      .describe(`The first ${LIMITS.bulkErrors} of them.`),
  })
  .meta({ id: 'BulkResult', description: 'What became of the contacts.' })

export const bulkOperations = {
  bulkSubscribe: bulk(
    '/v1/contacts/bulk-subscribe',
    'Subscribe many contacts, as a job',
    Subscription,
    'Who opted out stays so, unless `consent` says how they agreed anew. ',
  ),
  bulkUnsubscribe: bulk('/v1/contacts/bulk-unsubscribe', 'Unsubscribe many contacts, as a job', Selection),
  bulkDelete: bulk('/v1/contacts/bulk-delete', 'Delete many contacts with their events, as a job', Selection),
  bulkJob: {
    summary: 'Get how far a job on many contacts is, in the words of Plunk',
    description: '`jobs.get` says the same of jobs of every kind.',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/bulk/{jobId}' },
    input: z.object({ jobId: Id.describe('The id of the job.') }).meta({ id: 'GetBulkJob' }),
    output: z
      .object({
        id: Id,
        state: z.enum(['waiting', 'active', 'completed', 'failed']).describe('`failed`: also when it was cancelled.'),
        progress: z.int().describe('In whole per cent.'),
        result: BulkResult.nullable().describe('Null until the end.'),
        failedReason: z.string().nullable(),
      })
      .meta({ id: 'BulkJob', description: 'A job on many contacts.' }),
    refusals: ['JOB_NOT_FOUND'],
  },
} as const
