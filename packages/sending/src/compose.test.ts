import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { corpus, plainMail } from '../test/compose-corpus.ts'
import { compose, messageId } from './compose.ts'

const cases = Object.entries(corpus)
const filenames = (files: readonly { filename?: string | null }[]) =>
  files.map(({ filename }) => filename ?? '').toSorted((a, b) => a.localeCompare(b))
const longestLine = (bytes: Buffer) =>
  bytes
    .toString('latin1')
    .split('\r\n')
    .reduce((longest, line) => Math.max(longest, line.length), 0)
const headOf = (bytes: Buffer) => bytes.toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
const unix = (text: string | false | undefined) => (text || '').replace(/\r\n|\r|\n/g, '\n').replace(/\n+$/, '')
const count = (bytes: Buffer, name: string) => headOf(bytes).match(new RegExp(`^${name}:`, 'gim'))?.length ?? 0

describe.each(cases)('%s', (_name, mail) => {
  const bytes = compose(mail)

  test('is ASCII in lines of at most 998 bytes that end in CRLF', () => {
    const text = bytes.toString('latin1')
    expect(text.endsWith('\r\n')).toBe(true)
    expect(/[^\t\r\n\x20-\x7e]/.test(text)).toBe(false)
    expect(/[^\r]\n|\r[^\n]/.test(text)).toBe(false)
    expect(longestLine(bytes)).toBeLessThanOrEqual(998)
  })

  test('has each identifying field once, no Bcc, and no line of blanks among its headers', () => {
    for (const name of ['From', 'To', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'])
      expect(count(bytes, name)).toBe(1)
    expect(count(bytes, 'Bcc')).toBe(0)
    expect(
      headOf(bytes)
        .split('\r\n')
        .some((line) => line.trim() === ''),
    ).toBe(false)
  })

  test('has the same bytes when it is composed again', () => {
    expect(compose(structuredClone({ ...mail, attachments: [] })).equals(compose({ ...mail, attachments: [] }))).toBe(
      true,
    )
    expect(compose(mail).equals(bytes)).toBe(true)
  })

  test('reads back as it was written', async () => {
    const read = await PostalMime.parse(bytes)
    expect(read.subject ?? '').toBe(mail.subject)
    expect(read.from?.name).toBe(mail.from.name ?? '')
    expect(read.to?.[0]?.name).toBe(mail.to.name ?? '')
    expect(read.to).toHaveLength(1)
    expect(read.cc ?? []).toHaveLength(mail.cc.length)
    expect(read.messageId).toBe(messageId(mail))
    expect(unix(read.html)).toBe(unix(mail.html))
    expect(unix(read.text)).toBe(unix(mail.text))
    expect(filenames(read.attachments)).toEqual(filenames(mail.attachments))
    for (const file of mail.attachments) {
      const found = read.attachments.find(({ filename }) => filename === file.filename)
      expect(found?.mimeType).toBe(file.contentType)
      expect(found?.disposition).toBe(file.disposition)
      // Safe because postal-mime gives bytes unless it is asked for an encoding.
      expect(Buffer.from(found?.content as ArrayBuffer).equals(file.content)).toBe(true)
    }
  })

  test('reads the same to a second reader', async () => {
    const read = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true })
    expect(read.subject ?? '').toBe(mail.subject)
    expect(unix(read.html)).toBe(unix(mail.html))
    expect(unix(read.text)).toBe(unix(mail.text))
    expect(read.from?.value[0]?.name).toBe(mail.from.name ?? '')
    expect(read.date?.getTime()).toBe(Math.floor(mail.date.getTime() / 1000) * 1000)
    expect(filenames(read.attachments)).toEqual(filenames(mail.attachments))
    for (const { filename, content } of mail.attachments) {
      expect(read.attachments.find((found) => found.filename === filename)?.content.equals(content)).toBe(true)
    }
  })
})

test('the Message-ID is the id at the sender’s domain, as A-label', () => {
  expect(messageId({ id: 'abc', from: { email: 'a@Bücher.example' } })).toBe('<abc@xn--bcher-kva.example>')
})

test('addresses go into headers with their domains as A-labels', () => {
  const { from, to, cc } = {
    from: { email: 'info@bücher.example' },
    to: { email: 'kai@例え.example', name: '例え' },
    cc: [{ email: 'a@jõgeva.example' }],
  }
  const head = headOf(compose({ ...plainMail, from, to, cc }))
  expect(head).toContain('From: info@xn--bcher-kva.example\r\n')
  expect(head).toContain('<kai@xn--r8jz45g.example>')
  expect(head).toContain('Cc: a@xn--jgeva-dua.example\r\n')
})

test.each([
  'From',
  'bcc',
  'Date',
  'message-id',
  'Subject',
  'MIME-Version',
  'Content-Type',
  'content-transfer-encoding',
  'DKIM-Signature',
  'Received',
  'ARC-Seal',
  'Resent-To',
  'Sender',
  'Feedback-ID',
  'X-Posthorn-Email',
])('a caller’s %s header is left out', (name) => {
  const bytes = compose({ ...plainMail, text: 'x', headers: { [name]: 'evil@example.org', 'X-Kept': 'yes' } })
  expect(bytes.includes('evil')).toBe(false)
  expect(bytes.includes('X-Kept: yes')).toBe(true)
})

