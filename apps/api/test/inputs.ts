import type { NamedOperation, Noun, Verb, WireInput } from '@posthorn/contracts'
import { inHours, type Rows } from './seed.ts'

/**
 * For each operation the least that it takes, with every id that it can take. A new operation has no place here yet,
 * which the compiler says; with one, it takes part in every loop over the table.
 */
const INPUTS: { [N in Noun]: { [V in Verb<N>]: (rows: Rows) => WireInput<N, V> } } = {
  emails: {
    send: () => ({ to: 'grace@example.com', subject: 'Hello', body: '<p>Hi</p>' }),
    sendBatch: () => ({ emails: [{ to: 'grace@example.com', subject: 'Hello', text: 'Hi' }] }),
    get: ({ emailId }) => ({ id: emailId }),
    list: () => ({}),
    export: () => ({ format: 'jsonl' }),
    cancel: ({ emailId }) => ({ id: emailId }),
    reschedule: ({ emailId }) => ({ id: emailId, scheduledAt: inHours(48) }),
    attempts: ({ emailId }) => ({ id: emailId }),
    sendAgain: ({ emailId }) => ({ id: emailId }),
    retryNow: ({ emailId }) => ({ id: emailId }),
    source: ({ emailId }) => ({ id: emailId }),
    attachment: ({ emailId }) => ({ id: emailId, place: 0 }),
  },
  events: {
    track: () => ({ event: 'opened-shop', email: 'grace@example.com' }),
    report: ({ contactId }) => ({ name: 'opened-shop', contactId }),
    trackBatch: () => ({ events: [{ event: 'opened-shop', email: 'grace@example.com' }] }),
    list: ({ contactId }) => ({ contactId }),
    export: ({ contactId }) => ({ format: 'jsonl', contactId }),
    names: () => ({}),
    stats: () => ({}),
    days: () => ({ name: 'signed-up' }),
    usage: () => ({ name: 'signed-up' }),
    delete: () => ({ name: 'signed-up' }),
  },
  contacts: {
    get: ({ contactId }) => ({ id: contactId }),
    list: () => ({}),
    export: () => ({ format: 'jsonl' }),
    upsert: () => ({ email: 'grace@example.com', data: { plan: 'free' } }),
    update: ({ contactId }) => ({ id: contactId, subscribed: false }),
    delete: ({ contactId }) => ({ id: contactId }),
    activity: ({ contactId }) => ({ id: contactId }),
    consentLog: ({ contactId }) => ({ id: contactId }),
    topics: ({ contactId }) => ({ id: contactId }),
    exportPerson: ({ contactId }) => ({ id: contactId, format: 'jsonl' }),
    erase: ({ contactId }) => ({ id: contactId }),
    fields: () => ({}),
    fieldValues: () => ({ field: 'plan' }),
    fieldUsage: () => ({ field: 'plan' }),
    deleteField: () => ({ field: 'plan' }),
    lookup: () => ({ emails: ['grace@example.com'] }),
    upsertMany: () => ({ contacts: [{ email: 'grace@example.com', data: { plan: 'free' } }] }),
    bulkSubscribe: ({ contactId }) => ({ mode: 'ids', contactIds: [contactId], excludeIds: [contactId] }),
    bulkUnsubscribe: ({ contactId }) => ({ mode: 'ids', contactIds: [contactId], excludeIds: [contactId] }),
    bulkDelete: ({ contactId }) => ({ mode: 'ids', contactIds: [contactId], excludeIds: [contactId] }),
    bulkJob: ({ jobId }) => ({ jobId }),
    import: () => ({}),
    importJob: ({ importJobId }) => ({ jobId: importJobId }),
  },
  imports: {
    upload: () => ({}),
    start: ({ importId }) => ({ id: importId }),
    get: ({ importId }) => ({ id: importId }),
    list: () => ({}),
    problems: ({ importId }) => ({ id: importId }),
    report: ({ importId }) => ({ id: importId, format: 'jsonl' }),
    delete: ({ importId }) => ({ id: importId }),
  },
  topics: {
    list: () => ({}),
    get: ({ topicId }) => ({ id: topicId }),
    create: () => ({ id: 'product-news', name: 'News' }),
    update: ({ topicId }) => ({ id: topicId, name: 'Digest' }),
    delete: ({ topicId }) => ({ id: topicId }),
  },
  templates: {
    list: () => ({}),
    create: () => ({ name: 'Welcome', subject: 'Hi {{ name }}', body: '<p>Hi</p>' }),
    get: ({ templateId }) => ({ id: templateId }),
    update: ({ templateId }) => ({ id: templateId, subject: 'Hello' }),
    delete: ({ templateId }) => ({ id: templateId }),
    bulkUpdate: ({ templateId }) => ({ ids: [templateId], delete: true }),
    duplicate: ({ templateId }) => ({ id: templateId }),
    publish: ({ templateId }) => ({ id: templateId, version: 1 }),
    versions: ({ templateId }) => ({ id: templateId }),
    usage: ({ templateId }) => ({ id: templateId }),
    render: ({ templateId, contactId }) => ({ template: templateId, contact: contactId }),
    sendTest: ({ templateId, contactId }) => ({ id: templateId, to: 'grace@example.com', contact: contactId }),
  },
  images: { list: () => ({}), upload: () => ({ name: 'logo.png' }), delete: ({ imageId }) => ({ id: imageId }) },
  addresses: { verify: () => ({ email: 'ada@example.com' }) },
  project: { get: () => ({}), update: () => ({ timeZone: 'Europe/Berlin' }) },
  stats: { get: () => ({ timeZone: 'Asia/Kathmandu' }) },
  activity: { list: ({ contactId, templateId }) => ({ contact: contactId, contactId, template: templateId }) },
  analytics: {
    timeseries: ({ templateId }) => ({ template: templateId, groupBy: 'template' }),
    summary: ({ templateId }) => ({ template: templateId }),
    top: () => ({ by: 'template' }),
  },
  keys: {
    list: () => ({}),
    create: () => ({ name: 'Another' }),
    regenerate: ({ keyId }) => ({ id: keyId }),
    reveal: ({ keyId }) => ({ id: keyId }),
    revoke: ({ keyId }) => ({ id: keyId }),
  },
  inbox: {
    list: ({ emailId }) => ({ emailId }),
    get: ({ messageId }) => ({ id: messageId }),
    source: ({ messageId }) => ({ id: messageId }),
    attachment: ({ messageId }) => ({ id: messageId, place: 0 }),
    clear: () => ({}),
  },
  jobs: {
    list: () => ({}),
    get: ({ jobId }) => ({ id: jobId }),
    cancel: ({ jobId }) => ({ id: jobId }),
  },
  requests: {
    list: ({ keyId }) => ({ keyId }),
    get: ({ requestId }) => ({ requestId }),
  },
  audit: {
    list: ({ keyId }) => ({ target: keyId }),
    get: ({ auditId }) => ({ id: auditId }),
    export: () => ({}),
  },
}

export function inputOf({ noun, verb }: NamedOperation, rows: Rows): Record<string, unknown> {
  // Safe because the type of INPUTS has each operation.
  const byVerb = INPUTS[noun] as unknown as Record<string, (rows: Rows) => Record<string, unknown>>
  return (byVerb[verb] as (typeof byVerb)[string])(rows)
}
