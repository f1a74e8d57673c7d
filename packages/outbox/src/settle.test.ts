import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  attemptRows,
  emailRow,
  expireLeases,
  leased,
  outboxRow,
  queued,
  testQueue,
  type TestQueue,
} from '../test/queue.ts'
import { claim } from './claim.ts'
import { settle, type AttemptRecord, type Settlement } from './settle.ts'
import { LIFE_SECONDS, STREAMS } from './streams.ts'

let queue: TestQueue
beforeAll(async () => {
  queue = await testQueue()
})
afterAll(() => queue.close())

const take = (projectId: string, token: string = randomUUID()) =>
  claim(queue.db, { projectId, stream: STREAMS.transactional, limit: 1000, token })

const attempt = (outcome: AttemptRecord['outcome']): AttemptRecord => ({
  startedAt: new Date('2026-05-04T03:02:01.500Z'),
  durationMs: 12,
  outcome,
  stage: 'rcpt',
  reason: 'mailbox-full',
  code: 452,
  enhancedCode: '4.2.2',
  words: 'Mailbox full',
  relay: 'relay.example:25',
})

const retry = (
  retryInSeconds: number,
  more: Partial<Extract<Settlement['next'], { retryInSeconds: number }>> = {},
) => ({
  retryInSeconds,
  isDeferral: true,
  ...more,
})

/** Settles a freshly leased email. */
async function settled(settlement: Omit<Settlement, 'emailId' | 'token'>) {
  const held = await leased(queue.db)
  const ids = await settle(queue.db, held.projectId, [{ ...held, ...settlement }])
  expect(ids).toEqual([held.emailId])
  const { emailId } = held
  return {
    ...held,
    outbox: await outboxRow(queue.db, emailId),
    email: await emailRow(queue.db, emailId),
    attempts: await attemptRows(queue.db, emailId),
  }
}

test('sent mail leaves the queue, with its time and its attempt', async () => {
  const { outbox, email, attempts } = await settled({ next: { end: 'sent' }, attempt: attempt('accepted') })
  expect(outbox).toBeUndefined()
  expect(email).toMatchObject({ outcome: 'sent', attempts: 1, reason: null, possibly_duplicate: false })
  expect(email.sent_at).toBeInstanceOf(Date)
  expect(attempts).toMatchObject([
    {
      number: 1,
      started_at: new Date('2026-05-04T03:02:01.500Z'),
      duration_ms: 12,
      outcome: 'accepted',
      stage: 'rcpt',
      reason: 'mailbox-full',
      code: 452,
      enhanced_code: '4.2.2',
      words: 'Mailbox full',
      relay: 'relay.example:25',
    },
  ])
})

test('failed mail leaves the queue and says why', async () => {
  const { outbox, email, attempts } = await settled({
    next: { end: 'failed' },
    reason: 'No such user.',
    attempt: attempt('rejected'),
  })
  expect(outbox).toBeUndefined()
  expect(email).toMatchObject({ outcome: 'failed', attempts: 1, reason: 'No such user.', sent_at: null })
  expect(attempts).toMatchObject([{ number: 1, outcome: 'rejected' }])
})

test('mail that failed without being tried has no attempt to show', async () => {
  const { email, attempts } = await settled({ next: { end: 'failed' }, reason: 'It cannot be composed.' })
  expect(email).toMatchObject({ outcome: 'failed', reason: 'It cannot be composed.' })
  expect(attempts).toEqual([])
})

test('deferred mail waits for its next try, with its reason and with those who have it or never will', async () => {
  const { outbox, email, attempts } = await settled({
    next: retry(300, { delivered: ['cc@example.com'], refused: { 'bcc@example.com': 'No such\0 user \ud83d' } }),
    reason: 'Mailbox full',
    attempt: attempt('deferred'),
  })
  expect(outbox).toMatchObject({
    lease_token: null,
    attempts: 1,
    deferrals: 1,
    delivered: ['cc@example.com'],
    refused: { 'bcc@example.com': 'No such user \ufffd' },
    reason: 'Mailbox full',
  })
  expect(outbox?.due_in_seconds).toBeGreaterThan(295)
  expect(outbox?.due_in_seconds).toBeLessThanOrEqual(300)
  expect(email).toMatchObject({ outcome: null, reason: null, sent_at: null })
  expect(attempts).toMatchObject([{ number: 1, outcome: 'deferred' }])
})

test('trouble with the connection is not held against the mail', async () => {
  const { outbox } = await settled({ next: retry(1, { isDeferral: false }), attempt: attempt('deferred') })
  expect(outbox).toMatchObject({ deferrals: 0 })
})

test('each attempt has its number, and a try that ends well forgets the workers that were lost before', async () => {
  const { projectId, emailId } = await leased(queue.db)
  await expireLeases(queue.db, projectId)
  const token = randomUUID()
  await take(projectId, token)
  await settle(queue.db, projectId, [{ emailId, token, next: retry(0), attempt: attempt('deferred') }])
  expect(await outboxRow(queue.db, emailId)).toMatchObject({ lost_leases: 0, attempts: 2 })
  const last = randomUUID()
  expect(await take(projectId, last)).toMatchObject([{ attempt: 3, lostLeases: 0, deferrals: 1 }])
  await settle(queue.db, projectId, [{ emailId, token: last, next: { end: 'sent' }, attempt: attempt('accepted') }])
  expect(await emailRow(queue.db, emailId)).toMatchObject({ outcome: 'sent', attempts: 3 })
  expect((await attemptRows(queue.db, emailId)).map(({ number, outcome }) => [number, outcome])).toEqual([
    [1, 'deferred'],
    [2, 'deferred'],
    [3, 'accepted'],
  ])
})

