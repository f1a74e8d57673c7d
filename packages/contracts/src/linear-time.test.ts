import { expect, test } from 'vitest'
import { Attachment } from './attachments.ts'
import { HeaderName } from './headers.ts'
import { breaksHeader } from './header-text.ts'
import { findOperation } from './operations.ts'
import { normaliseDomain, parseAddress, parseMailbox } from './addresses.ts'

const decodes = (name: string) => {
  const [noun = '', verb = ''] = name.split('.')
  return (input: object) => findOperation(noun, verb)?.input.safeDecode(input as never)
}
const send = decodes('emails.send')
const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }
const FILE = { filename: 'a', content: '' }

const READERS: Record<string, (text: string) => unknown> = {
  'an address': parseAddress,
  'a mailbox': parseMailbox,
  'a domain': normaliseDomain,
  'text for a header': breaksHeader,
  'a header name': (text) => HeaderName.safeParse(text),
  'a subject': (subject) => send({ ...MAIL, subject }),
  'a recipient': (to) => send({ ...MAIL, to }),
  'a tag': (tag) => send({ ...MAIL, tags: [tag] }),
  'a body': (body) => send({ ...MAIL, body }),
  'a time': (scheduledAt) => send({ ...MAIL, scheduledAt }),
  base64: (content) => Attachment.safeParse({ ...FILE, content }),
  'a file name': (filename) => Attachment.safeParse({ ...FILE, filename }),
  'a media type': (contentType) => Attachment.safeParse({ ...FILE, contentType }),
  'a content id': (contentId) => Attachment.safeParse({ ...FILE, contentId }),
  'an event name': (event) => decodes('events.track')({ event, email: 'ada@example.com' }),
  'an id': (id) => decodes('contacts.get')({ id }),
  'an allowed address': (address) => decodes('keys.create')({ name: 'x', allowedIps: [address] }),
  'a name in data': (name) => decodes('events.track')({ event: 'x', email: 'ada@example.com', data: { [name]: 1 } }),
}

/** What makes naive patterns and parsers try every way of cutting a text. */
const HOSTILE: ((size: number) => string)[] = [
  (size) => 'a'.repeat(size),
  (size) => ' '.repeat(size),
  (size) => `${'a'.repeat(size)}!`,
  (size) => `a@${'a.'.repeat(size / 2)}`,
  (size) => `a@${'a-'.repeat(size / 2)}`,
  (size) => `${'a.'.repeat(size / 2)}@`,
  (size) => '@'.repeat(size),
  (size) => `"${'\\"'.repeat(size / 2)}`,
  (size) => `${'"\\'.repeat(size / 2)}" <a@b.de>`,
  (size) => `${'<'.repeat(size)}a@b.de>`,
  (size) => `${'a <'.repeat(size / 3)}>`,
  (size) => '=?'.repeat(size / 2),
  (size) => '=?x?q?'.repeat(size / 6),
  (size) => `${'=?x?q?a'.repeat(size / 7)}?=`,
  (size) => '=?x?b?a?='.repeat(size / 9),
  (size) => `=?x?b?${'a='.repeat(size / 2)}?=`,
  (size) => `=?${'x'.repeat(size)}`,
  (size) => `${'A'.repeat(size)}=`,
  (size) => '='.repeat(size),
  (size) => `a/a${' '.repeat(size)}`,
  (size) => `a/a${'; '.repeat(size / 2)}`,
  (size) => `a/a${';a=""'.repeat(size / 5)}!`,
  (size) => `a/a;a="${';a="'.repeat(size / 4)}`,
  (size) => `segment.${'.exit.'.repeat(size / 6)}`,
  (size) => '1.'.repeat(size / 2),
  (size) => '::'.repeat(size / 2),
  (size) => `a@${'ü'.repeat(size)}.de`,
  (size) => '2026-01-01T00:00:00'.repeat(size / 19),
]

const SIZE = 20_000

/** What this thread worked for it, so that others on the machine do not count; the least of some runs. */
function leastMs(work: () => unknown): number {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...runs)
}

const INEXACT_MS = 4

test.each(Object.entries(READERS))('reading %s takes time in step with its length', (_, read) => {
  const slow = HOSTILE.flatMap((make, index) => {
    const [short, long] = [make(SIZE), make(SIZE * 8)]
    const once = leastMs(() => read(short))
    const more = leastMs(() => read(long))
    // Eight times the text may take eight times as long; a pattern that backtracks takes 64 times.
    return more > 24 * Math.max(once, INEXACT_MS) ? [{ index, once, more }] : []
  })
  expect(slow).toEqual([])
})
