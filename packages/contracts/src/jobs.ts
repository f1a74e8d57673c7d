import { z } from 'zod'
import { defineOperations } from './define.ts'
import { PARTIAL_PAGES } from './email-filters.ts'
import { LIMITS } from './limits.ts'
import { Id, Json, page, PageQuery, Timestamp } from './primitives.ts'

/** Every kind of long work that a project can ask for, each with what it does in words. */
export const JOB_KINDS = {
  'contacts.subscribe': 'Subscribe contacts',
  'contacts.unsubscribe': 'Unsubscribe contacts',
  'contacts.delete': 'Delete contacts',
  'contacts.delete-field': 'Delete a field of contacts',
  'contacts.erase': 'Erase a person',
  'contacts.import': 'Import contacts',
  'events.delete': 'Delete the events of a name',
} as const

export type JobKind = keyof typeof JOB_KINDS

export const JOB_STATUSES = ['waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

const Kind = z
  .enum(Object.keys(JOB_KINDS) as [JobKind, ...JobKind[]]) // Safe because these are its keys.
  .meta({ id: 'JobKind', description: 'What a job does.' })
const Status = z.enum(JOB_STATUSES).meta({ id: 'JobStatus', description: 'Where a job is. The last three are final.' })

export const Job = z
  .object({
    id: Id,
    kind: Kind,
    status: Status,
    progress: z.object({
      done: z.int().describe('How many things are done.'),
      total: z.int().nullable().describe('How many there are; null while they are being counted.'),
      percent: z.int().nullable().describe('Whole per cent, 100 only at the end; null while `total` is.'),
    }),
    result: z.record(z.string(), Json).nullable().describe('What came of it so far; which fields, the kind says.'),
    error: z.string().nullable().describe('Why it failed, in words.'),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Job', description: 'Long work of the project, done in the background.' })

const One = z.object({ id: Id.describe('The id of the job.') })

export const jobs = defineOperations({
  list: {
    summary: 'List jobs, newest first',
    description: PARTIAL_PAGES,
    scope: 'jobs:read',
    rest: { method: 'GET', path: '/v1/jobs' },
    input: z
      .object({
        ...PageQuery,
        kind: Kind.optional().describe('Jobs of this kind.'),
        status: Status.optional().describe('Jobs with this status.'),
      })
      .meta({ id: 'ListJobs', description: 'Which jobs to list.' }),
    output: page(Job).meta({ id: 'JobPage', description: 'One page of jobs, newest first.' }),
  },
  get: {
    summary: 'Get a job, and how far it is',
    description: `A job is kept for ${LIMITS.jobDays} days after its end.`,
    scope: 'jobs:read',
    rest: { method: 'GET', path: '/v1/jobs/{id}' },
    input: One.meta({ id: 'GetJob' }),
    output: Job,
    refusals: ['JOB_NOT_FOUND'],
  },
  cancel: {
    summary: 'Cancel a job: what is done stays done, and nothing more happens',
    description: 'Erasing a person is not cancelled: it was promised with the answer.',
    scope: 'jobs:write',
    rest: { method: 'POST', path: '/v1/jobs/{id}/cancel' },
    input: One.meta({ id: 'CancelJob' }),
    output: Job,
    refusals: ['JOB_NOT_FOUND', 'JOB_FINISHED', 'JOB_UNSTOPPABLE'],
  },
})
