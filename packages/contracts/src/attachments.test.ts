import { expect, test } from 'vitest'
import { Attachment, decodedLength } from './attachments.ts'
import { LIMITS } from './limits.ts'
import { operations } from './operations.ts'

const GOOD = { filename: 'a.txt', content: 'SGVsbG8=' }
const problems = (change: object) =>
  Attachment.safeParse({ ...GOOD, ...change }).error?.issues.map(({ path }) => path.join('.'))

test('a file with a name and bytes is enough', () => {
  expect(Attachment.parse(GOOD)).toEqual({ ...GOOD, contentType: 'application/octet-stream' })
})

test('the length of the bytes is known without decoding them', () => {
  for (let length = 0; length < 100; length += 1) {
    expect(decodedLength(Buffer.alloc(length, 7).toString('base64'))).toBe(length)
  }
})

test.each([
  ['content', 'SGVsbG8', 'base64 that lacks its padding'],
  ['content', 'SGVs\nbG8=', 'base64 with a line break'],
  ['content', 'SGVs bG8=', 'base64 with a blank'],
  ['content', 'SGV=bG8=', 'padding in the middle'],
  ['content', 'S===', 'too much padding'],
  ['content', 'SGVsbG8-', 'the alphabet of URLs'],
  ['content', 'SGVsbGé=', 'a letter outside ASCII'],
  ['content', { path: '/etc/passwd' }, 'an object that names a file'],
  ['content', 5, 'a number'],
  ['filename', '', 'no name'],
  ['filename', '../a.txt', 'a path'],
  ['filename', 'a\\b.txt', 'a path of Windows'],
  ['filename', 'a".txt', 'a quote'],
  ['filename', 'a\r\nX-Evil: 1.txt', 'a line break'],
  ['filename', '=?utf-8?q?=0D=0A?=', 'a hidden line break'],
  ['contentType', 'text', 'half a media type'],
  ['contentType', 'text/plain\r\nX-Evil: 1', 'a line break'],
  ['contentType', 'text/plain; charset', 'a parameter without value'],
  ['contentType', 'text/plain, text/html', 'two types'],
  ['contentId', 'a b', 'a blank'],
  ['contentId', '<logo>', 'brackets'],
  ['contentId', 'a\nb', 'a line break'],
  ['contentId', '', 'nothing'],
  ['disposition', 'form-data', 'an unknown disposition'],
])('a %s of %j is refused: %s', (...[field, value]) => {
  expect(problems({ [field]: value })).toContain(field)
})

test.each([
  'image/png',
  'application/vnd.ms-excel',
  'image/svg+xml',
  'text/plain; charset=utf-8',
  'text/calendar;method=REQUEST; name="a b.ics"',
])('%s is a media type', (contentType) => {
  expect(problems({ contentType })).toBeUndefined()
})

test('what a mail library would read from elsewhere is dropped', () => {
  const hostile = { path: '/etc/passwd', href: 'http://127.0.0.1/', raw: 'x', encoding: 'hex', headers: { From: 'x' } }
  expect(Object.keys(Attachment.parse({ ...GOOD, ...hostile }))).toEqual(['filename', 'content', 'contentType'])
})

test('an inline attachment needs the id that the mail shows it by', () => {
  expect(problems({ disposition: 'inline' })).toEqual(['contentId'])
  expect(problems({ disposition: 'inline', contentId: 'logo@example.com' })).toBeUndefined()
  expect(problems({ contentId: 'logo' })).toBeUndefined()
})

test('all attachments of a request count together, also over the mails of a batch', () => {
  const half = Buffer.alloc(LIMITS.attachmentBytesPerRequest / 2).toString('base64')
  const mail = (...contents: string[]) => ({
    to: 'ada@example.com',
    subject: 'Hello',
    text: 'Hello',
    attachments: contents.map((content) => ({ filename: 'a', content })),
  })
  const send = operations.emails.send.input
  expect(send.safeDecode(mail(half, half)).success).toBe(true)
  expect(send.safeDecode(mail(half, half, 'AA==')).error?.issues).toMatchObject([{ path: ['attachments'] }])

  const batch = operations.emails.sendBatch.input
  expect(batch.safeDecode({ emails: [mail(half), mail(half)] }).success).toBe(true)
  expect(batch.safeDecode({ emails: [mail(half), mail(half), mail('AA==')] }).error?.issues).toMatchObject([
    { path: ['emails'], message: expect.stringContaining('26214401 bytes') },
  ])
})
