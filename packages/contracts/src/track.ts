import { z } from 'zod'
import { contactData, MERGING } from './contact-data.ts'
import { checkConsent, consentProof } from './consent-proof.ts'
import type { Operation } from './define.ts'
import { judgedAlone } from './judged-alone.ts'
import { LIMITS } from './limits.ts'
import { EmailAddress, Id, Json, Timestamp } from './primitives.ts'

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

const ClientEventId = z
  .string()
  .min(1)
  .max(LIMITS.clientEventIdLength)
  .regex(/^[\x20-\x7e]*$/, { error: 'Expected printable ASCII characters, such as a UUID.' })

export const TrackEvent = z
  .object({
    event: EventName.describe('What happened, such as `signed-up`.'),
    email: EmailAddress.describe('Whose event it is.'),
    subscribed: z
      .boolean()
      .optional()
      .describe(
        'Changes the consent of the contact; left out, it stays as it is. With a public key it counts for a new contact alone.',
      ),
    consent: consentProof,
    eventId: ClientEventId.optional().describe(
      'Your own id of the event. Reported again with the same one, it is not stored again, and the answer is that of the first time.',
    ),
    data: contactData()
      .optional()
      .describe(
        `Facts of the event, merged into the contact: ${MERGING} With a public key, only what the contact lacks is added, but for the \`browserFields\` of the project, which are overwritten. \`{"value": …, "persistent": false}\` stays with the event.`,
      ),
  })
  .superRefine(checkConsent)
  .meta({ id: 'TrackEvent', description: 'An event to report.' })

const isGiven = (value: unknown) => value !== undefined && value !== null

/** What Plunk's dashboard sends, and its own clients. */
const ReportEvent = z
  .object({
    ...TrackEvent.shape,
    event: EventName.optional().describe('What happened; or `name`.'),
    name: EventName.optional().describe('What happened, such as `signed-up`.'),
    email: EmailAddress.optional().describe('Whose event it is; or `contactId`.'),
    contactId: Id.nullish().describe('The id of the contact whose event it is; null counts as left out.'),
  })
  .superRefine((given, ctx) => {
    for (const [one, other] of [
      ['name', 'event'],
      ['contactId', 'email'],
    ] as const) {
      if (isGiven(given[one]) !== isGiven(given[other])) continue
      ctx.addIssue({ code: 'custom', path: [one], message: `Give \`${one}\` or \`${other}\`, and not both.` })
    }
  })
  .meta({ id: 'ReportEvent', description: 'An event to report, in the words of Plunk.' })

export const TrackReceipt = z
  .object({
    contact: Id.describe(
      'The id of the contact; with a public key another one, always the same, that says nothing of the contact.',
    ),
    event: Id.describe('The id of the event.'),
    timestamp: Timestamp,
  })
  .meta({ id: 'TrackReceipt', description: 'What was stored: the event, and the contact it belongs to.' })

export const reportEvent = {
  summary: 'Report an event by its name, of a contact by its id or address, as clients of Plunk do',
  description: 'As `events.track`. The contact of an id must be there; `emailId` is passed over.',
  scope: 'events:track',
  rest: { method: 'POST', path: '/v1/events/track', status: 201 },
  input: ReportEvent,
  ignores: ['emailId'],
  output: TrackReceipt,
  envelope: 'plunk',
  plunkNames: { id: 'event', contactId: 'contact', createdAt: 'timestamp' },
  refusals: ['CONTACT_NOT_FOUND'],
} as const satisfies Operation

const BatchTrackReceipt = z
  .object({
    results: z.array(
      z.discriminatedUnion('status', [
        z
          .object({
            status: z.literal('accepted'),
            ...TrackReceipt.shape,
            isRepeat: z.boolean().describe('It was stored before, with the same `eventId`.'),
          })
          .meta({ id: 'TrackAccepted', description: 'This event of the batch is stored.' }),
        z
          .object({
            status: z.literal('refused'),
            error: z.object({
              code: z.string(),
              message: z.string(),
              errors: z
                .array(z.object({ field: z.string(), message: z.string(), code: z.string() }))
                .optional()
                .describe('The fields that are wrong.'),
            }),
          })
          .meta({ id: 'TrackRefused', description: 'This event of the batch is not stored.' }),
      ]),
    ),
    accepted: z.int(),
    refused: z.int(),
  })
  .meta({ id: 'TrackBatchReceipt', description: 'One result for each event of the batch, in the same order.' })

export const trackBatch = {
  summary: `Report up to ${LIMITS.eventsPerBatch} events in one transaction`,
  description:
    'Each event gets its own result: one that is malformed, whatever is wrong with it, is refused alone, and keeps no other from being stored. They count in the order of the list.',
  scope: 'events:track',
  rest: { method: 'POST', path: '/v1/track/batch' },
  bodyLimitBytes: LIMITS.listRequestBytes,
  input: z
    .object({
      events: z
        .array(judgedAlone(z.union([z.record(z.string(), Json), TrackEvent])))
        .min(1)
        .max(LIMITS.eventsPerBatch)
        .describe('The events, as `events.track` takes them.'),
    })
    .meta({ id: 'TrackBatch', description: `Up to ${LIMITS.eventsPerBatch} events.` }),
  output: BatchTrackReceipt,
} as const satisfies Operation
