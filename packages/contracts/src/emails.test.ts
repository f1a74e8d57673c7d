import { expect, test } from 'vitest'
import { operations } from './operations.ts'

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }

const send = (change: object) => operations.emails.send.input.safeDecode({ ...MAIL, ...change })
const blamed = (change: object) => send(change).error?.issues.map(({ path }) => path.join('.'))

test.each([
  ['an address', 'ADA@example.com'],
  ['a name and an address', 'Ada <ada@example.com>'],
  ['an object', { email: 'ada@example.com', name: 'Ada' }],
  ['a list of all three', ['ada@example.com', 'Bob <bob@example.com>', { email: 'eve@example.com' }]],
])('the recipient can be %s', (_, to) => {
  expect(send({ to }).success).toBe(true)
})

test('addresses reach the services in their one form', () => {
  const { data } = send({
    to: ['ADA@Example.com', 'Bob <bob@bücher.de>'],
    from: 'Eve <EVE@example.com>',
    cc: undefined,
  })
  expect(data).toMatchObject({
    to: [{ email: 'ada@example.com' }, { email: 'bob@xn--bcher-kva.de', name: 'Bob' }],
    from: { email: 'eve@example.com', name: 'Eve' },
  })
})

const BLANKS = ['', ' ', '\n\t\r\n', '\u00a0\u3000']

test.each(BLANKS)('a mail whose content is %j alone is refused, and the blank field is named', (blank) => {
  for (const field of ['body', 'html', 'text']) {
    expect(blamed({ text: undefined, [field]: blank })).toEqual([field])
    expect(send({ text: undefined, [field]: blank }).error?.issues[0]?.message).toMatch(/`body` \(HTML\) or `text`/)
  }
  expect(blamed({ text: blank, html: blank })).toEqual(['html'])
  expect(blamed({ text: blank, html: '<img src="cid:a">' })).toBeUndefined()
  expect(blamed({ text: 'Hello', html: blank })).toBeUndefined()
})

test.each(['', ' ', '\t', '\u00a0\u3000'])('a subject that is %j is refused, and told what to do', (subject) => {
  expect(send({ subject }).error?.issues).toMatchObject([
    { path: ['subject'], message: 'A subject is needed: write something other than blanks.' },
  ])
})

test('who is named several times in one field is there once, as mentioned first', () => {
  const names = ['ada@example.com', 'Bob <bob@bücher.de>', ' ADA@Example.com ', { email: 'bob@xn--bcher-kva.de' }]
  const distinct = [{ email: 'ada@example.com' }, { email: 'bob@xn--bcher-kva.de', name: 'Bob' }]
  expect(send({ to: names }).data?.to).toEqual(distinct)
  expect(send({ cc: names, bcc: names }).data).toMatchObject({ cc: distinct, bcc: distinct })
})

test('headers that differ by case alone are refused, with both named', () => {
  const headers = { 'X-A': '1', 'X-B': '2', 'x-a': '3' }
  expect(send({ headers }).error?.issues).toMatchObject([
    {
      path: ['headers', 'x-a'],
      message: '`X-A` and `x-a` are the same header, since case does not count; give one.',
    },
  ])
  expect(blamed({ headers: { 'X-A': '1', 'X-AB': '2' } })).toBeUndefined()
})

test.each([
  [{ text: undefined }, 'body'],
  [{ body: '<p>', html: '<p>' }, 'html'],
  [{ reply: 'a@example.com', replyTo: 'b@example.com' }, 'replyTo'],
  [{ to: ['a@example.com', 'b@example.com'], cc: ['c@example.com'] }, 'cc'],
  [{ to: ['a@example.com', 'b@example.com'], bcc: ['c@example.com'] }, 'bcc'],
])('fields that need or exclude each other are told: %j blames %s', (change, field) => {
  expect(blamed(change)).toEqual([field])
})

