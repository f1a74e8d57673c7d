import { z } from 'zod'
import type { Operation } from './define.ts'
import { Part } from './email-filters.ts'
import { LIMITS } from './limits.ts'
import { Id, Timestamp } from './primitives.ts'

const Name = z.object({ name: z.string().min(1).max(LIMITS.eventNameLength).describe('The name of the event.') })

const limit = z.coerce
  .number<number>({ error: `Expected a whole number from 1 to ${LIMITS.eventNamesPerAnswer}.` })
  .int()
  .min(1)
  .max(LIMITS.eventNamesPerAnswer)
  .default(LIMITS.eventNamesPerAnswer)
  .describe('How many names to answer with.')

const isComplete = z.boolean().describe('Whether these are all the names there are.')

const COUNTED = 'Counted when events are stored and deleted, so it is exact and takes no longer with more of them.'

export const eventNameOperations = {
  names: {
    summary: 'List the names of events, in alphabetical order',
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events/names' },
    input: z
      .object({ search: Part.optional().describe('Names with this in them.'), limit })
      .meta({ id: 'ListEventNames', description: 'Which names to list.' }),
    output: z.object({ eventNames: z.array(z.string()), isComplete }).meta({ id: 'EventNames' }),
  },
  stats: {
    summary: 'Count the events of each name, the most frequent first',
    description: COUNTED,
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events/stats' },
    input: z.object({ limit }).meta({ id: 'GetEventStats', description: 'How many names to count.' }),
    output: z
      .object({
        data: z.array(
          z.object({
            name: z.string(),
            count: z.int(),
            firstAt: Timestamp.describe('When the first was reported.'),
            lastAt: Timestamp.describe('When the latest was reported.'),
          }),
        ),
        isComplete,
      })
      .meta({ id: 'EventStats' }),
  },
  days: {
    summary: 'Count the events of each day, of all names or of one',
    description: `${COUNTED} Days are those of UTC, and today is the last.`,
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events/days' },
    input: z
      .object({
        name: Name.shape.name.optional().describe('Events of this name.'),
        days: z.coerce
          .number<number>({ error: `Expected a whole number from 1 to ${LIMITS.statsDays}.` })
          .int()
          .min(1)
          .max(LIMITS.statsDays)
          .default(30)
          .describe('How many days.'),
      })
      .meta({ id: 'GetEventDays', description: 'Which events to count.' }),
    output: z
      .object({
        total: z.int(),
        days: z.array(z.object({ date: z.iso.date(), count: z.int() })).describe('The oldest first.'),
      })
      .meta({ id: 'EventDays', description: 'How many events there were, day by day.' }),
  },
  usage: {
    summary: 'Get how many events there are of a name, and since when',
    description: `${COUNTED} Of a name that was never reported there are none.`,
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events/names/{name}/usage', aliases: ['/v1/events/{name}/usage'] },
    input: Name.meta({ id: 'GetEventUsage' }),
    output: z
      .object({
        name: z.string(),
        count: z.int(),
        firstAt: Timestamp.nullable().describe('When the first was reported; null where there is none.'),
        lastAt: Timestamp.nullable().describe('When the latest was reported; null where there is none.'),
      })
      .meta({ id: 'EventUsage' }),
  },
  delete: {
    summary: 'Delete all events of a name, as a job',
    description:
      'Works in the background, in batches. Events that are reported after the call stay, and so do the contacts with their data.',
    scope: 'events:write',
    rest: { method: 'DELETE', path: '/v1/events/names/{name}', aliases: ['/v1/events/{name}'], status: 202 },
    input: Name.meta({ id: 'DeleteEvents' }),
    output: z
      .object({ message: z.string(), jobId: Id.describe('The job to watch, with `jobs.get`.') })
      .meta({ id: 'EventDeletion', description: 'The job that was begun.' }),
  },
} as const satisfies Record<string, Operation>
