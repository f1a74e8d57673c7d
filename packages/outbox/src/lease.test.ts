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
import { announce, forgetAbandonedClaims, forgetClaims } from './announce.ts'
import { claim, isSuspect } from './claim.ts'
import { release, renew } from './release.ts'
import { LEASE_SECONDS, STREAMS } from './streams.ts'

let queue: TestQueue
beforeAll(async () => {
  queue = await testQueue()
})
afterAll(() => queue.close())

const take = (projectId: string, token: string = randomUUID()) =>
  claim(queue.db, { projectId, stream: STREAMS.transactional, limit: 10, token })

test('mail whose worker died goes to another, with what may have happened written down', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  expect(await announce(queue.db, projectId, { token, emailId, place: 1 })).toBe(true)
  expect(await take(projectId)).toEqual([])

  await expireLeases(queue.db, projectId)
  expect(await take(projectId)).toMatchObject([{ emailId, attempt: 2, lostLeases: 1 }])
  expect(await attemptRows(queue.db, emailId)).toMatchObject([
    { number: 1, outcome: 'unknown', stage: 'worker', reason: 'worker-lost' },
  ])
  expect(await emailRow(queue.db, emailId)).toMatchObject({ possibly_duplicate: true, outcome: null })

  await expireLeases(queue.db, projectId)
  expect(await take(projectId)).toMatchObject([{ emailId, attempt: 3, lostLeases: 2 }])
  expect((await attemptRows(queue.db, emailId)).map(({ number }) => number)).toEqual([1, 2])
})

test('of what a dead worker had, only what it may have sent is called so', async () => {
  const { projectId, ids } = await queued(queue.db, 6)
  const token = randomUUID()
  const lane = { projectId, stream: STREAMS.transactional, limit: 10, token }
  const claimed = await claim(queue.db, { ...lane, announced: 2 })
  expect(claimed.map(({ emailId, place }) => [emailId, place])).toEqual(ids.map((id, index) => [id, index - 1]))
  await announce(queue.db, projectId, { token, emailId: ids[2]!, place: 1 })
  await announce(queue.db, projectId, { token, emailId: ids[3]!, place: 2 })

  await expireLeases(queue.db, projectId)
  expect(await take(projectId)).toHaveLength(ids.length)
  for (const [index, id] of ids.entries()) {
    const mayBeSent = index < 4
    expect(await emailRow(queue.db, id)).toMatchObject({ possibly_duplicate: mayBeSent })
    expect(await attemptRows(queue.db, id)).toMatchObject([
      { number: 1, outcome: mayBeSent ? 'unknown' : 'deferred', stage: 'worker', reason: 'worker-lost' },
    ])
  }

  // The next one to die had announced nothing, and what the first had announced says nothing of that.
  await expireLeases(queue.db, projectId)
  await take(projectId)
  expect(await attemptRows(queue.db, ids[0]!)).toMatchObject([{ outcome: 'unknown' }, { outcome: 'deferred' }])
})

test('a worker that lost its lease learns it when it announces', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  const mail = { token, emailId, place: 1 }
  expect(await announce(queue.db, projectId, mail)).toBe(true)
  await expireLeases(queue.db, projectId)
  expect(await announce(queue.db, projectId, mail)).toBe(false)
  await take(projectId)
  expect(await announce(queue.db, projectId, mail)).toBe(false)
})

test('claims of which nothing is left are forgotten, and those of dead workers after a month', async () => {
  const [done, dead, alive] = [await leased(queue.db), await leased(queue.db), await leased(queue.db)]
  const all = [done, dead, alive]
  for (const { projectId, emailId, token } of all) await announce(queue.db, projectId, { token, emailId, place: 1 })
  await sql`
    update outbox_claims set announced_at = now() - interval '31 days' where token = ${dead.token}
  `.execute(queue.db)
  await forgetClaims(queue.db, done.projectId, [done.token, alive.projectId])
  await forgetAbandonedClaims(queue.db)
  const tokens = all.map(({ token }) => token)
  const left = await queue.db.selectFrom('outbox_claims').select('token').where('token', 'in', tokens).execute()
  expect(left).toEqual([{ token: alive.token }])
})