test.each([
  { body: '<p>Hello</p>', text: undefined },
  { html: '<p>Hello</p>', text: undefined },
  { to: ['ada@example.com', 'ADA@example.com'], cc: ['bob@example.com'] },
  { to: ['ada@example.com'], cc: ['bob@example.com'], bcc: ['eve@example.com'] },
  { cc: [], bcc: [], to: ['a@example.com', 'b@example.com'] },
  { reply: 'Ada <ada@example.com>' },
  { scheduledAt: '2030-01-01T00:00:00Z', tags: ['a.b:c-d_e'], subscribed: false, data: { plan: 'pro' } },
])('a mail with %j is taken', (change) => {
  expect(blamed(change)).toBeUndefined()
})

const BREAKS = ['\r\nBcc: eve@example.com', '\n', '\r', '\0', '\u2028', '=?utf-8?q?=0D=0A?=']

test.each([
  ['subject', (text: string) => ({ subject: `Hello${text}` })],
  ['name', (text: string) => ({ name: `Ada${text}` })],
  ['from', (text: string) => ({ from: `Ada${text} <ada@example.com>` })],
  ['from.name', (text: string) => ({ from: { email: 'ada@example.com', name: `Ada${text}` } })],
  ['from.email', (text: string) => ({ from: { email: `ada@example.com${text}` } })],
  ['to', (text: string) => ({ to: `ada@example.com${text}` })],
  ['to.email', (text: string) => ({ to: { email: `ada${text}@example.com` } })],
  ['to.name', (text: string) => ({ to: { email: 'ada@example.com', name: text } })],
  ['cc.0', (text: string) => ({ cc: [`ada@example.com${text}`] })],
  ['bcc.0', (text: string) => ({ bcc: [`${text}ada@example.com`] })],
  ['reply', (text: string) => ({ reply: `Ada${text} <ada@example.com>` })],
  ['replyTo', (text: string) => ({ replyTo: `ada@example.com${text}` })],
  ['headers.X-A', (text: string) => ({ headers: { 'X-A': `a${text}` } })],
  ['headers', (text: string) => ({ headers: { [`X-A${text}`]: 'a' } })],
  ['tags.0', (text: string) => ({ tags: [`a${text}`] })],
  ['attachments.0.filename', (text: string) => ({ attachments: [{ filename: `a${text}`, content: '' }] })],
  [
    'attachments.0.contentType',
    (text: string) => ({ attachments: [{ filename: 'a', content: '', contentType: `text/plain${text}` }] }),
  ],
  [
    'attachments.0.contentId',
    (text: string) => ({ attachments: [{ filename: 'a', content: '', contentId: `a${text}` }] }),
  ],
])('nothing that ends up in a header can break out of it: %s', (_, make) => {
  expect(send(make('')).success || send(make('x')).success).toBe(true)
  expect(BREAKS.filter((text) => send(make(text)).success)).toEqual([])
})

test('the mails of a batch are checked like any other, and have one recipient each', () => {
  const batch = (mail: object) => operations.emails.sendBatch.input.safeDecode({ emails: [MAIL, mail] } as never)
  expect(batch(MAIL).success).toBe(true)
  expect(batch({ ...MAIL, to: ['ada@example.com'] }).success).toBe(false)
  expect(batch({ ...MAIL, text: undefined }).error?.issues).toMatchObject([{ path: ['emails', 1, 'body'] }])
  expect(batch({ ...MAIL, subject: 'a\nb' }).error?.issues).toMatchObject([{ path: ['emails', 1, 'subject'] }])
})

test('what a caller has no business to set is dropped', () => {
  const { data } = send({ projectId: 'x', status: 'sent', captured: true, envelope: { from: 'x' }, dkim: {}, raw: 'x' })
  expect(Object.keys(data ?? {}).sort()).toEqual(['subject', 'text', 'to'])
})

test('an answer holds what was promised and no other column', () => {
  const id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
  const receipt = {
    emails: [{ contact: { id, email: 'ada@example.com', data: { secret: 1 } }, email: id, project_id: id }],
    captured: true,
    timestamp: new Date(0),
    internal: 1,
  }
  expect(operations.emails.send.output.encode(receipt)).toEqual({
    emails: [{ contact: { id, email: 'ada@example.com' }, email: id }],
    captured: true,
    timestamp: '1970-01-01T00:00:00.000Z',
  })
})
