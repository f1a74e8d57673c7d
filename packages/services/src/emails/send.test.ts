import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }

test('an address that is named twice gets one mail, and stands in the receipt once', async () => {
  const to = ['Ada <ada@example.com>', 'bob@example.com', 'ADA@example.com', { email: 'Bob@Example.com', name: 'Bob' }]
  const { emails } = await project.call(['emails', 'send'], { ...MAIL, to })
  expect(emails.map(({ contact }) => contact.email)).toEqual(['ada@example.com', 'bob@example.com'])
  const { data } = await project.call(['emails', 'list'], {})
  expect(data.map(({ to }) => to)).toEqual([
    { email: 'bob@example.com', name: null },
    { email: 'ada@example.com', name: 'Ada' },
  ])
})

test('who is named in the same copies twice stands there once', async () => {
  const copies = ['Cy <cy@example.com>', 'CY@example.com']
  const { emails } = await project.call(['emails', 'send'], { ...MAIL, cc: copies, bcc: copies })
  const once = [{ email: 'cy@example.com', name: 'Cy' }]
  expect(await project.call(['emails', 'get'], { id: emails[0]!.email })).toMatchObject({ cc: once, bcc: once })
})

test('a blank part counts as left out', async () => {
  const kept = async (parts: object) => {
    const { emails } = await project.call(['emails', 'send'], { ...MAIL, ...parts })
    const { html, text } = await project.call(['emails', 'get'], { id: emails[0]!.email })
    return { html, text }
  }
  expect(await kept({ body: ' \n' })).toEqual({ html: null, text: 'Hello' })
  expect(await kept({ html: '' })).toEqual({ html: null, text: 'Hello' })
  expect(await kept({ html: '<p>Hello</p>', text: '\t' })).toEqual({ html: '<p>Hello</p>', text: null })
})

test.each([
  [{ subject: ' \t' }, 'subject', 'A subject is needed: write something other than blanks.'],
  [{ text: '\n' }, 'text', 'A mail needs something other than blanks in `body` (HTML) or `text`.'],
])('a mail that says nothing is refused: %j', async (blank, field, message) => {
  await expect(project.call(['emails', 'send'], { ...MAIL, ...blank })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    status: 422,
    errors: [{ field, message }],
  })
  await expect(project.call(['emails', 'sendBatch'], { emails: [MAIL, { ...MAIL, ...blank }] })).rejects.toMatchObject({
    errors: [{ field: `emails.1.${field}`, message }],
  })
})

test.each([
  ['body', { subject: 'Hello {{ name }}', body: '{{ none }}' }, 'the mail is blank'],
  ['text', { subject: 'Hello {{ name }}', text: '{{ none }}' }, 'the mail is blank'],
  ['subject', { subject: '{{ none }}', text: 'Hello' }, 'the subject is blank'],
  ['subject', { subject: '{{ long }}', text: 'Hello' }, 'it has more than 998 characters'],
  [
    'text',
    { subject: 'Hello', text: '{% for i in (1..2100) %}{{ long }}{% endfor %}' },
    'it has more than 2097152 characters',
  ],
])('what may not be asked for is not made by placeholders in `%s` either: %j', async (field, parts, words) => {
  const data = { none: { value: '', persistent: false }, long: { value: 'x'.repeat(999), persistent: false } }
  const before = await project.call(['emails', 'list'], {})
  await expect(project.call(['emails', 'send'], { to: 'blank@example.com', data, ...parts })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    errors: [{ field, message: `With its values filled in for blank@example.com, ${words}.` }],
  })
  expect(await project.call(['emails', 'list'], {})).toEqual(before)
  expect((await project.call(['contacts', 'lookup'], { emails: ['blank@example.com'] })).found).toEqual([])
})

test('headers that differ by case alone are refused, with both named', async () => {
  const headers = { 'X-Campaign': 'spring', 'x-campaign': 'autumn' }
  await expect(project.call(['emails', 'send'], { ...MAIL, headers })).rejects.toMatchObject({
    errors: [{ field: 'headers.x-campaign', message: expect.stringMatching(/`X-Campaign` and `x-campaign`/) }],
  })
})

