import type { WireInput } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { refusalOf } from '../test/refusal.ts'
import { snapshot } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let key: string
let projectId: string

beforeAll(async () => {
  api = await startTestApi()
  const made = await api.newProject()
  key = made.secretKey
  projectId = made.project.id
})

afterAll(() => api.stop())

type Mail = WireInput<'emails', 'send'>

const MAIL: Mail = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' }
const attachment = { filename: 'a.png', content: 'aGk=', contentType: 'image/png' }

/** Every field of a mail that ends up in a header, an envelope or a part's header. */
const FIELDS: Record<string, (text: string) => Partial<Mail>> = {
  to: (text) => ({ to: `ada@example.com${text}` }),
  'to, in front': (text) => ({ to: `${text}ada@example.com` }),
  'to, its local part': (text) => ({ to: `a${text}da@example.com` }),
  'to, one of many': (text) => ({ to: ['grace@example.com', `ada@exam${text}ple.com`] }),
  'to, with a name': (text) => ({ to: `Ada${text}Lovelace <ada@example.com>` }),
  'to.name': (text) => ({ to: { email: 'ada@example.com', name: `Ada${text}Lovelace` } }),
  'to.email': (text) => ({ to: { email: `ada@exa${text}mple.com` } }),
  from: (text) => ({ from: `Acme${text}Ltd <hello@acme.example>` }),
  'from.name': (text) => ({ from: { email: 'hello@acme.example', name: `Acme${text}Ltd` } }),
  'from.email': (text) => ({ from: { email: `hello@ac${text}me.example` } }),
  name: (text) => ({ name: `Acme${text}Ltd` }),
  reply: (text) => ({ reply: `Help${text}Desk <help@acme.example>` }),
  replyTo: (text) => ({ replyTo: { email: 'help@acme.example', name: `Help${text}Desk` } }),
  cc: (text) => ({ cc: [`C${text}C <cc@example.com>`] }),
  bcc: (text) => ({ bcc: [{ email: 'bcc@example.com', name: `B${text}C` }] }),
  subject: (text) => ({ subject: `Hello${text}World` }),
  'the value of a header': (text) => ({ headers: { 'X-Thing': `a${text}b` } }),
  'the name of a header': (text) => ({ headers: { [`X-Thi${text}ng`]: 'a' } }),
  'attachments.filename': (text) => ({ attachments: [{ ...attachment, filename: `a${text}.png` }] }),
  'attachments.contentType': (text) => ({ attachments: [{ ...attachment, contentType: `image/png; a=b${text}c` }] }),
  'attachments.contentId': (text) => ({ attachments: [{ ...attachment, contentId: `a${text}b` }] }),
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

const INJECTIONS: Record<string, string> = {
  CRLF: '\r\n',
  'CRLF and a header': '\r\nBcc: eve@example.com\r\n',
  'a folded line': '\r\n Bcc: eve@example.com',
  LF: '\n',
  CR: '\r',
  NUL: '\0',
  'vertical tab': '\v',
  ESC: '\u001b[2J',
  DEL: '\u007f',
  NEL: '\u0085',
  'line separator': '\u2028',
  'paragraph separator': '\u2029',
  'an encoded word with CRLF (Q)': ' =?utf-8?Q?a=0D=0ABcc:_eve@example.com?= ',
  'an encoded word with LF (q)': ' =?us-ascii?q?a=0aBcc?= ',
  'an encoded word with CRLF (B)': ` =?utf-8?B?${base64('a\r\nBcc: eve@example.com')}?= `,
  'an encoded word with NUL (b)': ` =?utf-8?b?${base64('a\0b')}?= `,
  'an encoded word with a language': ` =?utf-8*en?Q?a=0D=0AB?= `,
}

const cases = Object.entries(FIELDS).flatMap(([field, put]) =>
  Object.entries(INJECTIONS).map(([injection, text]) => ({ field, injection, put, text })),
)

test.each(Object.entries(FIELDS))('nothing gets into a header through %s', async (_, put) => {
  const before = await snapshot(api, projectId)
  for (const [injection, text] of Object.entries(INJECTIONS)) {
    for (const to of [`POST ${api.url}/v1/send`, `POST ${api.url}/trpc/emails.send`]) {
      const answer = await call(to, { key, body: { ...MAIL, ...put(text) } })
      expect(answer.status, `${injection}: ${answer.text}`).toBe(422)
    }
  }
  expect(await snapshot(api, projectId)).toEqual(before)
})

test('a batch is refused whole where one mail of it carries a line break', async () => {
  const before = await snapshot(api, projectId)
  for (const { put, text } of cases.filter(({ injection }) => injection === 'CRLF')) {
    const bad = { ...MAIL, ...put(text) }
    const emails = [MAIL, { ...bad, to: Array.isArray(bad.to) ? bad.to[1] : bad.to }]
    const answer = await call(`POST ${api.url}/v1/send/batch`, { key, body: { emails } })
    expect(refusalOf(answer)).toBe('VALIDATION_ERROR')
    expect(answer.body.error.errors[0].field).toMatch(/^emails\.1\./)
  }
  expect(await snapshot(api, projectId)).toEqual(before)
})

test.each([
  'From',
  'Sender',
  'to',
  'CC',
  'Bcc',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Return-Path',
  'Received',
  'DKIM-Signature',
  'ARC-Seal',
  'Authentication-Results',
  'Resent-To',
  'Delivered-To',
  'Feedback-ID',
  'X-Posthorn-Thing',
  'bad name',
  'bad:name',
  'näme',
  '',
  '__proto__',
])('the header %s is not the caller’s to set', async (name) => {
  const answer = await call(`POST ${api.url}/v1/send`, {
    key,
    body: JSON.stringify({ ...MAIL, headers: { MARK: 'a' } }).replace('MARK', () => JSON.stringify(name).slice(1, -1)),
  })
  expect(refusalOf(answer)).toBe('VALIDATION_ERROR')
})

test('harmless text of the same letters is taken', async () => {
  for (const text of [
    'Größe',
    '日本語',
    '👩‍👩‍👧',
    '=?',
    '=?utf-8?Q?=C3=A4?=',
    '=0D=0A',
    '\\r\\n',
    '%0d%0a',
    '&#13;&#10;',
    'a\tb',
  ]) {
    const body = { ...MAIL, to: { email: 'ada@example.com', name: text }, subject: text, headers: { 'X-Thing': text } }
    expect((await call(`POST ${api.url}/v1/send`, { key, body })).status).toBe(200)
  }
})
