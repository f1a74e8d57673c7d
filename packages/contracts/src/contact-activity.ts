import { z } from 'zod'
import { idOrAddress } from './contact.ts'
import { Email } from './emails.ts'
import { Id, Json, page, PageQuery, Timestamp } from './primitives.ts'

const Activity = z.discriminatedUnion('type', [
  Email.extend({ type: z.literal('email') }).meta({
    id: 'EmailActivity',
    description: 'An email to the contact, as `emails.list` has it.',
  }),
  z
    .object({
      type: z.literal('event'),
      id: Id,
      name: z.string(),
      data: z.record(z.string(), Json),
      createdAt: Timestamp,
    })
    .meta({ id: 'EventActivity', description: 'Something the contact did, as it was reported.' }),
])

export const activityOperation = {
  activity: {
    summary: 'List the emails and events of a contact together, newest first',
    description:
      'Emails are those to the address that the contact has and to those it had. Takes `emails:read` and `events:read` as well, since it shows both.',
    scope: 'contacts:read',
    rest: { method: 'GET', path: '/v1/contacts/{id}/activity' },
    input: z.object({ id: idOrAddress, ...PageQuery }).meta({ id: 'ListContactActivity' }),
    output: page(Activity).meta({
      id: 'ContactActivityPage',
      description: 'What happened with a contact, newest first.',
    }),
    refusals: ['CONTACT_NOT_FOUND'],
  },
} as const
