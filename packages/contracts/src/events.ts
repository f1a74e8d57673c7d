import { z } from 'zod'
import { defineOperations } from './define.ts'
import { LIMITS } from './limits.ts'
import { contactData, MERGING } from './contact-data.ts'
import { Period } from './email-filters.ts'
import { EmailAddress, Id, Json, page, PageQuery, Timestamp } from './primitives.ts'

const RESERVED = /^(?:email\..*|contact\.(?:subscribed|unsubscribed)|segment\..*\.(?:entry|exit))$/s

const EventName = z
  .string()
  .min(1)
  .max(LIMITS.eventNameLength)
  .superRefine((name, ctx) => {
    if (!RESERVED.test(name)) return
    const message = 'Posthorn reports this event itself; pick another name.'
    ctx.addIssue({ code: 'custom', params: { code: 'reserved_event' }, message })
  })

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

export const events = defineOperations({
  track: {
    summary: 'Report an event of a contact',
    description:
      'A contact that is not known yet is created, subscribed. Works with a public key, from a browser; then it only adds what the contact lacks, since anybody can read that key off a page.',
    scope: 'events:track',
    rest: { method: 'POST', path: '/v1/track' },
    input: z
      .object({
        event: EventName.describe('What happened, such as `signed-up`.'),
        email: EmailAddress.describe('Whose event it is.'),
        subscribed: z
          .boolean()
          .optional()
          .describe(
            'Changes the consent of the contact; left out, it stays as it is. With a public key it counts for a new contact alone.',
          ),
        data: contactData()
          .optional()
          .describe(
            `Facts of the event, merged into the contact: ${MERGING} With a public key, only what the contact lacks is added. \`{"value": …, "persistent": false}\` stays with the event.`,
          ),
      })
      .meta({ id: 'TrackEvent', description: 'An event to report.' }),
    output: z
      .object({
        contact: Id.describe('The id of the contact.'),
        event: Id.describe('The id of the event.'),
        timestamp: Timestamp,
      })
      .meta({ id: 'TrackReceipt', description: 'What was stored: the event, and the contact it belongs to.' }),
    envelope: 'plunk',
  },
  list: {
    summary: 'List events, newest first',
    scope: 'events:read',
    rest: { method: 'GET', path: '/v1/events' },
    input: z
      .object({
        ...PageQuery,
        contactId: Id.optional().describe('Events of this contact.'),
        email: EmailAddress.optional().describe('Events of the contact with this address.'),
        name: z.string().max(LIMITS.eventNameLength).optional().describe('Events of this name.'),
        ...Period,
      })
      .meta({ id: 'ListEvents', description: 'Which events to list.' }),
    output: page(Event).meta({ id: 'EventPage', description: 'One page of events, newest first.' }),
  },
})
