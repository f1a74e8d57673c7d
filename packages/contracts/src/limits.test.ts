import { expect, test } from 'vitest'
import { limitsPage } from './limits-docs.ts'
import { LIMITS } from './limits.ts'
import { openApiDocument } from './openapi.ts'
import { findOperation } from './operations.ts'

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }
const KEY = { name: 'A key' }
const TRACK = { event: 'signed-up', email: 'ada@example.com' }
const CONTACT = { email: 'ada@example.com', subscribed: true }
const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'

const TEMPLATE = { name: 'Welcome', subject: 'Hi', body: 'Hi' }

const address = (index: number) => `a${index}@example.com`
const times = <Item>(count: number, make: (index: number) => Item) => Array.from({ length: count }, (_, at) => make(at))
const keyed = <Value>(count: number, make: (index: number) => [string, Value]) => Object.fromEntries(times(count, make))
const text = (length: number) => 'x'.repeat(length)

type Size = (size: number) => object

/** For each limit, the inputs that it bounds, made in any size. */
const BOUNDED: Partial<Record<keyof typeof LIMITS, [operation: string, ...inputs: Size[]]>> = {
  recipientsPerSend: ['emails.send', (size) => ({ ...MAIL, to: times(size, address) })],
  copiesPerEmail: [
    'emails.send',
    (size) => ({ ...MAIL, cc: times(size, address) }),
    (size) => ({ ...MAIL, bcc: times(size, address) }),
  ],
  emailsPerBatch: ['emails.sendBatch', (size) => ({ emails: times(size, () => MAIL) })],
  subjectLength: ['emails.send', (size) => ({ ...MAIL, subject: text(size) })],
  bodyLength: [
    'emails.send',
    (size) => ({ ...MAIL, body: text(size) }),
    (size) => ({ ...MAIL, html: text(size) }),
    (size) => ({ ...MAIL, text: text(size) }),
  ],
  headersPerEmail: ['emails.send', (size) => ({ ...MAIL, headers: keyed(size, (at) => [`X-${at}`, 'x']) })],
  headerNameLength: ['emails.send', (size) => ({ ...MAIL, headers: { [text(size)]: 'x' } })],
  headerValueLength: ['emails.send', (size) => ({ ...MAIL, headers: { 'X-Long': text(size) } })],
  attachmentsPerEmail: [
    'emails.send',
    (size) => ({ ...MAIL, attachments: times(size, () => ({ filename: 'a', content: '' })) }),
  ],
  filenameLength: ['emails.send', (size) => ({ ...MAIL, attachments: [{ filename: text(size), content: '' }] })],
  contentTypeLength: [
    'emails.send',
    (size) => ({
      ...MAIL,
      attachments: [{ filename: 'a', content: '', contentType: `text/${text(size - 'text/'.length)}` }],
    }),
  ],
  contentIdLength: [
    'emails.send',
    (size) => ({ ...MAIL, attachments: [{ filename: 'a', content: '', contentId: text(size) }] }),
  ],
  tagsPerEmail: ['emails.send', (size) => ({ ...MAIL, tags: times(size, (at) => `t${at}`) })],
  tagLength: ['emails.send', (size) => ({ ...MAIL, tags: [text(size)] })],
  templateNameLength: ['templates.create', (size) => ({ ...TEMPLATE, name: text(size) })],
  templateDescriptionLength: ['templates.create', (size) => ({ ...TEMPLATE, description: text(size) })],
  templateBodyLength: [
    'templates.create',
    (size) => ({ ...TEMPLATE, body: text(size) }),
    (size) => ({ ...TEMPLATE, text: text(size) }),
  ],
  variablesPerTemplate: [
    'templates.create',
    (size) => ({ ...TEMPLATE, variables: times(size, (at) => ({ name: `v${at}`, type: 'string' })) }),
  ],
  templateDesignBytes: ['templates.create', (size) => ({ ...TEMPLATE, design: { t: text(size - '{"t":""}'.length) } })],
  mailboxTextLength: [
    'emails.send',
    (size) => ({ ...MAIL, to: MAIL.to.padStart(size) }),
    (size) => ({ ...MAIL, to: [`<${MAIL.to}>`.padStart(size)] }),
    (size) => ({ ...MAIL, to: { email: MAIL.to.padStart(size) } }),
  ],
  localPartLength: [
    'emails.send',
    (size) => ({ ...MAIL, to: `${text(size)}@example.com` }),
    (size) => ({ ...MAIL, to: { email: `${text(size)}@example.com` } }),
    (size) => ({ ...MAIL, from: `${text(size)}@example.com` }),
  ],
  displayNameLength: [
    'emails.send',
    (size) => ({ ...MAIL, name: text(size) }),
    (size) => ({ ...MAIL, to: { email: 'ada@example.com', name: text(size) } }),
    (size) => ({ ...MAIL, to: `${text(size)} <ada@example.com>` }),
    (size) => ({ ...MAIL, reply: `${text(size)} <ada@example.com>` }),
  ],
  eventNameLength: ['events.track', (size) => ({ ...TRACK, event: text(size) })],
  clientEventIdLength: ['events.track', (size) => ({ ...TRACK, eventId: text(size) })],
  eventsPerBatch: ['events.trackBatch', (size) => ({ events: times(size, () => TRACK) })],
  eventNamesPerAnswer: ['events.names', (size) => ({ limit: size }), (size) => ({ limit: String(size) })],
  dataKeys: [
    'events.track',
    (size) => ({ ...TRACK, data: keyed(size, (at) => [`k${at}`, at]) }),
    (size) => ({ ...TRACK, data: keyed(size, (at) => [`k${at}`, null]) }),
  ],
  dataKeyLength: ['events.track', (size) => ({ ...TRACK, data: { [text(size)]: 1 } })],
  dataBytes: [
    'events.track',
    (size) => ({ ...TRACK, data: { t: text(size - '{"t":""}'.length) } }),
    (size) => ({ ...TRACK, data: { t: [text(size - '{"t":[""]}'.length)] } }),
  ],
  projectNameLength: ['project.update', (size) => ({ name: text(size) })],
  postalAddressLength: ['project.update', (size) => ({ postalAddress: text(size) })],
  retentionDays: ['project.update', (size) => ({ retentionDays: size })],
  browserFields: ['project.update', (size) => ({ browserFields: times(size, (at) => `field${at}`) })],
  topicIdLength: ['topics.create', (size) => ({ id: text(size), name: 'Weekly' })],
  topicNameLength: ['topics.create', (size) => ({ id: 'weekly', name: text(size) })],
  topicDescriptionLength: ['topics.create', (size) => ({ id: 'weekly', name: 'Weekly', description: text(size) })],
  consentSourceLength: ['contacts.upsert', (size) => ({ ...CONTACT, consent: { source: text(size) } })],
  consentTextLength: ['contacts.upsert', (size) => ({ ...CONTACT, consent: { source: 'a', text: text(size) } })],
  consentAgentLength: ['contacts.upsert', (size) => ({ ...CONTACT, consent: { source: 'a', userAgent: text(size) } })],
  keyNameLength: ['keys.create', (size) => ({ name: text(size) })],
  allowedIpsPerKey: ['keys.create', (size) => ({ ...KEY, allowedIps: times(size, (at) => `10.0.0.${at}`) })],
  searchLength: [
    'emails.list',
    (size) => ({ recipient: text(size) }),
    (size) => ({ subject: text(size) }),
    (size) => ({ search: text(size) }),
  ],
  attachmentPlaces: ['emails.attachment', (size) => ({ id: ID, place: size })],
  exportPageSize: ['audit.export', (size) => ({ limit: size })],
  importColumns: [
    'imports.start',
    (size) => ({ id: ID, columns: times(size, (at) => ({ column: `c${at}`, to: 'ignore' })) }),
  ],
  importColumnLength: ['imports.start', (size) => ({ id: ID, columns: [{ column: text(size), to: 'ignore' }] })],
  addressesPerLookup: ['contacts.lookup', (size) => ({ emails: times(size, address) })],
  contactsPerBatch: ['contacts.upsertMany', (size) => ({ contacts: times(size, (at) => ({ email: address(at) })) })],
  fieldsPerAnswer: ['contacts.fields', (size) => ({ limit: size }), (size) => ({ limit: String(size) })],
  fieldValuesPerAnswer: ['contacts.fieldValues', (size) => ({ field: 'plan', limit: size })],
  contactsPerBulk: ['contacts.bulkDelete', (size) => ({ mode: 'ids', contactIds: times(size, () => ID) })],
  templatesPerBulk: ['templates.bulkUpdate', (size) => ({ ids: times(size, () => ID), delete: true })],
  exclusionsPerBulk: [
    'contacts.bulkDelete',
    (size) => ({ mode: 'query', filter: {}, excludeIds: times(size, () => ID) }),
  ],
  statsDays: ['stats.get', (size) => ({ days: size }), (size) => ({ days: String(size) })],
  groupsPerSeries: ['analytics.timeseries', (size) => ({ groups: size })],
  pageSize: ['emails.list', (size) => ({ limit: size }), (size) => ({ limit: String(size) })],
  cursorLength: ['emails.list', (size) => ({ cursor: text(size) })],
}

