import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SECRET, testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { newId } from './ids.ts'
import { createRuntime } from './runtime.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const SOURCE = [
  'From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.com>',
  'To: Ada <ada@example.com>, bob@example.com',
  'Cc: cc@example.com',
  'Reply-To: Reply <reply@example.com>',
  'Subject: Hello',
  'X-Campaign: spring',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=outer',
  '',
  '--outer',
  'Content-Type: multipart/alternative; boundary=inner',
  '',
  '--inner',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
  '',
  'Grüße, see https://example.com/text?a=1&b=2 and (https://example.com/both).',
  '--inner',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<a href="https://example.com/html?a=1&amp;b=2">x</a> <a HREF = \'https://example.com/both\'>y</a>',
  '<a href="mailto:ada@example.com">m</a> <a href="javascript:alert(1)">j</a> <a href="#top">t</a>',
  '--inner--',
  '--outer',
  'Content-Type: image/png; name=logo.png',
  'Content-Disposition: inline; filename=logo.png',
  'Content-ID: <logo@example.com>',
  'Content-Transfer-Encoding: base64',
  '',
  '/9j/',
  '--outer--',
  '',
].join('\r\n')

async function deliver(
  change: object = {},
  source: Buffer = Buffer.from(SOURCE),
): Promise<{ id: string; emailId: string }> {
  const [id, emailId] = [newId(), newId()]
  await instance.db
    .insertInto('inbox_messages')
    .values({
      project_id: project.id,
      id,
      email_id: emailId,
      envelope_from: 'juergen@example.com',
      envelope_to: ['ada@example.com', 'bob@example.com'],
      subject: 'Hello',
      size_bytes: source.length,
      source,
      ...change,
    })
    .execute()
  return { id, emailId }
}

const get = (id: string) => project.call(['inbox', 'get'], { id })
const list = async (filter: object = {}) => (await project.call(['inbox', 'list'], filter)).data.map(({ id }) => id)

test('a message is read as a mail program reads it', async () => {
  const { id, emailId } = await deliver()
  const message = await get(id)
  expect(message).toMatchObject({
    id,
    emailId,
    from: 'juergen@example.com',
    to: ['ada@example.com', 'bob@example.com'],
    subject: 'Hello',
    sizeBytes: Buffer.byteLength(SOURCE),
    receivedAt: expect.any(String),
    headerFrom: { email: 'juergen@example.com', name: 'Jürgen' },
    headerTo: [
      { email: 'ada@example.com', name: 'Ada' },
      { email: 'bob@example.com', name: '' },
    ],
    headerCc: [{ email: 'cc@example.com', name: '' }],
    replyTo: [{ email: 'reply@example.com', name: 'Reply' }],
    text: expect.stringContaining('Grüße, see'),
    html: expect.stringContaining('<a href="mailto:'),
    attachments: [
      {
        filename: 'logo.png',
        contentType: 'image/png',
        sizeBytes: 3,
        contentId: 'logo@example.com',
        disposition: 'inline',
      },
    ],
  })
  expect(message.headers).toContainEqual({ name: 'x-campaign', value: 'spring' })
})

test('its links are found in both parts, once each, and only those that can be followed', async () => {
  const { id } = await deliver()
  expect((await get(id)).links).toEqual([
    'https://example.com/html?a=1&b=2',
    'https://example.com/both',
    'mailto:ada@example.com',
    'https://example.com/text?a=1&b=2',
  ])
})

test('its attachments come as data, each by its place in the list', async () => {
  const { id } = await deliver()
  const attachment = (place: number) => project.call(['inbox', 'attachment'], { id, place })
  expect(await attachment(0)).toEqual({ ...(await get(id)).attachments[0], content: '/9j/' })
  await expect(attachment(1)).rejects.toMatchObject({ code: 'ATTACHMENT_NOT_FOUND' })
  const other = await instance.project('Other')
  const asked = other.call(['inbox', 'attachment'], { id, place: 0 })
  await expect(asked).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND' })
})

