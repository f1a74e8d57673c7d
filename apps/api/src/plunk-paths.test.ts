import { pngOf } from '@posthorn/testkit/pictures'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { seedProject, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
/** For all that changes nothing. */
let read: SeededProject

beforeAll(async () => {
  api = await startTestApi()
  read = await seedProject(api)
  // Enough for a second page.
  await call(`POST ${api.url}/contacts`, { key: read.fullKey, body: { email: 'second@example.com' } })
})

afterAll(() => api.stop())

const ID = expect.stringMatching(/^[\da-f]{8}-[\da-f-]{27}$/)
const TIME = expect.stringMatching(/^\d{4}-.*Z$/)
const TEXT = expect.any(String)
const FLAG = expect.any(Boolean)
const NUMBER = expect.any(Number)

const CONTACT = { id: ID, email: TEXT, subscribed: FLAG, data: expect.any(Object), createdAt: TIME, updatedAt: TIME }
const TEMPLATE = {
  id: ID,
  name: TEXT,
  description: null,
  subject: TEXT,
  body: TEXT,
  from: 'hello@acme.example',
  fromName: null,
  replyTo: null,
  type: TEXT,
  createdAt: TIME,
  updatedAt: TIME,
}
const NOBODY = '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11'
const JOB_BEGUN = { message: TEXT, jobId: ID }
const TEMPLATE_FIELDS = { name: 'Hi', subject: 'Hi {{name}}', body: '<p>Hi {{name}}</p>', from: 'hello@acme.example' }

/** The answer as newer clients read it, and as older ones do. */
const bothDialects = (data: object) => ({ success: true, data, ...data })

interface Row {
  /** What a client asks for, with the ids of a project that has one of everything. */
  asks: string
  body?: object
  /** Which key it has; left out, a secret one. */
  key?: 'public'
  status: number
  answer: unknown
}

const of = (path: string, { rows, address }: SeededProject) =>
  path
    .replace('{contact}', rows.contactId)
    .replace('{template}', rows.templateId)
    .replace('{job}', rows.jobId)
    .replace('{importJob}', rows.importJobId)
    .replace('{address}', address)

async function ask({ asks, body, key }: Pick<Row, 'asks' | 'body' | 'key'>) {
  const project = asks.startsWith('GET') ? read : await seedProject(api)
  const [method, path] = of(asks, project).split(' ')
  const filled = body === undefined ? undefined : of(JSON.stringify(body), project)
  return call(`${method} ${api.url}${path}`, {
    key: key === 'public' ? project.publicKey : project.fullKey,
    body: filled,
    ...(filled !== undefined && { headers: { 'Content-Type': 'application/json' } }),
  })
}

const mail = { to: 'ada@example.com', subject: 'Hello', body: '<p>Hi</p>' }
const sent = (...to: string[]) =>
  bothDialects({
    emails: to.map((email) => ({ contact: { id: ID, email }, email: ID })),
    timestamp: TIME,
  })
const tracked = bothDialects({ contact: ID, event: ID, timestamp: TIME })
const signedUp = { event: 'signed-up', email: 'ada@example.com' }

const SENDING: Row[] = [
  { asks: 'POST /v1/send', body: mail, status: 200, answer: sent('ada@example.com') },
  {
    asks: 'POST /v1/send',
    body: { ...mail, to: ['ada@example.com', { email: 'grace@example.com', name: 'Grace' }] },
    status: 200,
    answer: sent('ada@example.com', 'grace@example.com'),
  },
  {
    asks: 'POST /v1/send',
    body: {
      ...mail,
      from: { email: 'hello@acme.example', name: 'Acme' },
      name: 'Acme',
      reply: 'help@acme.example',
      subscribed: true,
      data: { plan: 'pro', code: { value: '1234', persistent: false } },
      headers: { 'X-Thing': 'a' },
      attachments: [
        { filename: 'a.txt', content: 'aGk=', contentType: 'text/plain', disposition: 'attachment' },
        { filename: 'b.png', content: 'aGk=', contentType: 'image/png', contentId: 'b', disposition: 'inline' },
      ],
    },
    status: 200,
    answer: sent('ada@example.com'),
  },
  {
    asks: 'POST /v1/send',
    body: { to: 'ada@example.com', template: '{template}', data: { name: 'Ada' }, subscribed: true },
    status: 200,
    answer: sent('ada@example.com'),
  },
  { asks: 'POST /v1/track', body: signedUp, key: 'public', status: 200, answer: tracked },
  {
    asks: 'POST /v1/track',
    body: { ...signedUp, subscribed: false, data: { plan: 'pro', once: { value: 1, persistent: false } } },
    status: 200,
    answer: tracked,
  },
  {
    asks: 'POST /v1/verify',
    body: { email: 'ada+news@example.com' },
    status: 200,
    answer: bothDialects({
      email: 'ada+news@example.com',
      valid: FLAG,
      isDisposable: false,
      isAlias: true,
      isTypo: FLAG,
      isPlusAddressed: true,
      isPersonalEmail: FLAG,
      domainExists: FLAG,
      hasWebsite: FLAG,
      hasMxRecords: FLAG,
      reasons: expect.any(Array),
    }),
  },
]

const CONTACTS: Row[] = [
  {
    asks: 'GET /contacts?limit=10',
    status: 200,
    answer: {
      data: expect.arrayContaining([expect.objectContaining(CONTACT)]),
      items: expect.arrayContaining([expect.objectContaining(CONTACT)]),
      cursor: null,
      nextCursor: null,
      hasMore: false,
      total: NUMBER,
    },
  },
  { asks: 'GET /contacts?limit=1', status: 200, answer: { items: [{ id: ID }], nextCursor: TEXT, hasMore: true } },
  {
    asks: 'GET /contacts?search={address}&subscribed=false',
    status: 200,
    answer: { data: expect.any(Array), hasMore: false },
  },
  {
    asks: 'POST /contacts',
    body: { email: 'new@example.com', data: { plan: 'pro' } },
    status: 200,
    answer: { ...CONTACT, subscribed: true, _meta: { isNew: true, isUpdate: false } },
  },
  {
    asks: 'POST /contacts',
    body: { email: '{address}', subscribed: false },
    status: 200,
    answer: { ...CONTACT, subscribed: false, _meta: { isNew: false, isUpdate: true } },
  },
  { asks: 'GET /contacts/{contact}', status: 200, answer: CONTACT },
  {
    asks: 'PATCH /contacts/{contact}',
    body: { subscribed: false, data: { plan: 'pro' } },
    status: 200,
    answer: { ...CONTACT, subscribed: false, data: { plan: 'pro' } },
  },
  { asks: 'PATCH /contacts/{contact}', body: { data: null }, status: 200, answer: { ...CONTACT, data: {} } },
  { asks: 'DELETE /contacts/{contact}', status: 204, answer: undefined },
  {
    asks: 'POST /contacts/lookup',
    body: { emails: ['{address}', 'nobody@example.com'] },
    status: 200,
    answer: { found: [expect.objectContaining({ id: ID })], notFound: ['nobody@example.com'] },
  },
  ...['subscribe', 'unsubscribe', 'delete'].flatMap((verb): Row[] => [
    {
      asks: `POST /contacts/bulk-${verb}`,
      body: { mode: 'ids', contactIds: ['{contact}'] },
      status: 202,
      answer: JOB_BEGUN,
    },
    {
      asks: `POST /contacts/bulk-${verb}`,
      body: { mode: 'query', filter: { search: 'ada', subscribed: true }, excludeIds: ['{contact}'] },
      status: 202,
      answer: JOB_BEGUN,
    },
  ]),
  { asks: 'GET /contacts/fields', status: 200, answer: { fields: expect.any(Array), count: NUMBER } },
  {
    asks: 'GET /contacts/fields/data.plan/values?limit=50',
    status: 200,
    answer: { field: 'data.plan', values: expect.any(Array), count: NUMBER, limit: 50 },
  },
  {
    asks: 'GET /contacts/fields/data.plan/usage',
    status: 200,
    answer: { field: 'data.plan', contactCount: NUMBER, usedInSegments: [], usedInCampaigns: [], canDelete: true },
  },
  { asks: 'DELETE /contacts/fields/data.plan', status: 202, answer: JOB_BEGUN },
  {
    asks: 'GET /contacts/import/{importJob}',
    status: 200,
    answer: { id: ID, state: 'waiting', progress: NUMBER, result: null, failedReason: null },
  },
  {
    asks: 'GET /contacts/bulk/{job}',
    status: 200,
    answer: { id: ID, state: 'waiting', progress: NUMBER, result: null, failedReason: null },
  },
]

const EVENT = { id: ID, name: 'signed-up', contactId: ID, data: expect.any(Object), createdAt: TIME }
const YEAR = 'startDate=2025-01-01T00:00:00.000Z&endDate=2999-12-31'
const IN_FEED = { id: ID, type: 'event', contactId: ID, contactEmail: TEXT }

const EVENTS: Row[] = [
  { asks: 'POST /events/track', body: signedUp, status: 201, answer: tracked },
  { asks: 'POST /events/track', body: signedUp, key: 'public', status: 201, answer: tracked },
  {
    asks: 'POST /events/track',
    body: { name: 'paid', contactId: '{contact}', emailId: NOBODY, data: { plan: 'pro' } },
    status: 201,
    answer: { ...tracked, id: ID, contactId: ID, createdAt: TIME },
  },
  { asks: 'POST /events/track', body: { ...signedUp, contactId: null }, status: 201, answer: tracked },
  { asks: 'GET /events', status: 200, answer: { events: [EVENT], data: [EVENT] } },
  { asks: 'GET /events/contact/{contact}', status: 200, answer: { data: expect.any(Array), hasMore: false } },
  { asks: 'GET /events/names', status: 200, answer: { eventNames: ['signed-up'] } },
  { asks: 'GET /events/signed-up/usage', status: 200, answer: expect.any(Object) },
  {
    asks: 'GET /activity?limit=50&type=event',
    status: 200,
    answer: { data: [IN_FEED], cursor: null, hasMore: false },
  },
  {
    asks: `GET /activity?types=event.triggered,email.opened&contactId={contact}&${YEAR}`,
    status: 200,
    answer: { data: [IN_FEED], cursor: null, hasMore: false },
  },
  { asks: 'GET /activity?types=email.opened,workflow.started', status: 200, answer: { data: [], hasMore: false } },
  { asks: `GET /activity?types=event&startDate=2999-01-01`, status: 200, answer: { data: [] } },
  { asks: 'GET /analytics/timeseries', status: 200, answer: { points: expect.any(Array) } },
  { asks: 'DELETE /events/signed-up', status: 202, answer: { jobId: ID } },
]

const TEMPLATES: Row[] = [
  {
    asks: 'GET /templates?page=1&pageSize=1',
    status: 200,
    answer: { data: [{ id: ID }], page: 1, pageSize: 1, total: 1, totalPages: 1, hasMore: false },
  },
  {
    asks: 'GET /templates?page=2&pageSize=1&sort=name&dir=asc',
    status: 200,
    answer: { data: [], page: 2, pageSize: 1, total: 1, totalPages: 1, hasMore: false },
  },
  {
    asks: 'GET /templates?search=Receipt&type=MARKETING',
    status: 200,
    answer: { data: [expect.objectContaining({ id: ID, name: 'Receipt', type: 'MARKETING' })] },
  },
  { asks: 'POST /templates', body: TEMPLATE_FIELDS, status: 201, answer: { ...TEMPLATE, type: 'MARKETING' } },
  {
    asks: 'POST /templates',
    body: { ...TEMPLATE_FIELDS, type: 'TRANSACTIONAL', description: 'For all', fromName: 'Acme', replyTo: 'a@b.co' },
    status: 201,
    answer: { ...TEMPLATE, type: 'TRANSACTIONAL', description: 'For all', fromName: 'Acme', replyTo: 'a@b.co' },
  },
  { asks: 'GET /templates/{template}', status: 200, answer: { ...TEMPLATE, from: null } },
  {
    asks: 'PATCH /templates/{template}',
    body: { subject: 'Bye', from: 'hello@acme.example' },
    status: 200,
    answer: { ...TEMPLATE, subject: 'Bye' },
  },
  { asks: 'DELETE /templates/{template}', status: 204, answer: undefined },
  {
    asks: 'POST /templates/{template}/duplicate',
    status: 201,
    answer: { ...TEMPLATE, name: 'Receipt (Copy)', from: null },
  },
  {
    asks: 'POST /templates/bulk-update',
    body: { ids: ['{template}'], delete: true },
    status: 200,
    answer: { deleted: 1 },
  },
  { asks: 'GET /templates/{template}/usage', status: 200, answer: expect.any(Object) },
]

const refused = (statusCode: number, code: string, field?: string) => ({
  success: false,
  error: {
    code,
    message: TEXT,
    statusCode,
    requestId: TEXT,
    ...(field !== undefined && { errors: expect.arrayContaining([{ field, message: TEXT, code: TEXT }]) }),
  },
  message: TEXT,
  timestamp: TIME,
})
const refusedRow = (row: Omit<Row, 'answer'>, code: string, field?: string): Row => ({
  ...row,
  answer: refused(row.status, code, field),
})
const REFUSALS: Row[] = [
  refusedRow({ asks: 'POST /v1/send', body: { ...mail, to: 'nobody' }, status: 422 }, 'VALIDATION_ERROR', 'to'),
  refusedRow({ asks: 'POST /v1/send', body: { ...mail, template: NOBODY }, status: 404 }, 'TEMPLATE_NOT_FOUND'),
  refusedRow({ asks: 'POST /v1/send', body: mail, key: 'public', status: 401 }, 'INVALID_API_KEY'),
  refusedRow(
    { asks: 'POST /v1/track', body: { ...signedUp, event: 'email.sent' }, status: 422 },
    'VALIDATION_ERROR',
    'event',
  ),
  refusedRow(
    { asks: 'POST /events/track', body: { name: 'segment.vip.entry', contactId: NOBODY }, status: 422 },
    'VALIDATION_ERROR',
    'name',
  ),
  ...[
    { name: 'paid', data: {} },
    { name: 'paid', contactId: null },
  ].map((body) => refusedRow({ asks: 'POST /events/track', body, status: 422 }, 'VALIDATION_ERROR', 'contactId')),
  ...[{ ids: ['{template}'] }, { ids: ['{template}'], delete: false }].map((body) =>
    refusedRow({ asks: 'POST /templates/bulk-update', body, status: 422 }, 'VALIDATION_ERROR', 'delete'),
  ),
  refusedRow({ asks: 'GET /activity?types=event.triggered,mails', status: 422 }, 'VALIDATION_ERROR', 'types'),
  refusedRow(
    { asks: 'GET /activity?since=2025-01-01T00:00:00Z&startDate=2025-01-01', status: 422 },
    'VALIDATION_ERROR',
    'startDate',
  ),
  refusedRow(
    { asks: 'POST /events/track', body: { ...signedUp, name: 'paid' }, status: 422 },
    'VALIDATION_ERROR',
    'name',
  ),
  refusedRow(
    { asks: 'POST /events/track', body: { name: 'paid', contactId: NOBODY }, status: 404 },
    'CONTACT_NOT_FOUND',
  ),
  refusedRow({ asks: 'POST /contacts', body: { data: {} }, status: 422 }, 'VALIDATION_ERROR', 'email'),
  refusedRow({ asks: `GET /contacts/${NOBODY}`, status: 404 }, 'CONTACT_NOT_FOUND'),
  refusedRow({ asks: `GET /templates/${NOBODY}`, status: 404 }, 'TEMPLATE_NOT_FOUND'),
  refusedRow(
    { asks: 'POST /templates', body: { ...TEMPLATE_FIELDS, body: '{% if %}' }, status: 422 },
    'TEMPLATE_INVALID',
    'body',
  ),
  refusedRow({ asks: 'GET /nowhere', status: 404 }, 'ROUTE_NOT_FOUND'),
]

describe.each([
  ['sending, events and checks', SENDING],
  ['contacts', CONTACTS],
  ['events', EVENTS],
  ['templates', TEMPLATES],
  ['refusals', REFUSALS],
])('Plunk’s clients find %s', (_, rows) => {
  test.each(rows)('$asks answers $status', async (row) => {
    const { status, body } = await ask(row)
    expect({ status, answer: body }).toMatchObject({ status: row.status, answer: row.answer })
  })
})

test('where one of several templates is not there, or is another project’s, none is deleted', async () => {
  const [mine, other] = [await seedProject(api), await seedProject(api)]
  for (const missing of [NOBODY, other.rows.templateId]) {
    const body = { ids: [mine.rows.templateId, missing], delete: true }
    const answer = await call(`POST ${api.url}/templates/bulk-update`, { key: mine.fullKey, body })
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'TEMPLATE_NOT_FOUND' } } })
    expect(answer.body.message).toContain('`ids.1`')
  }
  for (const { fullKey, rows } of [mine, other]) {
    const { status } = await call(`GET ${api.url}/templates/${rows.templateId}`, { key: fullKey })
    expect(status).toBe(200)
  }
})