test('mail that was taken for the first time is not called possibly sent', async () => {
  const { emailId } = await leased(queue.db)
  expect(await attemptRows(queue.db, emailId)).toEqual([])
  expect(await emailRow(queue.db, emailId)).toMatchObject({ possibly_duplicate: false })
})

test('a worker keeps what it renews, and learns what it has lost', async () => {
  const { projectId, ids } = await queued(queue.db, 3)
  const token = randomUUID()
  await take(projectId, token)
  await expireLeases(queue.db, projectId)
  const kept = { emailIds: ids.slice(0, 2), token, leaseSeconds: LEASE_SECONDS }
  expect((await renew(queue.db, projectId, kept)).toSorted()).toEqual(ids.slice(0, 2).toSorted())
  expect((await outboxRow(queue.db, ids[0]!))?.due_in_seconds).toBeGreaterThan(LEASE_SECONDS - 5)

  expect(await take(projectId)).toMatchObject([{ emailId: ids[2] }])
  expect(await renew(queue.db, projectId, { emailIds: [ids[2]!], token, leaseSeconds: LEASE_SECONDS })).toEqual([])
})

test('what is handed back was never tried: the attempt does not count and nothing is suspected', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await release(queue.db, projectId, { emailIds: [emailId], token, delaySeconds: 0 })
  expect(await outboxRow(queue.db, emailId)).toMatchObject({ attempts: 0, lease_token: null, reason: null })
  expect(await take(projectId)).toMatchObject([{ emailId, attempt: 1, lostLeases: 0 }])
  expect(await attemptRows(queue.db, emailId)).toEqual([])
})

test('what is handed back for later waits for as long, and says why', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await release(queue.db, projectId, { emailIds: [emailId], token, delaySeconds: 40, reason: 'The relay is away.' })
  expect(await take(projectId)).toEqual([])
  const row = await outboxRow(queue.db, emailId)
  expect(row?.reason).toBe('The relay is away.')
  expect(row?.due_in_seconds).toBeGreaterThan(35)
  expect(row?.due_in_seconds).toBeLessThanOrEqual(40)
})

test('handing back without a reason keeps the one it had', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await release(queue.db, projectId, { emailIds: [emailId], token, delaySeconds: 0, reason: 'Earlier.' })
  const again = randomUUID()
  await take(projectId, again)
  await release(queue.db, projectId, { emailIds: [emailId], token: again, delaySeconds: 0 })
  expect(await outboxRow(queue.db, emailId)).toMatchObject({ reason: 'Earlier.' })
})

test('a worker that lost its lease can neither hand back nor renew', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await expireLeases(queue.db, projectId)
  await take(projectId)
  const before = await queue.db.selectFrom('outbox').selectAll().where('email_id', '=', emailId).executeTakeFirst()
  await release(queue.db, projectId, { emailIds: [emailId], token, delaySeconds: 0, reason: 'Too late.' })
  expect(await renew(queue.db, projectId, { emailIds: [emailId], token, leaseSeconds: 1 })).toEqual([])
  const after = await queue.db.selectFrom('outbox').selectAll().where('email_id', '=', emailId).executeTakeFirst()
  expect(after).toEqual(before)
})

test('mail that two workers in a row did not survive is given out one at a time, and beside it all that is not suspected', async () => {
  const { projectId, ids } = await queued(queue.db, 4)
  for (let life = 1; life <= 2; life += 1) {
    expect(await take(projectId)).toHaveLength(ids.length)
    await expireLeases(queue.db, projectId)
  }
  const { ids: fresh } = await queued(queue.db, 2, { projectId, dueInSeconds: -0.5 })
  const without = { projectId, stream: STREAMS.transactional, limit: 10, token: randomUUID(), withSuspect: false }
  const plain = await claim(queue.db, without)
  expect(plain.map(({ emailId }) => emailId)).toEqual(fresh)
  expect(plain.some(isSuspect)).toBe(false)

  const suspects = [await take(projectId), await take(projectId), await take(projectId), await take(projectId)].flat()
  expect(suspects).toHaveLength(ids.length)
  expect(new Set(suspects.map(({ emailId }) => emailId))).toEqual(new Set(ids))
  expect(suspects.every(isSuspect)).toBe(true)
})