test('its source is there byte for byte', async () => {
  const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256))
  const { id } = await deliver({}, bytes)
  const { source } = await project.call(['inbox', 'source'], { id })
  expect(Buffer.from(source, 'latin1').equals(bytes)).toBe(true)
})

test.each([
  '',
  '\r\n',
  'no header at all',
  'From: \r\nTo: ,,,\r\n\r\n',
  'Content-Type: multipart/mixed\r\n\r\n--x',
  '\xff\0',
])('a message that is hardly one is read as well as it goes: %j', async (source) => {
  const { id } = await deliver({}, Buffer.from(source, 'latin1'))
  expect(await get(id)).toMatchObject({ id, links: [], attachments: [] })
})

test('a list can be narrowed to a recipient and to an email', async () => {
  const one = await deliver()
  const two = await deliver({ envelope_to: ['bob@example.com'] })
  expect(await list()).toEqual([two.id, one.id])
  expect(await list({ to: ' ADA@example.com' })).toEqual([one.id])
  expect(await list({ to: 'bob@example.com' })).toEqual([two.id, one.id])
  expect(await list({ to: 'eve@example.com' })).toEqual([])
  expect(await list({ emailId: two.emailId })).toEqual([two.id])
  expect(await list({ emailId: newId() })).toEqual([])
})

test('a list can be searched by a part of the subject or of a recipient, however it is written', async () => {
  const order = await deliver({ subject: 'Your ORDER 100% off' })
  const grace = await deliver({ subject: 'News', envelope_to: ['eve@example.com', 'grace@shop.example'] })
  expect(await list({ search: ' order ' })).toEqual([order.id])
  expect(await list({ search: '100%' })).toEqual([order.id])
  expect(await list({ search: 'GRACE@shop' })).toEqual([grace.id])
  expect(await list({ search: 'example' })).toEqual([grace.id, order.id])
  expect(await list({ search: 'example', to: 'ada@example.com' })).toEqual([order.id])
  expect(await list({ search: 'n_ws' })).toEqual([])
})

test('a list can be narrowed to a time, whose end does not count', async () => {
  const { id } = await deliver()
  const { receivedAt } = await get(id)
  const later = new Date(Date.parse(receivedAt) + 1).toISOString()
  expect(await list({ since: receivedAt, until: later })).toEqual([id])
  expect(await list({ since: later })).toEqual([])
  expect(await list({ until: receivedAt })).toEqual([])
})

test('a list is read page by page', async () => {
  const ids = []
  for (let index = 0; index < 5; index += 1) ids.push((await deliver()).id)
  const first = await project.call(['inbox', 'list'], { limit: 3 })
  const rest = await project.call(['inbox', 'list'], { limit: 3, cursor: first.cursor as string })
  expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(ids.toReversed())
  expect(rest.cursor).toBeNull()
})

test('each project sees and clears its own mail alone', async () => {
  const { id, emailId } = await deliver()
  const other = await instance.project('Other')
  for (const verb of ['get', 'source'] as const) {
    const missing = await other.call(['inbox', verb], { id: newId() }).catch(String)
    expect(missing).toMatch('The inbox holds no such message')
    expect(await other.call(['inbox', verb], { id }).catch(String)).toBe(missing)
  }
  expect((await other.call(['inbox', 'list'], { emailId })).data).toEqual([])
  expect(await other.call(['inbox', 'clear'], {})).toEqual({ deleted: 0 })
  expect(await list()).toEqual([id])
  expect(await project.call(['inbox', 'clear'], {})).toEqual({ deleted: 1 })
  expect(await list()).toEqual([])
})

describe('where mail goes to a relay', () => {
  test('there is no inbox, not even for what it caught before', async () => {
    const { id } = await deliver()
    const runtime = createRuntime({ db: instance.db, secret: SECRET, captures: false })
    const { call } = instance.through(runtime, project)
    const asked = [
      call(['inbox', 'list'], {}),
      call(['inbox', 'get'], { id }),
      call(['inbox', 'source'], { id }),
      call(['inbox', 'clear'], {}),
    ]
    for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'INBOX_OFF', status: 404 })
    await runtime.close()
    expect(await list()).toEqual([id])
  })
})
