import { findOperation, LIMITS } from '@posthorn/contracts'
import { describe, expect, test } from 'vitest'
import { ApiError } from './errors.ts'
import { parseInput } from './validation.ts'

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }

function operation(name: string) {
  const [noun = '', verb = ''] = name.split('.')
  return findOperation(noun, verb)!
}

function errorsOf(name: string, input: unknown) {
  try {
    parseInput(operation(name), input)
    return []
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return [...(error.errors ?? [])]
  }
}

const send = (change: object) => errorsOf('emails.send', { ...MAIL, ...change })
const fields = (change: object) => send(change).map(({ field }) => field)

describe('each wrong field is named where it stands', () => {
  test.each<[object, string, string]>([
    [{ subject: undefined }, 'subject', 'A subject is needed, or a `template` that has one.'],
    [{ to: undefined }, 'to', 'This field is required.'],
    [{ subject: 5 }, 'subject', 'Expected string, received number'],
    [{ to: 'nobody' }, 'to', 'Not an e-mail address: expected name@domain.'],
    [{ to: { email: 'nobody' } }, 'to.email', 'Not an e-mail address: expected name@domain.'],
    [{ to: [] }, 'to', 'At least one recipient.'],
    [{ to: Array.from({ length: 51 }, (_, n) => `a${n}@example.com`) }, 'to', 'At most 50 recipients.'],
    [{ to: `${'a'.repeat(65)}@example.com` }, 'to', 'At most 64 characters before the @.'],
    [{ to: `a@${'a.'.repeat(130)}com` }, 'to', 'At most 254 characters.'],
    [{ cc: Array.from({ length: 21 }, (_, n) => `a${n}@example.com`) }, 'cc', 'At most 20 addresses.'],
    [{ to: { name: 'Ada' } }, 'to.email', 'This field is required.'],
    [{ to: ['ada@example.com', 'nobody'] }, 'to.1', 'Not an e-mail address: expected name@domain.'],
    [{ to: [{ email: 'ada@' }] }, 'to.0.email', 'Not an e-mail address: the domain after the @ is malformed.'],
    [{ to: [{ email: 'ada@example.com', name: 5 }] }, 'to.0.name', 'Expected string, received number'],
    [{ cc: ['nobody'] }, 'cc.0', 'Not an e-mail address: expected name@domain.'],
    [{ headers: { Bcc: 'eve@example.com' } }, 'headers.Bcc', 'Posthorn sets this header itself.'],
    [{ headers: { 'X-A': 'a\nb' } }, 'headers.X-A', 'Line breaks and control characters are not allowed here.'],
    [{ data: { constructor: 1 } }, 'data.constructor', 'This name is reserved.'],
    [{ attachments: [{ filename: 'a' }] }, 'attachments.0.content', 'This field is required.'],
    [{ scheduledAt: 'soon' }, 'scheduledAt', 'Expected a date and time with zone, such as 2026-01-31T09:30:00Z.'],
    [{ subscribed: 'yes' }, 'subscribed', 'Expected boolean, received string'],
    [{ tags: 'a' }, 'tags', 'Expected array, received string'],
    [{ data: [] }, 'data', 'Expected object, received array'],
  ])('%j', (change, field, message) => {
    expect(send(change)).toMatchObject([{ field, message, code: expect.any(String) }])
  })

  test.each<[string, object, string]>([
    ['templates.list', { type: 'NONE' }, 'invalid_enum_value'],
    ['contacts.upsert', { email: 'nobody' }, 'invalid_string'],
    ['emails.get', { id: 5 }, 'invalid_type'],
  ])('of %s, %j, with the code that clients of Plunk know', (name, input, code) => {
    expect(errorsOf(name, input)).toMatchObject([{ code }])
  })

  test.each<[string, object, string, string]>([
    ['contacts.list', { search: ' ' }, 'search', 'At least 1 character.'],
    ['contacts.list', { search: 'a'.repeat(201) }, 'search', 'At most 200 characters.'],
    ['contacts.list', { field: '' }, 'field', 'At least 1 character.'],
    ['addresses.verify', { email: '' }, 'email', 'At least 1 character.'],
    ['emails.sendBatch', { emails: [] }, 'emails', 'At least 1 entry.'],
    ['templates.bulkUpdate', { ids: [], delete: true }, 'ids', 'At least 1 entry.'],
  ])('a bound of %s that %j does not keep, in words', (name, input, field, message) => {
    expect(errorsOf(name, input)).toMatchObject([{ field, message }])
  })

  test('in a batch, with the place of the mail', () => {
    const errors = errorsOf('emails.sendBatch', { emails: [MAIL, { ...MAIL, to: { email: 'nobody' } }] })
    expect(errors).toMatchObject([{ field: 'emails.1.to.email' }])
  })

  test('also several at once', () => {
    expect(fields({ subject: 5, text: 5, tags: ['a b', 'c d'] }).sort()).toEqual([
      'subject',
      'tags.0',
      'tags.1',
      'text',
    ])
  })
})