/** Held by the services, the server and the inbox; the tests of those hold them against this table. */
const ELSEWHERE: readonly (keyof typeof LIMITS)[] = [
  'attachmentBytesPerRequest',
  'contactDataBytes',
  'browserDataBytes',
  'browserValueBytes',
  'scheduleAheadDays',
  'emailAddressLength',
  'jsonDepth',
  'idempotencyKeyLength',
  'idempotencyHours',
  'openInvitations',
  'projectsPerDay',
  'bulkErrors',
  'jobDays',
  'topicsPerProject',
  'topicChoicesCounted',
  'pageSizeDefault',
  'searchedPerPage',
  'contactsSearchedPerPage',
  'fieldValueLength',
  'sampledContacts',
  'templatesLookedAt',
  'countedContacts',
  'requestBytes',
  'listRequestBytes',
  'templateTags',
  'templateTagLength',
  'templateDepth',
  'mjmlElements',
  'mjmlMs',
  'renderMs',
  'renderRequestMs',
  'renderRequestMsPerMail',
  'templateRequestBytes',
  'imageBytes',
  'imageSidePixels',
  'imagesPerProject',
  'imageBytesPerProject',
  'statsDetailDays',
  'domainsPerDay',
  'pointsPerSeries',
  'mailRequestBytes',
  'trpcBatchSize',
  'languageTagLength',
  'requestIdLength',
  'requestHeaderBytes',
  'fieldErrorsPerRefusal',
  'headersSeconds',
  'requestSeconds',
  'answerSeconds',
  'uploadWaitSeconds',
  'uploadHours',
  'idleSeconds',
  'uploadsAtOnce',
  'importUploadHours',
  'importBytesPerProject',
  'importReportRows',
  'importRowLength',
  'importRows',
  'importBytes',
  'inboxMessageBytes',
  'inboxMessagesPerProject',
  'deletedAuditDays',
  'inboxDays',
  'inboxPruneMinutes',
]

