import type { ComposableAttachment } from '../src/compose-parts.ts'
import type { ComposableMail } from '../src/compose.ts'

const base: ComposableMail = {
  id: '0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  from: { email: 'news@example.com' },
  to: { email: 'reader@example.net' },
  cc: [],
  subject: 'Your order',
  headers: {},
  attachments: [],
  date: new Date('2026-02-03T04:05:06.789Z'),
}

const png: ComposableAttachment = {
  filename: 'logo.png',
  content: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  contentType: 'image/png',
  contentId: 'logo@example.com',
  disposition: 'inline',
}
const pdf: ComposableAttachment = {
  filename: 'invoice.pdf',
  content: Buffer.from(Array.from({ length: 1000 }, (_, index) => (index * 7) % 256)),
  contentType: 'application/pdf',
  disposition: 'attachment',
}

const page = (body: string) => `<!doctype html>\n<html><body>\n${body}\n</body></html>\n`

/** Mails that have gone wrong somewhere, each under the name of its difficulty. */
export const corpus: Record<string, ComposableMail> = {
  'only HTML': { ...base, html: page('<p>Hello</p>') },
  'only text': { ...base, text: 'Hello\n' },
  'HTML and text': { ...base, html: page('<p>Hello</p>'), text: 'Hello' },
  'neither HTML nor text': base,
  'empty parts': { ...base, html: '', text: '' },
  'empty HTML beside text': { ...base, html: '', text: 'Hello' },
  accents: { ...base, subject: 'Größe: naïve café', html: page('<p>Ça coûte 5 €, déjà vu</p>'), text: 'Ça coûte 5 €' },
  emoji: {
    ...base,
    subject: '🎉 Ready 👩‍👩‍👧‍👦',
    html: page('👩‍👩‍👧‍👦 🇺🇦 🎉'.repeat(40)),
    from: { email: 'a@b.example', name: '🎉 Party' },
  },
  'right to left': {
    ...base,
    subject: 'שלום עולם',
    html: page(`<p dir="rtl">${'مرحبا بالعالم '.repeat(60)}</p>`),
    text: 'שלום '.repeat(100),
  },
  cyrillic: { ...base, subject: 'Заказ отправлен', html: page('Заказ отправлен '.repeat(100)) },
  'domains outside ASCII': {
    ...base,
    from: { email: 'info@bücher.example' },
    to: { email: 'kai@例え.example', name: '例え' },
    cc: [{ email: 'a@jõgeva.example' }],
    text: 'Hello',
  },
  'a line of 5,000 characters': { ...base, html: 'a'.repeat(5000), text: `${'word '.repeat(1000)}\nend` },
  'a line of 5,000 emoji': { ...base, html: '🎉'.repeat(5000) },
  'lines of exactly 998 bytes': {
    ...base,
    text: `${'x'.repeat(998)}\r\n${'y'.repeat(998)}`,
    html: page('z'.repeat(998)),
  },
  'lines of exactly 76 and 77 characters': {
    ...base,
    text: `${'x'.repeat(76)}\n${'y'.repeat(77)}\n${'z'.repeat(75)} \n`,
  },
  'leading dots': { ...base, text: '.\n..\n.hidden\n...', html: '.\n.' },
  'ends of data hidden in a body': {
    ...base,
    text: 'one\n.\ntwo\r.\rthree\n.\r\nfour\r\n.\nMAIL FROM:<evil@example.com>\r\n',
    html: page('one\n.\ntwo\r.\rthree\n.\r\nfour'),
  },
  'blanks at the ends of lines': { ...base, text: 'é one \ntwo\t\n \nlast ', html: 'é <b> \n\t\n' },
  'equals signs and look-alikes': {
    ...base,
    subject: '=?utf-8?Q?not=20encoded?= =?',
    text: 'é =3D =\n=E9 =?utf-8?Q?x?=',
  },
  'names with quotes and commas': {
    ...base,
    from: { email: 'ada@example.com', name: 'Lovelace, Ada "the first"' },
    to: { email: 'r@example.net', name: 'back\\slash; (comment) <angle@example.org>' },
    cc: [{ email: 'o@example.org', name: "O'Neil, Émile" }, { email: 'p@example.org' }],
    replyTo: { email: 'help@example.com', name: 'Help: desk' },
    text: 'Hello',
  },
  'a name that looks encoded': { ...base, from: { email: 'a@example.com', name: '=?utf-8?Q?Bank?=' }, text: 'Hello' },
  'a subject of 900 letters without a blank': { ...base, subject: 's'.repeat(900), text: 'Hello' },
  'a subject of 900 letters in words': { ...base, subject: 'seven '.repeat(150).trim(), text: 'Hello' },
  'a subject of 900 accents': { ...base, subject: 'é'.repeat(900), text: 'Hello' },
  'a subject with a long run of blanks': { ...base, subject: `a${' '.repeat(300)}b`, text: 'Hello' },
  'a subject with quotes': { ...base, subject: 'He said "no", twice', text: 'Hello' },
  'many copies': {
    ...base,
    cc: Array.from({ length: 20 }, (_, n) => ({ email: `person-${n}@example.org`, name: `Person ${n}` })),
    text: 'x',
  },
  'headers of the caller': {
    ...base,
    text: 'Hello',
    headers: {
      'X-Order': '17',
      'X-Note': 'größer',
      'List-Unsubscribe': `<https://example.com/u/${'t'.repeat(400)}>, <mailto:u@example.com>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      References: Array.from({ length: 12 }, (_, n) => `<message-${n}@example.com>`).join(' '),
    },
  },
  'inline images': { ...base, html: page('<img src="cid:logo@example.com">'), attachments: [png] },
  'inline images, text and files': {
    ...base,
    html: page('<img src="cid:logo@example.com">'),
    text: 'Logo',
    attachments: [png, pdf],
  },
  'files beside text': { ...base, text: 'See the file', attachments: [pdf, { ...pdf, filename: 'second.pdf' }] },
  'only a file': { ...base, attachments: [pdf] },
  'an empty file': {
    ...base,
    text: 'x',
    attachments: [{ ...pdf, filename: 'empty.pdf', content: Buffer.alloc(0) }, pdf],
  },
  'file names outside ASCII': { ...base, text: 'x', attachments: [{ ...pdf, filename: 'Größe – 見積書 🎉.pdf' }] },
  'long file names': {
    ...base,
    text: 'x',
    attachments: [
      { ...pdf, filename: `${'long name '.repeat(20)}é.pdf` },
      { ...pdf, filename: `${'n'.repeat(240)}.pdf` },
    ],
  },
  'file names with signs': {
    ...base,
    text: 'x',
    attachments: [{ ...pdf, filename: `it's; 100% "a=b" [1] (2), <3>.pdf` }],
  },
  'a file of 10 MB': {
    ...base,
    text: 'x',
    attachments: [{ ...pdf, content: Buffer.alloc(10 * 1024 * 1024, 'Posthorn\0\r\n.\r\n\xff') }],
  },
}

export { base as plainMail }