test.each(['/uploads/image', '/v1/uploads/image'])(
  'a picture is uploaded to %s as the field that Plunk’s have',
  async (path) => {
    const { fullKey } = await seedProject(api)
    const form = new FormData()
    form.set('image', new Blob([new Uint8Array(pngOf(3, 3))], { type: 'image/png' }), 'logo.png')
    const answer = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${fullKey}` },
      body: form,
    })
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 201,
      body: {
        url: expect.stringMatching(/\.png$/),
        key: ID,
        filename: 'logo.png',
        contentType: 'image/png',
        size: NUMBER,
      },
    })
  },
)

describe('what differs on purpose, as docs/plunk.md says', () => {
  test('a list counts where it is cheap, and has other names for its fields at Plunk’s path alone', async () => {
    for (const [asks, more] of [
      ['GET /templates', ['page', 'pageSize', 'total', 'totalPages']],
      ['GET /v1/contacts', ['total', 'totalIs']],
      ['GET /contacts', ['items', 'nextCursor', 'total', 'totalIs']],
    ] as const) {
      const { status, body } = await ask({ asks })
      const fields = ['cursor', 'data', 'hasMore', ...more].toSorted()
      expect({ asks, status, fields: Object.keys(body).toSorted() }).toEqual({ asks, status: 200, fields })
    }
  })

  test('a repeated Idempotency-Key is answered as the first time, and not refused', async () => {
    const { fullKey } = await seedProject(api)
    const once = () =>
      call(`POST ${api.url}/v1/send`, { key: fullKey, body: mail, headers: { 'Idempotency-Key': 'the-same' } })
    const first = await once()
    expect(await once()).toMatchObject({ status: 200, text: first.text })
  })

  test('a public key adds to a known contact and changes nothing of it', async () => {
    const { publicKey, fullKey, address, rows } = await seedProject(api)
    const fields = { event: 'left', email: address, subscribed: false, data: { plan: 'pro' } }
    await call(`POST ${api.url}/v1/track`, { key: publicKey, body: { ...fields, subscribed: true } })
    await call(`POST ${api.url}/v1/track`, { key: publicKey, body: { ...fields, data: { plan: 'free' } } })
    const { body } = await call(`GET ${api.url}/contacts/${rows.contactId}`, { key: fullKey })
    expect(body.data).toEqual({ plan: 'pro' })
  })

  test('nobody reads or changes a contact by its id alone', async () => {
    const { rows } = await seedProject(api)
    for (const asks of ['GET /contacts/public/', 'POST /contacts/public/', 'POST /unsubscribe/']) {
      const [method, path] = asks.split(' ')
      const { status } = await fetch(`${api.url}${path}${rows.contactId}`, { method: method! })
      expect(status).toBe(404)
    }
  })
})