function takes(name: string, input: object): boolean {
  const [noun = '', verb = ''] = name.split('.')
  const operation = findOperation(noun, verb)
  if (operation === undefined) throw new Error(`There is no ${name}`)
  return operation.input.safeDecode(input as never).success
}

test('every limit is held by a schema, or known to be held elsewhere', () => {
  expect([...Object.keys(BOUNDED), ...ELSEWHERE].sort()).toEqual(Object.keys(LIMITS).sort())
})

const cases = Object.entries(BOUNDED).flatMap(([limit, [operation, ...inputs]]) =>
  inputs.map((make) => ({ limit: limit as keyof typeof LIMITS, operation, make })),
)

test.each(cases)(
  '$operation takes what is at the limit of $limit, and nothing over it',
  ({ limit, operation, make }) => {
    expect(takes(operation, make(LIMITS[limit]))).toBe(true)
    expect(takes(operation, make(LIMITS[limit] + 1))).toBe(false)
  },
)

test.each([
  ['emails.send', { ...MAIL, to: [] }],
  ['emails.send', { ...MAIL, subject: '' }],
  ['emails.send', { ...MAIL, tags: [''] }],
  ['emails.send', { ...MAIL, tags: ['two words'] }],
  ['emails.send', { ...MAIL, tags: ['a,b'] }],
  ['emails.send', { ...MAIL, tags: ['é'] }],
  ['emails.send', { ...MAIL, tags: ['a\n'] }],
  ['emails.sendBatch', { emails: [] }],
  ['events.track', { ...TRACK, event: '' }],
  ['keys.create', { name: ' ' }],
  ['keys.create', { ...KEY, scopes: [] }],
  ['emails.list', { tag: 'two words' }],
  ['emails.list', { search: ' ' }],
  ['emails.list', { stream: 'other' }],
  ['emails.list', { since: 'yesterday' }],
  ['stats.get', { timeZone: '+05:30' }],
  ['stats.get', { timeZone: 'Europe/Atlantis' }],
  ['stats.get', { days: 0 }],
  ['requests.get', { requestId: 'a b' }],
  ['requests.list', { statusClass: '6xx' }],
  ['requests.list', { operation: '<script>' }],
  ['audit.list', { actor: '' }],
  ['emails.attachment', { id: ID, place: -1 }],
  ['emails.attachment', { id: ID, place: 'first' }],
  ['events.list', { name: text(LIMITS.eventNameLength + 1) }],
  ['emails.get', { id: text(100) }],
  ['contacts.get', { id: `${text(65)}@example.com` }],
  ['contacts.bulkDelete', { mode: 'ids' }],
  ['contacts.bulkDelete', { mode: 'ids', contactIds: [] }],
  ['contacts.bulkDelete', { mode: 'ids', contactIds: ['ada@example.com'] }],
  ['contacts.bulkDelete', { mode: 'ids', contactIds: [ID], filter: { subscribed: true } }],
  ['contacts.bulkDelete', { mode: 'query', filter: {}, contactIds: [ID] }],
  ['contacts.bulkDelete', { mode: 'query' }],
  ['contacts.bulkDelete', { contactIds: [ID] }],
  ['contacts.list', { subscribed: 'yes' }],
  ['jobs.list', { status: 'done' }],
  ['keys.regenerate', { id: ID, overlap: '2h' }],
])('%s refuses what is empty, malformed or endless: %j', (operation, input) => {
  expect(takes(operation, input)).toBe(false)
})

test('no limit of text lets through what an index of PostgreSQL cannot hold', () => {
  const MOST_BYTES_IN_AN_INDEX = 2704
  const indexed = [LIMITS.emailAddressLength, LIMITS.eventNameLength, LIMITS.dataKeyLength, LIMITS.idempotencyKeyLength]
  for (const length of indexed) expect(length * 4 + 32).toBeLessThan(MOST_BYTES_IN_AN_INDEX)
})

test('every bound in the OpenAPI document is one of the limits', () => {
  const bounds = [...JSON.stringify(openApiDocument()).matchAll(/"max(?:Length|Items|imum)":(\d+)/g)]
  const known = new Set<number>(Object.values(LIMITS))
  expect(bounds.length).toBeGreaterThan(20)
  expect(bounds.filter(([, value]) => !known.has(Number(value)))).toEqual([])
})

test('the page of limits names each with its number', () => {
  const page = limitsPage()
  for (const value of Object.values(LIMITS)) expect(page).toContain(`| ${value.toLocaleString('en')} |`)
  expect(page.match(/^\| .* \|$/gm)).toHaveLength(Object.keys(LIMITS).length + 2)
  expect(page).toContain(`older than ${LIMITS.inboxDays} days`)
})