test('an attempt of unknown outcome marks the mail, also while it waits', async () => {
  const { outbox, email } = await settled({ next: retry(300), attempt: attempt('unknown') })
  expect(outbox).toMatchObject({ lease_token: null })
  expect(email).toMatchObject({ possibly_duplicate: true, outcome: null, attempts: 1 })
})

test('mail that would wait beyond its life has failed, and says how often it was tried', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await giveUpIn(emailId, 100)
  const deferred = { emailId, token, next: retry(101), reason: 'Mailbox full', attempt: attempt('deferred') }
  await settle(queue.db, projectId, [deferred])
  expect(await outboxRow(queue.db, emailId)).toBeUndefined()
  expect(await emailRow(queue.db, emailId)).toMatchObject({
    outcome: 'failed',
    reason: 'Given up after 1 attempt. Mailbox full',
    sent_at: null,
  })
})

test('mail whose next try still lies within its life waits for it', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await giveUpIn(emailId, 100)
  await settle(queue.db, projectId, [{ emailId, token, next: retry(95), attempt: attempt('deferred') }])
  expect(await outboxRow(queue.db, emailId)).toMatchObject({ deferrals: 1 })
})

test('how long mail is tried is for the worker to say, of mail that waits already too', async () => {
  const [short, long] = [await leased(queue.db), await leased(queue.db)]
  for (const { emailId } of [short, long]) {
    await sql`update outbox set first_due_at = now() - interval '1 hour' where email_id = ${emailId}`.execute(queue.db)
  }
  await settle(queue.db, short.projectId, [{ ...short, next: retry(60) }], 3600)
  await settle(queue.db, long.projectId, [{ ...long, next: retry(60) }], 2 * 3600)
  expect(await emailRow(queue.db, short.emailId)).toMatchObject({ outcome: 'failed' })
  expect(await outboxRow(queue.db, long.emailId)).toMatchObject({ deferrals: 1 })
})

test('mail that its recipient has, and a copy of which is given up, was sent', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await giveUpIn(emailId, 0)
  const next = retry(300, { delivered: ['b@example.com'], endAtLast: 'sent' })
  await settle(queue.db, projectId, [{ emailId, token, next, reason: 'Mailbox full', attempt: attempt('accepted') }])
  const email = await emailRow(queue.db, emailId)
  expect(email).toMatchObject({ outcome: 'sent', reason: 'Given up after 1 attempt. Mailbox full' })
  expect(email.sent_at).toBeInstanceOf(Date)
})

test.each<Settlement['next']>([{ end: 'sent' }, { end: 'failed' }, retry(1)])(
  'a worker that lost its lease changes nothing: %j',
  async (next) => {
    const { projectId, emailId, token } = await leased(queue.db)
    await expireLeases(queue.db, projectId)
    await take(projectId)
    const snapshot = () =>
      Promise.all([
        queue.db.selectFrom('outbox').selectAll().where('email_id', '=', emailId).executeTakeFirst(),
        emailRow(queue.db, emailId),
        attemptRows(queue.db, emailId),
      ])
    const before = await snapshot()
    expect(await settle(queue.db, projectId, [{ emailId, token, next, attempt: attempt('unknown') }])).toEqual([])
    expect(await snapshot()).toEqual(before)
  },
)

test('the token of another project settles nothing', async () => {
  const { emailId, token } = await leased(queue.db)
  expect(await settle(queue.db, randomUUID(), [{ emailId, token, next: { end: 'sent' } }])).toEqual([])
  expect(await emailRow(queue.db, emailId)).toMatchObject({ outcome: null })
})

test('a batch settles each mail its own way, and passes over the one that was lost', async () => {
  const { projectId, ids } = await queued(queue.db, 200)
  const token = randomUUID()
  await take(projectId, token)
  const lost = ids[77]!
  await sql`update outbox set lease_token = ${randomUUID()} where email_id = ${lost}`.execute(queue.db)
  const nextOf = (index: number): Settlement['next'] =>
    index % 3 === 0 ? { end: 'sent' } : index % 3 === 1 ? { end: 'failed' } : retry(index)
  const batch = ids.map((emailId, index) => ({ emailId, token, next: nextOf(index), attempt: attempt('accepted') }))

  expect(new Set(await settle(queue.db, projectId, batch))).toEqual(new Set(ids.filter((id) => id !== lost)))
  const outcomes = await queue.db
    .selectFrom('emails')
    .select(['id', 'outcome'])
    .where('project_id', '=', projectId)
    .execute()
  const outcomeOf = new Map(outcomes.map(({ id, outcome }) => [id, outcome]))
  const expected = ids.map((id, index) => (id === lost || index % 3 === 2 ? null : index % 3 === 0 ? 'sent' : 'failed'))
  expect(ids.map((id) => outcomeOf.get(id))).toEqual(expected)
})

test.each([
  ['NUL', 'before\0after', 'beforeafter'],
  ['half a character', `${'x'.repeat(999)}😀`, `${'x'.repeat(999)}\ufffd`],
  ['far too many words', 'x'.repeat(100_000), 'x'.repeat(1000)],
])('what a server said is kept, also with %s in it', async (_, words, kept) => {
  const { email, attempts } = await settled({
    next: { end: 'failed' },
    reason: words,
    attempt: { ...attempt('rejected'), words },
  })
  expect(email.reason).toBe(kept)
  expect(attempts[0]?.words).toBe(kept)
})

const giveUpIn = (emailId: string, seconds: number) =>
  sql`
    update outbox set first_due_at = now() + make_interval(secs => ${seconds - LIFE_SECONDS}) where email_id = ${emailId}
  `.execute(queue.db)
