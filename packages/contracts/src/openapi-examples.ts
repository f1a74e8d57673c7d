import type { OperationName } from './openapi-refusals.ts'
import type { Noun, Verb, WireInput, WireOutput } from './operations.ts'

type ExampleOf<Name extends OperationName> = Name extends `${infer N extends Noun}.${infer V}`
  ? V extends Verb<N>
    ? { request?: Partial<WireInput<N, V>>; answer?: WireOutput<N, V>; file?: ExampleFile }
    : never
  : never

/** The body of what takes a file. */
export interface ExampleFile {
  type: string
  text: string
}

const CSV: ExampleFile = { type: 'text/csv', text: 'email,name,plan\nada@example.com,Ada Lovelace,pro\n' }

/** Stands for any id, also for those in paths, which need no example of their own. */
export const EXAMPLE_ID = '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11'

/**
 * Requests and answers for people to start from, typed by the contracts they show. Each request is made against a real
 * server by a test.
 */
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
  'emails.list': { request: { status: 'failed', limit: 20 } },
  'emails.export': { request: { format: 'jsonl', status: 'failed' } },
  'emails.reschedule': { request: { scheduledAt: '2026-02-01T08:00:00Z' } },
  'emails.attachment': { request: { place: 0 } },
  'events.track': {
    request: { event: 'signed-up', email: 'ada@example.com', data: { plan: 'pro' } },
    answer: {
      contact: '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11',
      event: '01936f2e-61d0-7b3a-8c55-0e9a4f1d2c38',
      timestamp: '2026-01-31T09:30:00.000Z',
    },
  },
  'events.trackBatch': {
    request: {
      events: [
        { event: 'signed-up', email: 'ada@example.com', data: { plan: 'pro' } },
        { event: 'signed-up', email: 'grace@example.com' },
      ],
    },
  },
  'events.report': { request: { name: 'signed-up', email: 'ada@example.com' } },
  'events.export': { request: { format: 'jsonl', name: 'signed-up' } },
  'imports.upload': { request: { filename: 'customers.csv' }, file: CSV },
  'contacts.import': { request: { filename: 'customers.csv', onConflict: 'merge' }, file: CSV },
  'imports.start': {
    request: {
      columns: [
        { column: 'email', to: 'email' },
        { column: 'plan', to: 'field', field: 'plan', type: 'string' },
      ],
      onConflict: 'merge',
      dryRun: false,
    },
  },
  'events.names': { request: { limit: 100 } },
  'events.stats': { request: { limit: 10 } },
  'events.days': { request: { name: 'signed-up', days: 7 } },
  'events.usage': { request: { name: 'signed-up' } },
  'events.delete': { request: { name: 'signed-up' } },
  'events.list': { request: { email: 'ada@example.com', name: 'signed-up' } },
  'contacts.export': { request: { format: 'csv', subscribed: true } },
  'contacts.list': { request: { search: '@example.com', field: 'plan', value: 'pro', subscribed: 'true' } },
  'contacts.fields': { request: { search: 'plan' } },
  'contacts.fieldValues': { request: { field: 'plan', limit: 20 } },
  'contacts.fieldUsage': { request: { field: 'plan' } },
  'contacts.deleteField': { request: { field: 'plan' } },
  'contacts.activity': { request: { limit: 20 } },
  'contacts.consentLog': { request: { limit: 20 } },
  'contacts.upsert': {
    request: {
      email: 'ada@example.com',
      subscribed: true,
      consent: { source: 'https://acme.example/join', text: 'Yes, send me news.', ip: '203.0.113.5' },
      data: { plan: 'pro' },
    },
  },
  'topics.get': { request: { id: 'weekly' } },
  'topics.create': { request: { id: 'product-news', name: 'Product news', subscribedByDefault: false } },
  'topics.update': { request: { id: 'weekly', name: 'Weekly digest' } },
  'topics.delete': { request: { id: 'weekly' } },
  'contacts.update': { request: { subscribed: false, data: { plan: null } } },
  'contacts.lookup': { request: { emails: ['ada@example.com', 'grace@example.com'] } },
  'contacts.upsertMany': {
    request: {
      contacts: [
        { email: 'ada@example.com', data: { plan: 'pro' } },
        { email: 'grace@example.com', subscribed: false },
      ],
    },
  },
  'contacts.bulkSubscribe': { request: { mode: 'ids', contactIds: [EXAMPLE_ID] } },
  'contacts.bulkUnsubscribe': {
    request: { mode: 'query', filter: { search: '@old.example', subscribed: true } },
    answer: {
      message: 'The contacts are being unsubscribed.',
      jobId: '01936f2e-7b21-7d4f-9a10-4c2b8e6f1d53',
    },
  },
  'contacts.bulkDelete': { request: { mode: 'ids', contactIds: [EXAMPLE_ID] } },
  'templates.list': { request: { search: 'welcome', type: 'TRANSACTIONAL' } },
  'templates.create': {
    request: {
      name: 'Welcome',
      type: 'TRANSACTIONAL',
      subject: 'Welcome, {{ firstName }}',
      body: '<p>Hello {{ firstName }}, your plan is {{ plan }}.</p>',
      variables: [
        { name: 'firstName', type: 'string', fallback: 'friend' },
        { name: 'plan', type: 'string', fallback: 'free' },
      ],
    },
  },
  'templates.get': { request: { version: 1 } },
  'templates.update': { request: { subject: 'Good to see you, {{ firstName }}', publish: false } },
  'templates.bulkUpdate': { request: { ids: [EXAMPLE_ID], delete: true } },
  'templates.duplicate': { request: { name: 'Welcome, in spring' } },
  'templates.publish': { request: { version: 1 } },
  'templates.versions': { request: { limit: 20 } },
  'templates.render': { request: { template: EXAMPLE_ID, data: { firstName: 'Ada', plan: 'pro' } } },
  'templates.sendTest': { request: { to: 'ada@example.com', data: { firstName: 'Ada' } } },
  'images.list': { request: { limit: 20 } },
  'images.upload': { request: { name: 'logo.png' } },
  'addresses.verify': { request: { email: 'ada@example.com' } },
  'project.update': { request: { timeZone: 'Europe/Berlin', retentionDays: 90 } },
  'analytics.timeseries': {
    request: {
      granularity: 'hour',
      timeZone: 'Europe/Berlin',
      groupBy: 'domain',
      since: '2026-10-24T22:00:00Z',
      until: '2026-10-25T23:00:00Z',
    },
  },
  'analytics.summary': { request: { stream: 'transactional' } },
  'analytics.top': { request: { by: 'template', sort: 'failed', limit: 5 } },
  'activity.list': { request: { type: 'email', limit: 10 } },
  'stats.get': { request: { days: 30, timeZone: 'Europe/Berlin' } },
  'keys.list': { request: { limit: 20 } },
  'keys.create': { request: { name: 'Invoices', scopes: ['emails:send', 'emails:read'] } },
  'keys.regenerate': { request: { overlap: '24h' } },
  'inbox.list': { request: { to: 'ada@example.com' } },
  'inbox.attachment': { request: { place: 0 } },
  'jobs.list': { request: { status: 'running' } },
  'requests.list': { request: { operation: 'emails.send', statusClass: '4xx' } },
  'requests.get': { request: { requestId: EXAMPLE_ID } },
  'audit.list': { request: { action: 'key.', limit: 20 } },
  'audit.export': { request: { since: '2026-01-01T00:00:00Z' } },
}
