import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { call, type Answer } from '../test/call.ts'
import { refusalOf } from '../test/refusal.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let key: string
let projectId: string

beforeAll(async () => {
  api = await startTestApi()
})

beforeEach(async () => {
  const made = await api.newProject()
  key = made.secretKey
  projectId = made.project.id
})

afterAll(() => api.stop())

const MAIL = { to: ['ada@example.com', 'grace@example.com'], subject: 'Hello', body: '<p>Hi</p>' }

function send(idempotencyKey: string, body: unknown = MAIL, as = key): Promise<Answer> {
  return call(`POST ${api.url}/v1/send`, { key: as, body, headers: { 'Idempotency-Key': idempotencyKey } })
}

async function count(table: 'emails' | 'events' | 'outbox' | 'idempotency_keys' | 'api_keys'): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(table)} where project_id = ${projectId}
  `.execute(api.db)
  return rows[0]?.count ?? 0
}

const isReplay = ({ headers }: Answer) => headers.get('idempotency-replayed') === 'true'

test('a repeated request gets the answer of the first one byte for byte, and says so', async () => {
  const first = await send('one')
  expect(first.status).toBe(200)
  expect(isReplay(first)).toBe(false)
  for (const repeated of [await send('one'), await send('"one"'), await send('one', { ...MAIL })]) {
    expect(repeated.text).toBe(first.text)
    expect(repeated.status).toBe(first.status)
    expect(isReplay(repeated)).toBe(true)
  }
  expect(await count('emails')).toBe(2)
  expect(await count('outbox')).toBe(2)
})

test('a quoted key is the bare one, escapes undone', async () => {
  const first = await send('"a\\"b\\\\c"')
  expect((await send('a"b\\c')).text).toBe(first.text)
})

test('the order of fields makes no other request, another value does', async () => {
  const first = await send('one')
  expect((await send('one', { body: MAIL.body, subject: MAIL.subject, to: MAIL.to })).text).toBe(first.text)
  for (const body of [
    { ...MAIL, subject: 'Other' },
    { ...MAIL, to: MAIL.to.toReversed() },
    { ...MAIL, tags: ['x'] },
  ]) {
    expect(refusalOf(await send('one', body))).toBe('IDEMPOTENCY_KEY_REUSED')
  }
  expect(await count('emails')).toBe(2)
})

test('the same key for another operation is refused', async () => {
  await send('one')
  const headers = { 'Idempotency-Key': 'one' }
  const body = { event: 'signed-up', email: 'ada@example.com' }
  expect(refusalOf(await call(`POST ${api.url}/v1/track`, { key, body, headers }))).toBe('IDEMPOTENCY_KEY_REUSED')
  expect(await count('events')).toBe(0)
})

test('twenty at once make one mail, and all get its answer', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('one')))
  expect(await count('emails')).toBe(2)
  for (const answer of answers.filter(({ status }) => status !== 200))
    expect(refusalOf(answer)).toBe('IDEMPOTENCY_IN_PROGRESS')
  const accepted = answers.filter(({ status }) => status === 200)
  expect(new Set(accepted.map(({ text }) => text)).size).toBe(1)
  expect(accepted.filter((answer) => !isReplay(answer))).toHaveLength(1)
})

test('at once with different bodies, one wins and the others are told', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => send('one', { ...MAIL, subject: `Mail ${index}` })),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(9)
  expect(await count('emails')).toBe(2)
})

test('what was refused does not use the key up', async () => {
  expect(refusalOf(await send('one', { ...MAIL, to: 'nobody' }))).toBe('VALIDATION_ERROR')
  expect(refusalOf(await send('one', '{'))).toBe('INVALID_REQUEST_BODY')
  const late = { ...MAIL, scheduledAt: '2020-01-01T00:00:00Z' }
  expect(refusalOf(await send('one', late))).toBe('VALIDATION_ERROR')
  expect(refusalOf(await send('one', MAIL, 'sk_ph_wrong'))).toBe('INVALID_API_KEY')
  expect(await count('idempotency_keys')).toBe(0)
  const first = await send('one')
  expect(first.status).toBe(200)
  expect(isReplay(first)).toBe(false)
})

test('each project has keys of its own', async () => {
  const other = await api.newProject()
  const first = await send('one')
  const theirs = await send('one', { ...MAIL, subject: 'Another' }, other.secretKey)
  expect(theirs.status).toBe(200)
  expect(isReplay(theirs)).toBe(false)
  expect(theirs.body.emails[0].email).not.toBe(first.body.emails[0].email)
})

test('two keys of one project share them', async () => {
  const second = await api.newKey(projectId)
  const first = await send('one')
  expect((await send('one', MAIL, second.key)).text).toBe(first.text)
})

test('a key is forgotten after 24 hours, and not before', async () => {
  const first = await send('one')
  const age = (interval: string) =>
    sql`update idempotency_keys set created_at = now() - ${interval}::interval where project_id = ${projectId}`.execute(
      api.db,
    )
  await age('23 hours 59 minutes')
  expect((await send('one')).text).toBe(first.text)
  await age('24 hours 1 second')
  const again = await send('one', { ...MAIL, subject: 'Another' })
  expect(again.status).toBe(200)
  expect(isReplay(again)).toBe(false)
  expect(again.body.emails[0].email).not.toBe(first.body.emails[0].email)
  expect((await send('one', { ...MAIL, subject: 'Another' })).text).toBe(again.text)
})

test.each([
  ['nothing', ''],
  ['empty quotes', '""'],
  ['too many characters', 'a'.repeat(LIMITS.idempotencyKeyLength + 1)],
  ['letters outside ASCII', 'schlüssel'],
])('a malformed key is refused: %s', async (_, idempotencyKey) => {
  expect(refusalOf(await send(idempotencyKey))).toBe('BAD_REQUEST')
  expect(await count('emails')).toBe(0)
})

test('a key of the greatest length is taken', async () => {
  const longest = 'a'.repeat(LIMITS.idempotencyKeyLength)
  const first = await send(longest)
  expect((await send(`"${longest}"`)).text).toBe(first.text)
})

test.each([
  ['a batch', 'POST /v1/send/batch', { emails: [{ to: 'ada@example.com', subject: 'Hello', text: 'Hi' }] }],
  ['an event', 'POST /v1/track', { event: 'signed-up', email: 'ada@example.com' }],
  ['a contact', 'POST /v1/contacts', { email: 'ada@example.com', data: { plan: 'free' } }],
  ['emptying the inbox', 'DELETE /v1/inbox', undefined],
])('whatever changes something can be repeated: %s', async (_, to, body) => {
  const repeat = () => call(to.replace(' ', ` ${api.url}`), { key, body, headers: { 'Idempotency-Key': 'one' } })
  const first = await repeat()
  const second = await repeat()
  expect(first.status).toBe(200)
  expect(second.text).toBe(first.text)
  expect(isReplay(second)).toBe(true)
})

test('a question is asked anew, whatever its key', async () => {
  const ask = () => call(`GET ${api.url}/v1/emails`, { key, headers: { 'Idempotency-Key': 'one' } })
  const before = await ask()
  await send('two')
  const after = await ask()
  expect(before.body.data).toHaveLength(0)
  expect(after.body.data).toHaveLength(2)
})

test('what answers with a secret takes no key, since nothing of it may be kept', async () => {
  const { key: minting } = await api.newKey(projectId, { scopes: ['keys:write', 'emails:read'] })
  const headers = { 'Idempotency-Key': 'one' }
  const body = { name: 'A', scopes: ['emails:read'] }
  const made = await call(`POST ${api.url}/v1/keys`, { key: minting, body, headers })
  expect(made).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
})
