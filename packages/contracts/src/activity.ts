import { z } from 'zod'
import { idOrAddress } from './contact.ts'
import { defineOperations } from './define.ts'
import { EmailStream, Period } from './email-filters.ts'
import { EmailStatus } from './emails.ts'
import { Job } from './jobs.ts'
import { LIMITS } from './limits.ts'
import { Id, Json, page, PageQuery, Timestamp } from './primitives.ts'

/** What there is in the feed of a project, each with its words. */
export const ACTIVITY_TYPES = {
  email: 'Mail',
  event: 'Events',
  contact: 'New contacts',
  consent: 'Consent',
  template: 'Published templates',
  job: 'Long work',
} as const

export type ActivityType = keyof typeof ACTIVITY_TYPES

const Type = z.enum(Object.keys(ACTIVITY_TYPES) as [ActivityType, ...ActivityType[]]) // Safe because these are its keys.

/** Types that Plunk’s clients ask for. What is not told of here, such as that a mail was opened, is never found. */
const PLUNK_TYPES: Readonly<Record<string, ActivityType | null>> = {
  'event.triggered': 'event',
  'email.sent': 'email',
  'email.delivered': null,
  'email.received': null,
  'email.opened': null,
  'email.clicked': null,
  'email.bounced': null,
  'email.complaint': null,
  'campaign.sent': null,
  'campaign.scheduled': null,
  'workflow.started': null,
  'workflow.completed': null,
  'workflow.email.scheduled': null,
}

const Types = z.codec(z.string().max(LIMITS.searchLength), z.array(Type), {
  decode: (text, ctx) =>
    text.split(',').flatMap((word) => {
      const asked = word.trim()
      const type = Object.hasOwn(PLUNK_TYPES, asked) ? PLUNK_TYPES[asked] : Type.safeParse(asked).data
      if (type === undefined) {
        const known = Object.keys(ACTIVITY_TYPES).map((name) => `\`${name}\``)
        const message = `There is no such type as “${asked}”: expected some of ${known.join(', ')}, with commas between them.`
        ctx.issues.push({ code: 'custom', input: text, message })
      }
      return type ?? []
    }),
  encode: (types) => types.join(','),
})

/** Plunk reads a day as its beginning in UTC. */
const DayOrMoment = z.codec(z.string().max(LIMITS.searchLength), z.date(), {
  decode: (text, ctx) => {
    const moment = Timestamp.safeDecode(z.iso.date().safeParse(text).success ? `${text}T00:00:00Z` : text)
    if (moment.success) return moment.data
    ctx.issues.push({ code: 'custom', input: text, message: moment.error.issues[0]?.message ?? '' })
    return z.NEVER
  },
  encode: (date) => date.toISOString(),
})

const every = <T extends ActivityType>(type: T) => ({
  type: z.literal(type),
  id: Id.describe('Unique in the feed, which is in the order of these.'),
  at: Timestamp.describe('When it happened.'),
})

const ofContact = {
  contactId: Id,
  contactEmail: z.string().nullable().describe('The address it has now; null for one that was deleted.'),
}

const Activity = z.discriminatedUnion('type', [
  z
    .object({
      ...every('email'),
      contactId: Id,
      contactEmail: z.string().describe('Whom it went to.'),
      subject: z.string(),
      status: EmailStatus,
      stream: EmailStream,
      templateId: Id.nullable(),
      endedAt: Timestamp.nullable().describe('When it was sent, failed or was cancelled.'),
    })
    .meta({ id: 'MailInFeed', description: 'A mail that was accepted, with what has become of it; `id` is its own.' }),
  z
    .object({ ...every('event'), ...ofContact, name: z.string(), data: z.record(z.string(), Json) })
    .meta({ id: 'EventInFeed', description: 'Something a contact did, as it was reported; `id` is its own.' }),
  z
    .object({ ...every('contact'), contactId: Id, contactEmail: z.string() })
    .meta({ id: 'ContactInFeed', description: 'A contact that came; `id` is its own.' }),
  z
    .object({
      ...every('consent'),
      ...ofContact,
      subscribed: z.boolean().describe('What came of it.'),
      topic: z.string().nullable().describe('The topic that it is about; null: all mail.'),
      how: z.string().describe('By which way, such as `page` or `api`.'),
    })
    .meta({ id: 'ConsentInFeed', description: 'Something that a person agreed to or refused.' }),
  z
    .object({ ...every('template'), templateId: Id, name: z.string(), version: z.int() })
    .meta({ id: 'TemplateInFeed', description: 'A version of a template that was published for the first time.' }),
  z
    .object({ ...every('job'), kind: Job.shape.kind, status: Job.shape.status, finishedAt: Timestamp.nullable() })
    .meta({ id: 'JobInFeed', description: 'Long work that was asked for, with how it stands; `id` is its own.' }),
])

/** What may be said in one way or another. */
const TWINS = [
  ['type', 'types'],
  ['contact', 'contactId'],
  ['since', 'startDate'],
  ['until', 'endDate'],
] as const

export const activity = defineOperations({
  list: {
    summary: 'List what happened in the project, newest first',
    description:
      'Mails, events, new contacts, consent, published templates and long work in one list, each at the time that it began. A page costs the same however much there is. Takes what each of these takes by itself: `emails:read`, `events:read`, `contacts:read`, `templates:read` and `jobs:read`, or only that of the types that are asked for.',
    scope: 'project:read',
    rest: { method: 'GET', path: '/v1/activity' },
    input: z
      .object({
        ...PageQuery,
        type: Type.optional().describe('Only this.'),
        types: Types.optional().describe(
          'Only these, with commas between them: `email,event`. Plunk’s words for them, such as `event.triggered`, are taken as well.',
        ),
        contact: idOrAddress.optional().describe('What is about this contact, by its id or address.'),
        contactId: Id.optional().describe('The same as `contact`, in the words of Plunk.'),
        template: Id.optional().describe('What is about this template, by its id.'),
        ...Period,
        startDate: DayOrMoment.optional().describe('The same as `since`, in the words of Plunk; or a day in UTC.'),
        endDate: DayOrMoment.optional().describe('The same as `until`, in the words of Plunk; or a day in UTC.'),
      })
      .superRefine((given, ctx) => {
        for (const [ours, other] of TWINS) {
          if (given[ours] === undefined || given[other] === undefined || given[ours] === given[other]) continue
          const message = `\`${other}\` and \`${ours}\` say the same; give one.`
          ctx.addIssue({ code: 'custom', path: [other], message })
        }
      })
      .meta({ id: 'ListActivity', description: 'What to list.' }),
    output: page(Activity).meta({ id: 'ActivityPage', description: 'What happened in a project, newest first.' }),
    refusals: ['CONTACT_NOT_FOUND'],
  },
})