test.each([5, true, null])('a recipient that is %j is told in plain words what it could be', (to) => {
  const [error, ...more] = send({ to })
  expect(more).toEqual([])
  expect(error).toMatchObject({ field: 'to', code: 'invalid_type' })
  expect(error?.message).toMatch(/^Expected a string or an object or an array\.$/)
})

test('codes are those that clients of other systems branch on', () => {
  expect(send({ to: 'nobody' })[0]?.code).toBe('invalid_string')
  expect(send({ subject: undefined })[0]?.code).toBe('invalid_type')
  expect(send({ subject: 'x'.repeat(2_000) })[0]?.code).toBe('too_big')
  expect(send({ text: undefined })[0]?.code).toBe('custom')
  const track = errorsOf('events.track', { event: 'email.sent', email: 'ada@example.com' })
  expect(track).toEqual([
    { field: 'event', message: 'Posthorn reports this event itself; pick another name.', code: 'reserved_event' },
  ])
})

test.each([null, undefined, {}])('%j is an input without fields', (input) => {
  expect(errorsOf('emails.send', input).map(({ field }) => field)).toEqual(['to', 'subject'])
  expect(errorsOf('project.get', input)).toEqual([])
})

test.each([[[]], [[MAIL]], ['text'], [5], [true]])('%j is no input', (input) => {
  expect(errorsOf('emails.send', input)).toMatchObject([{ field: '', code: 'invalid_type' }])
})

describe('an unknown field is refused, with the name that was meant', () => {
  test.each([
    [{ scheduled_at: '2030-01-01T00:00:00Z' }, 'scheduled_at', 'scheduledAt'],
    [{ ScheduledAt: '2030-01-01T00:00:00Z' }, 'ScheduledAt', 'scheduledAt'],
    [{ 'scheduled-at': '2030-01-01T00:00:00Z' }, 'scheduled-at', 'scheduledAt'],
    [{ reply_to: 'ada@example.com' }, 'reply_to', 'replyTo'],
    [{ BCC: ['ada@example.com'] }, 'BCC', 'bcc'],
    [{ sheduledAt: '2030-01-01T00:00:00Z' }, 'sheduledAt', 'scheduledAt'],
    [{ tagss: ['a'] }, 'tagss', 'tags'],
    [{ from: { email: 'hello@acme.example', nmae: 'Acme' } }, 'from.nmae', 'name'],
    [{ cc: [{ email: 'grace@example.com', Name: 'Grace' }] }, 'cc.0.Name', 'name'],
    [
      { attachments: [{ filename: 'a', content: '', content_type: 'image/png' }] },
      'attachments.0.content_type',
      'contentType',
    ],
  ])('%j', (change, field, meant) => {
    const expected = { field, message: `Did you mean \`${meant}\`?`, code: 'unrecognized_key' }
    expect(send(change)).toEqual([expected])
    expect(errorsOf('emails.sendBatch', { emails: [MAIL, { ...MAIL, ...change }] })).toEqual([
      { ...expected, field: `emails.1.${field}` },
    ])
  })

  test('or with those that there are', () => {
    expect(errorsOf('events.track', { event: 'a', email: 'ada@example.com', toString: 1 })).toEqual([
      {
        field: 'toString',
        message: expect.stringMatching(/^There is no such field. Known here: `event`, `email`, .*\.$/),
        code: 'unrecognized_key',
      },
    ])
  })

  test('but for those that clients of Plunk send', () => {
    expect(fields({ type: 'html' })).toEqual([])
    expect(errorsOf('contacts.list', { page: '1', pageSize: '20', sort: 'email', dir: 'asc' })).toEqual([])
    expect(errorsOf('contacts.list', { pagesize: '20' })).toHaveLength(1)
  })

  test('and a crowd of them, or one without end, costs and answers little', () => {
    const crowd = Object.fromEntries(Array.from({ length: 100_000 }, (_, place) => [`scheduledAt${place}`, 1]))
    const startedAt = process.cpuUsage()
    expect(send(crowd)).toHaveLength(LIMITS.fieldErrorsPerRefusal)
    const [error] = send({ ['s'.repeat(1_000_000)]: 1 })
    expect(error?.field.length).toBeLessThan(100)
    expect(process.cpuUsage(startedAt).user / 1e6).toBeLessThan(2)
  })

  test('and what people name themselves is never taken for a misspelling', () => {
    expect(fields({ data: { scheduled_at: 1, TO: 2 }, headers: { 'Scheduled-At': 'x', content_type: 'x' } })).toEqual(
      [],
    )
  })
})