test.each([
  ['MARKETING', 'cc'],
  ['MARKETING', 'bcc'],
  ['HEADLESS', 'bcc'],
] as const)('a %s template goes to nobody by %s, whoever they are', async (type, field) => {
  const project = await instance.project()
  await project.call(['project', 'update'], { postalAddress: '1 Test Street' })
  const { id: template } = await project.call(['templates', 'create'], {
    name: 'News',
    type,
    subject: 'News',
    body: '{{ project.postalAddress }}',
  })
  await project.call(['contacts', 'upsert'], { email: 'reader@example.com', subscribed: true })
  await project.call(['contacts', 'upsert'], { email: 'left@example.com', subscribed: false })
  const asked = { to: 'reader@example.com', template }
  const refused = { code: 'VALIDATION_ERROR', status: 422 }
  const message = expect.stringContaining('name them in `to`')
  await expect(project.call(['emails', 'send'], { ...asked, [field]: ['left@example.com'] })).rejects.toMatchObject({
    ...refused,
    errors: [{ field, message }],
  })
  const emails = [asked, { ...asked, [field]: ['left@example.com'] }]
  await expect(project.call(['emails', 'sendBatch'], { emails })).rejects.toMatchObject({
    ...refused,
    errors: [{ field: `emails.1.${field}`, message }],
  })
  expect((await project.call(['emails', 'list'], {})).data).toEqual([])
  await project.call(['emails', 'send'], { ...asked, [field]: [] })
})

describe('characters that cannot be stored', () => {
  const data = { v: '😀', nul: '%00', coded: 'AA==' }
  // None of these leaves a template whole by itself.
  const body = String.raw`<p>{{ "\ud83d" }}{{ v }}{{ v[0] }}{{ v | replace: "\ude00", "" }}{{ "\ud83d" }}{{ "\ude00" }}</p>
    <p>{{ nul | url_decode }}|{{ coded | base64_decode }}</p>`
  const subject = String.raw`{{ v | first }}{{ "\ud83d" }}{{ nul | url_decode }}!`
  const shown = { subject: '😀\ufffd !', text: '\ufffd😀😀\ufffd😀\n\n\ufffd|\ufffd' }
  const get = (id: string) => project.call(['emails', 'get'], { id })

  test('are none of a mail made of a template, which a preview shows as it is sent, by itself, as a test and in a batch', async () => {
    const { id } = await project.call(['templates', 'create'], { name: 'Broken', type: 'TRANSACTIONAL', subject, body })
    const preview = await project.call(['templates', 'render'], { template: id, data })
    expect(preview).toMatchObject(shown)
    const { html, text } = preview
    const { emails } = await project.call(['emails', 'send'], { to: MAIL.to, template: id, data })
    expect(await get(emails[0]!.email)).toMatchObject({ subject: preview.subject, html, text })
    const { email } = await project.call(['templates', 'sendTest'], { id, to: MAIL.to, data })
    expect(await get(email)).toMatchObject({ subject: `[TEST] ${preview.subject}`, html, text })
    const batch = await project.call(['emails', 'sendBatch'], {
      emails: [MAIL, { to: 'bob@example.com', template: id, data }, { ...MAIL, to: 'cy@example.com' }],
    })
    expect(batch).toMatchObject({ accepted: 3, refused: 0 })
    const [, filled] = batch.results
    if (filled?.status !== 'accepted') throw new Error('it was refused')
    expect(await get(filled.email)).toMatchObject({ subject: preview.subject, html, text })
  })

  test('are none of a mail that is written without a template', async () => {
    const { emails } = await project.call(['emails', 'send'], { to: MAIL.to, subject, body, text: subject, data })
    expect(await get(emails[0]!.email)).toMatchObject({ subject: shown.subject, text: '😀\ufffd\ufffd!' })
  })
})

test('a mail that takes long to fill in costs a batch itself and those behind it, and no other request its turn', async () => {
  const loops = `${'{% for a in (1..200) %}'.repeat(3)}{{ a }}${'{% endfor %}'.repeat(3)}`
  const slow = (index: number) => ({ ...MAIL, to: `late${index}@example.com`, body: loops })
  const emails = [{ ...MAIL, text: 'Hi {{ email }}' }, ...Array.from({ length: 99 }, (_, index) => slow(index))]
  let last = performance.now()
  let longest = 0
  const ticks = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  const before = performance.now()
  const { results } = await project.call(['emails', 'sendBatch'], { emails })
  clearInterval(ticks)
  expect(longest).toBeLessThan((performance.now() - before) / 2)
  expect(results[0]).toMatchObject({ status: 'accepted' })
  const message = 'Filling in the mails of this request takes more than 2000 ms of work.'
  expect(results.at(-1)).toMatchObject({ status: 'refused', error: { code: 'TEMPLATE_INVALID', message } })
})