test('of two headers that differ in case only one is sent', () => {
  const head = headOf(compose({ ...plainMail, headers: { References: '<a@b>', references: '<c@d>' } }))
  expect(head.match(/^references:/gim)).toHaveLength(1)
})

test.each(['\r\nBcc: evil@example.org', '\nBcc: x', '\rBcc: x', '\0', '\u2028Bcc: x', '\u0085Bcc: x'])(
  'refuses %j wherever a header would carry it',
  (evil) => {
    const file = { filename: 'a.txt', content: Buffer.from('x'), contentType: 'text/plain' }
    const mails = [
      { subject: `a${evil}` },
      { from: { email: 'a@example.com', name: `a${evil}` } },
      { from: { email: `a${evil}@example.com` } },
      { to: { email: `a@example.com${evil}` } },
      { to: { email: 'a@example.com', name: `a${evil}` } },
      { cc: [{ email: 'a@example.com', name: `a${evil}` }] },
      { replyTo: { email: 'help@example.com', name: `Help${evil}` } },
      { headers: { 'X-A': `a${evil}` } },
      { headers: { [`X-A${evil}`]: 'a' } },
      { id: `abc${evil}` },
      { attachments: [{ ...file, filename: `a${evil}.txt` }] },
      { attachments: [{ ...file, contentType: `text/plain; a=${evil}` }] },
      { attachments: [{ ...file, contentId: `a${evil}` }] },
    ]
    for (const mail of mails) expect(() => compose({ ...plainMail, text: 'x', ...mail })).toThrow(/^\S+: /)
  },
)

test.each([
  '',
  'a',
  '@example.com',
  'a@',
  'a b@example.com',
  'a@b@example.com',
  'ünïcode@example.com',
  'a@exam ple.com',
  '<a@example.com>',
  'a@example.com, b@example.com',
  `${'a'.repeat(320)}@example.com`,
])('refuses the address %j', (email) => {
  expect(() => compose({ ...plainMail, to: { email } })).toThrow(/^To: not an address/)
})

test('a reply address may be given as text', () => {
  const head = headOf(compose({ ...plainMail, replyTo: { email: 'help@bücher.example', name: 'Help, the desk' } }))
  expect(head).toMatch(/^Reply-To: .*<help@xn--bcher-kva\.example>$/m)
})

test('a control character in a body travels encoded, so that no NUL reaches SMTP', async () => {
  const bytes = compose({ ...plainMail, text: 'a\0b\u0001c' })
  expect(bytes.includes(0)).toBe(false)
  expect(unix((await PostalMime.parse(bytes)).text)).toBe('a\0b\u0001c')
})

test('a header value without blanks that no line can hold is sent as encoded words', () => {
  const value = 'v'.repeat(2000)
  const bytes = compose({ ...plainMail, headers: { 'X-Long': value } })
  expect(longestLine(bytes)).toBeLessThanOrEqual(998)
  const words = [...headOf(bytes).matchAll(/=\?UTF-8\?Q\?(.*?)\?=/g)].map(([, word]) => word)
  expect(words.join('')).toBe(value)
})

test('a file that claims to be multipart cannot bring boundaries of its own', async () => {
  const content = Buffer.from('--b\r\nContent-Type: text/html\r\n\r\n<script>\r\n--b--\r\n')
  const bytes = compose({
    ...plainMail,
    text: 'x',
    attachments: [{ filename: 'a', content, contentType: 'multipart/mixed; boundary=b' }],
  })
  const read = await PostalMime.parse(bytes)
  expect(read.html).toBeUndefined()
  expect(read.attachments[0]?.mimeType).toBe('application/octet-stream')
})

test('a mail may be attached: as a message when it is plain, as a file when it is not', async () => {
  const plain = Buffer.from('Subject: inner\r\n\r\nHello\r\n')
  const attach = (content: Buffer) =>
    PostalMime.parse(
      compose({
        ...plainMail,
        text: 'x',
        attachments: [{ filename: 'm.eml', content, contentType: 'message/rfc822' }],
      }),
      { forceRfc822Attachments: true },
    )
  const asMessage = (await attach(plain)).attachments[0]
  expect(asMessage?.mimeType).toBe('message/rfc822')
  const eightBit = Buffer.from('Subject: inner\n\nGrüße')
  const asFile = (await attach(eightBit)).attachments[0]
  expect(asFile?.mimeType).toBe('application/octet-stream')
  // Safe because postal-mime gives bytes unless it is asked for an encoding.
  expect(Buffer.from(asFile?.content as ArrayBuffer).equals(eightBit)).toBe(true)
})

test('a path in a file name does not leave the folder it is saved in', async () => {
  const file = { filename: '../../etc/passwd', content: Buffer.from('x'), contentType: 'text/plain' }
  const read = await PostalMime.parse(
    compose({ ...plainMail, attachments: [{ ...file }, { ...file, filename: 'C:\\a.txt' }] }),
  )
  expect(read.attachments.map(({ filename }) => filename)).toEqual(['.._.._etc_passwd', 'C:_a.txt'])
})
