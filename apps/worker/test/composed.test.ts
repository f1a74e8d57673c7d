import type { WireInput } from '@posthorn/contracts'
import { testMailbox } from '@posthorn/testkit'
import PostalMime from 'postal-mime'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openOffice, startWorker } from './office.ts'

type Mail = Partial<WireInput<'emails', 'send'>>

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const large = Buffer.alloc(10 * 1024 * 1024, 'posthorn')

const hostile: Record<string, Mail> = {
  'accents, emoji and right-to-left text': {
    from: { email: 'sender@example.com', name: 'Zoë "Ünïcode", Ltd. <x@y.example>' },
    to: { email: 'reader@example.com', name: 'مُستلم 📬' },
    subject: 'Grüße, שלום, 👩‍👩‍👧‍👦 and a very long tail '.repeat(8).trim(),
    html: '<p dir="rtl">שלום עולם 👋🏽</p>',
    text: 'naïve café — ﷽ 𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
  },
  'lines that look like SMTP and MIME': {
    subject: '=?utf-8?q?not_an_encoded_word?= From: x',
    text: '.\r\n..\r\nQUIT\r\n.\r\nMAIL FROM:<evil@example.com>\r\nFrom nobody\r\n--=_boundary\r\n\r\nend',
  },
  'lines of any length and of any kind': {
    text: [
      'x'.repeat(998),
      'y'.repeat(5000),
      'lone\rcarriage\nreturns',
      'é'.repeat(700),
      'trailing blanks   ',
      '',
    ].join('\n'),
    html: `<p>${'<b>no line break anywhere</b>'.repeat(500)}</p>`,
  },
  'an international domain': {
    from: 'sender@bücher.example',
    to: 'leser@пример.example',
    text: 'Hello',
  },
  'attachments, one of them in the text': {
    html: '<img src="cid:logo">',
    text: 'See the picture.',
    attachments: [
      { filename: 'logo.png', contentType: 'image/png', content: pixel.toString('base64'), contentId: 'logo' },
      { filename: 'Rechnung Nº 7 – ‘März’ 漢字.pdf', contentType: 'application/pdf', content: 'JVBERi0K' },
      { filename: 'empty.txt', contentType: 'text/plain', content: '' },
    ],
  },
  'an attachment of 10 MB': {
    text: 'Large.',
    attachments: [
      { filename: 'large.bin', contentType: 'application/octet-stream', content: large.toString('base64') },
    ],
  },
}

const unix = (text: string | undefined) => (text ?? '').replaceAll(/\r\n|\r|\n/g, '\n').replace(/\n+$/, '')
const mailbox = (wanted: unknown) =>
  typeof wanted === 'string' ? { email: wanted, name: '' } : (wanted as { email: string; name: string })

test.for(Object.entries(hostile))('%s arrives as it was written', async ([, mail]) => {
  const office = await openOffice()
  const project = await office.project()
  const box = await testMailbox()
  onTestFinished(box.close)
  const worker = startWorker(office, { urls: [box.url] })
  const id = await project.send(mail)
  const [message] = await box.waitFor(1)
  const raw = message?.raw ?? Buffer.alloc(0)

  const lines = raw.toString('latin1').split('\r\n')
  expect(lines.every((line) => line.length <= 998 && /^[\t\x20-\x7e]*$/.test(line))).toBe(true)

  const read = await PostalMime.parse(raw)
  const stored = await project.get(id)
  expect(read.subject).toBe(stored.subject)
  expect(read.from?.name).toBe(mailbox(mail.from ?? 'sender@example.com').name)
  expect(read.to?.map(({ name }) => name)).toEqual([mailbox(mail.to ?? 'reader@example.com').name])
  expect(unix(read.text)).toBe(unix(mail.text))
  expect(unix(read.html)).toBe(unix(mail.html))
  expect(read.messageId).toBe(`<${id}@${(message?.from ?? '').split('@')[1]}>`)
  expect(message?.to).toHaveLength(1)
  expect(message?.to[0]).toMatch(/^[\x21-\x7e]+$/)
  expect(read.attachments.map(({ filename }) => filename)).toEqual(
    mail.attachments?.map(({ filename }) => filename) ?? [],
  )
  for (const [index, { content, contentType, contentId }] of (mail.attachments ?? []).entries()) {
    const found = read.attachments[index]
    expect(found?.mimeType).toBe(contentType)
    expect(Buffer.from(found?.content as ArrayBuffer).equals(Buffer.from(content, 'base64'))).toBe(true)
    if (contentId !== undefined) expect(found?.contentId).toBe(`<${contentId}>`)
  }
  await vi.waitFor(async () => expect(await project.get(id)).toMatchObject({ status: 'sent' }))
  expect(worker.faults).toEqual([])
})

test('hidden copies get the mail and stand nowhere in it', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await testMailbox()
  onTestFinished(box.close)
  startWorker(office, { urls: [box.url] })
  await project.send({ cc: ['seen@example.com'], bcc: ['hidden@example.com'], headers: { 'X-Campaign': 'spring' } })
  const [message] = await box.waitFor(1)
  expect(message?.to).toEqual(['reader@example.com', 'seen@example.com', 'hidden@example.com'])
  expect(message?.raw.toString('latin1')).not.toMatch(/hidden|bcc/i)
  const read = await PostalMime.parse(message?.raw ?? '')
  expect(read.cc?.map(({ address }) => address)).toEqual(['seen@example.com'])
  expect(read.headers).toContainEqual(expect.objectContaining({ key: 'x-campaign', value: 'spring' }))
})
