import { z } from 'zod'
import { defineOperations } from './define.ts'
import { EXPORTED, ExportQuery, withoutPages } from './downloads.ts'
import { LIMITS } from './limits.ts'
import { Period } from './email-filters.ts'
import { eventNameOperations } from './event-names.ts'
import { EmailAddress, Id, Json, page, PageQuery, PLUNK_PAGES, Timestamp } from './primitives.ts'
import { reportEvent, trackBatch, TrackEvent, TrackReceipt } from './track.ts'

export const Event = z
  .object({
    id: Id,
    name: z.string(),
    contactId: Id,
    email: z.string().describe('The address of the contact.'),
    data: z.record(z.string(), Json),
    createdAt: Timestamp,
  })
  .meta({ id: 'Event', description: 'Something a contact did, as it was reported.' })

const ListEvents = z
  .object({
    ...PageQuery,
    contactId: Id.optional().describe('Events of this contact.'),
    email: EmailAddress.optional().describe('Events of the contact with this address.'),
    name: z.string().max(LIMITS.eventNameLength).optional().describe('Events of this name.'),
    ...Period,
  })
  .meta({ id: 'ListEvents', description: 'Which events to list.' })

export const events = defineOperations({
  track: {
    summary: 'Report an event of a contact',
    description:
      'A contact that is not known yet is created, subscribed. Works with a public key, from a browser; then it only adds what the contact lacks, since anybody can read that key off a page, and overwrites no more than the `browserFields` of the project.',
    scope: 'events:track',
    rest: { method: 'POST', path: '/v1/track' },
    input: TrackEvent,
    output: TrackReceipt,
    envelope: 'plunk',
  },
  trackBatch,
  report: reportEvent,
  list: {
    summary: 'List events, newest first',
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events', aliases: ['/v1/events/contact/{contactId}'] },
    input: ListEvents,
    ignores: PLUNK_PAGES,
    plunkNames: { events: 'data' },
    output: page(Event).meta({ id: 'EventPage', description: 'One page of events, newest first.' }),
  },
  export: {
    summary: 'Export events as a file, newest first',
    description: EXPORTED,
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events/export' },
    input: z
      .object({ ...ExportQuery, ...withoutPages(ListEvents.shape) })
      .meta({ id: 'ExportEvents', description: 'Which events to export, and how.' }),
    output: Event,
    answers: ['csv', 'jsonl'],
  },
  ...eventNameOperations,
})
