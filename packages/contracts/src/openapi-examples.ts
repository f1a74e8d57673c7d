import type { OperationName } from './openapi-refusals.ts'
import type { Noun, Verb, WireInput, WireOutput } from './operations.ts'

type ExampleOf<Name extends OperationName> = Name extends `${infer N extends Noun}.${infer V}`
  ? V extends Verb<N>
    ? { request?: Partial<WireInput<N, V>>; answer?: WireOutput<N, V> }
    : never
  : never

/** Requests and answers for people to start from, typed by the contracts they show. */
export const EXAMPLES: { [Name in OperationName]?: ExampleOf<Name> } = {
  'emails.send': {
    request: { to: 'ada@example.com', subject: 'Hello', body: '<p>It works.</p>' },
    answer: {
      emails: [
        {
          contact: { id: '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11', email: 'ada@example.com' },
          email: '01936f2e-5a5c-7f02-9a6d-51c3e8d2b407',
        },
      ],
      captured: false,
      timestamp: '2026-01-31T09:30:00.000Z',
    },
  },
  'emails.sendBatch': {
    request: {
      emails: [
        { to: 'Ada <ada@example.com>', subject: 'Your invoice', body: '<p>Thank you, Ada.</p>' },
        { to: 'grace@example.com', subject: 'Your invoice', text: 'Thank you, Grace.' },
      ],
    },
  },
  'emails.reschedule': { request: { scheduledAt: '2026-02-01T08:00:00Z' } },
  'events.track': {
    request: { event: 'signed-up', email: 'ada@example.com', data: { plan: 'pro' } },
    answer: {
      contact: '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11',
      event: '01936f2e-61d0-7b3a-8c55-0e9a4f1d2c38',
      timestamp: '2026-01-31T09:30:00.000Z',
    },
  },
  'contacts.upsert': { request: { email: 'ada@example.com', subscribed: true, data: { plan: 'pro' } } },
  'contacts.update': { request: { subscribed: false, data: { plan: null } } },
  'contacts.bulkUnsubscribe': {
    request: { mode: 'query', filter: { search: '@old.example', subscribed: true } },
    answer: {
      message: 'The contacts are being unsubscribed.',
      jobId: '01936f2e-7b21-7d4f-9a10-4c2b8e6f1d53',
    },
  },
  'keys.create': { request: { name: 'Invoices', scopes: ['emails:send', 'emails:read'] } },
  'keys.regenerate': { request: { overlap: '24h' } },
}