describe('text that cannot be stored is refused wherever it stands', () => {
  test.each([
    ['NUL', '\0', 'The NUL character is not allowed.'],
    ['half a surrogate pair', '\ud800', 'This text is not well-formed Unicode.'],
    ['the other half', 'a\udc00b', 'This text is not well-formed Unicode.'],
  ])('%s', (_, text, message) => {
    const inputs: [object, string][] = [
      [{ subject: text }, 'subject'],
      [{ text }, 'text'],
      [{ data: { a: { b: [1, text] } } }, 'data.a.b.1'],
      [{ data: { [text]: 1 } }, `data.${text.replace(/[^ab]/, '\ufffd')}`],
      [{ unknown: text }, 'unknown'],
      [{ attachments: [{ filename: 'a', content: text }] }, 'attachments.0.content'],
    ]
    for (const [input, field] of inputs) expect(send(input)).toEqual([{ field, message, code: 'custom' }])
  })

  test('and nothing of it stands in the refusal, not even half of a pair where a long name is cut', () => {
    const cut = 'x'.repeat(63)
    const names = ['\0', 'a\0b\0', '\ud800', '\udc00\ud800', `${cut}🦉`]
    const told = names.map((name) => errorsOf('emails.send', { ...MAIL, [name]: 1 })[0]?.field)
    expect(told).toEqual(['\ufffd', 'a\ufffdb\ufffd', '\ufffd', '\ufffd\ufffd', `${cut}\ufffd`])
  })

  test('and whole pairs are not', () => {
    expect(send({ subject: '🦉', data: { '🦉': '🦉' } })).toEqual([])
  })
})

test('nesting is bounded, and found to be too deep without a crash', () => {
  const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown
  // The input itself and `data` are two of the levels.
  const most = LIMITS.jsonDepth - 2
  expect(send({ data: { a: nested(most) } })).toEqual([])
  expect(send({ data: { a: nested(most + 1) } })).toMatchObject([
    { message: `At most ${LIMITS.jsonDepth} levels of nesting.` },
  ])
  expect(send({ unknown: nested(5_000) })).toHaveLength(1)
})

test('at most twenty errors are told', () => {
  expect(send({ to: Array.from({ length: 50 }, () => 'nobody') })).toHaveLength(20)
  expect(errorsOf('emails.sendBatch', { emails: Array.from({ length: 100 }, () => ({ SUBJECT: 1 })) })).toHaveLength(20)
})

test('a refusal repeats nothing of what was sent', () => {
  const secret = 'sk_ph_secret'
  expect(
    JSON.stringify(send({ to: secret, subject: { secret }, tags: [secret, `${secret} `], from: [secret] })),
  ).not.toMatch(secret)
})
