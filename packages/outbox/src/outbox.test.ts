import { randomUUID } from 'node:crypto'
import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
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
import { announce } from './announce.ts'
import { claim, isSuspect } from './claim.ts'
import { release, renew } from './release.ts'
import { settle, type Settlement } from './settle.ts'
import { LEASE_SECONDS, STREAMS } from './streams.ts'
import { postpone, withdraw } from './withdraw.ts'

const CLAIMERS = 8

let queue: TestQueue
beforeAll(async () => {
  queue = await testQueue(CLAIMERS)
})
afterAll(() => queue.close())

const take = (db: Db, projectId: string, limit = 10) =>
  claim(db, { projectId, stream: STREAMS.transactional, limit, token: randomUUID() })
const idsOf = (claimed: { emailId: string }[]) => claimed.map(({ emailId }) => emailId)
const inAnHour = () => new Date(Date.now() + 3600_000)

/** Begins the second while the first is not committed, and commits once the second waits for its lock. */
async function during<T>(first: (db: Db) => Promise<unknown>, second: () => Promise<T>): Promise<T> {
  const { answer } = await queue.db.transaction().execute(async (trx) => {
    await first(trx)
    const answer = second()
    await vi.waitFor(async () => {
      const { rows } = await sql`
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      `.execute(queue.db)
      expect(rows).toHaveLength(1)
    })
    return { answer }
  })
  return answer
}

test('mail that a worker takes at this very moment can neither be withdrawn nor moved', async () => {
  const { projectId, ids } = await queued(queue.db, 2)
  const takeOne = (db: Db) => take(db, projectId, 1)
  expect(await during(takeOne, () => withdraw(queue.db, projectId, ids[0]!))).toBe(false)
  const move = () => postpone(queue.db, projectId, { emailId: ids[1]!, dueAt: inAnHour() })
  expect(await during(takeOne, move)).toBe(false)
  for (const id of ids) {
    const row = await outboxRow(queue.db, id)
    expect(row?.lease_token).not.toBeNull()
    expect(row?.due_in_seconds).toBeLessThanOrEqual(LEASE_SECONDS)
  }
})

test('mail that is withdrawn or moved at this very moment is not taken', async () => {
  const { projectId, ids } = await queued(queue.db, 3)
  const taken = await queue.db.transaction().execute(async (trx) => {
    await withdraw(trx, projectId, ids[0]!)
    await postpone(trx, projectId, { emailId: ids[1]!, dueAt: inAnHour() })
    return take(queue.db, projectId)
  })
  expect(idsOf(taken)).toEqual([ids[2]])
  expect(await take(queue.db, projectId)).toEqual([])
})

test('mail that a worker may be sending, however late it is, can be neither withdrawn nor moved', async () => {
  const [announced, waiting] = [await leased(queue.db), await leased(queue.db)]
  const { projectId, emailId, token } = announced
  await announce(queue.db, projectId, { token, emailId, place: 1 })
  for (const one of [announced, waiting]) await expireLeases(queue.db, one.projectId)
  expect(await withdraw(queue.db, projectId, emailId)).toBe(false)
  expect(await postpone(queue.db, projectId, { emailId, dueAt: inAnHour() })).toBe(false)

  // What was never announced cannot leave any more.
  expect(await withdraw(queue.db, waiting.projectId, waiting.emailId)).toBe(true)
  const late = { token: waiting.token, emailId: waiting.emailId, place: 1 }
  expect(await announce(queue.db, waiting.projectId, late)).toBe(false)
})

test.each<[string, Settlement['next']]>([
  ['sent', { end: 'sent' }],
  ['failed', { end: 'failed' }],
  ['put off', { retryInSeconds: 0, isDeferral: true }],
])('a late worker that reports mail as %s while another takes it over changes nothing', async (_, next) => {
  const { projectId, emailId, token } = await leased(queue.db)
  await expireLeases(queue.db, projectId)
  const report = () => settle(queue.db, projectId, [{ emailId, token, next, reason: 'Too late.' }])
  expect(await during((db) => take(db, projectId), report)).toEqual([])
  expect(await outboxRow(queue.db, emailId)).toMatchObject({ attempts: 2, lost_leases: 1, deferrals: 0, reason: null })
  expect(await emailRow(queue.db, emailId)).toMatchObject({ outcome: null, reason: null })
})

test('a late worker that renews or hands back while another takes over has lost the mail', async () => {
  const [first, second] = [await leased(queue.db), await leased(queue.db)]
  for (const { projectId } of [first, second]) await expireLeases(queue.db, projectId)
  const kept = { emailIds: [first.emailId], token: first.token, leaseSeconds: LEASE_SECONDS }
  expect(
    await during(
      (db) => take(db, first.projectId),
      () => renew(queue.db, first.projectId, kept),
    ),
  ).toEqual([])
  const back = { emailIds: [second.emailId], token: second.token, delaySeconds: 0 }
  await during(
    (db) => take(db, second.projectId),
    () => release(queue.db, second.projectId, back),
  )
  const row = await outboxRow(queue.db, second.emailId)
  expect(row).toMatchObject({ attempts: 2, lost_leases: 1 })
  expect(row?.lease_token).not.toBeNull()
})

test('a worker that is late and reports before anybody took over is believed', async () => {
  const { projectId, emailId, token } = await leased(queue.db)
  await expireLeases(queue.db, projectId)
  await queue.db.transaction().execute(async (trx) => {
    expect(await settle(trx, projectId, [{ emailId, token, next: { end: 'sent' } }])).toEqual([emailId])
    expect(await take(queue.db, projectId)).toEqual([])
  })
  expect(await take(queue.db, projectId)).toEqual([])
  expect(await emailRow(queue.db, emailId)).toMatchObject({ outcome: 'sent', possibly_duplicate: false })
})

test('many workers that take over from a dead one get each mail once, and write down its loss once', async () => {
  const { projectId, ids } = await queued(queue.db, 120)
  await take(queue.db, projectId, ids.length)
  await expireLeases(queue.db, projectId)
  const takeAll = async () => {
    const mine: string[] = []
    for (;;) {
      const claimed = await take(queue.db, projectId, 5)
      if (claimed.length === 0) return mine
      mine.push(...idsOf(claimed))
    }
  }
  const taken = (await Promise.all(Array.from({ length: CLAIMERS }, takeAll))).flat()
  expect(taken.toSorted()).toEqual(ids.toSorted())
  const attempts = await queue.db
    .selectFrom('email_attempts')
    .select(['email_id', 'number', 'outcome'])
    .where('project_id', '=', projectId)
    .orderBy('email_id')
    .execute()
  expect(attempts).toEqual(ids.toSorted().map((email_id) => ({ email_id, number: 1, outcome: 'deferred' })))
})

test('one suspect comes along with mail that is not suspected, and the others stay as they were', async () => {
  const { projectId, ids } = await queued(queue.db, 3)
  for (let life = 1; life <= 2; life += 1) {
    await take(queue.db, projectId)
    await expireLeases(queue.db, projectId)
  }
  const { ids: fresh } = await queued(queue.db, 2, { projectId, dueInSeconds: -0.5 })
  const claimed = await take(queue.db, projectId)
  const suspects = idsOf(claimed.filter(isSuspect))
  expect(suspects).toHaveLength(1)
  expect(idsOf(claimed.filter((email) => !isSuspect(email)))).toEqual(fresh)
  for (const id of ids.filter((id) => !suspects.includes(id))) {
    expect(await outboxRow(queue.db, id)).toMatchObject({ attempts: 2, lost_leases: 1 })
    expect(await attemptRows(queue.db, id)).toMatchObject([{ number: 1 }])
  }
})

test('suspects at the head of a lane take no place from mail that is not suspected', async () => {
  const { projectId } = await queued(queue.db, 3)
  for (let life = 1; life <= 2; life += 1) {
    await take(queue.db, projectId)
    await expireLeases(queue.db, projectId)
  }
  const { ids: fresh } = await queued(queue.db, 5, { projectId, dueInSeconds: -0.5 })
  const token = randomUUID()
  const claimed = await claim(queue.db, {
    projectId,
    stream: STREAMS.transactional,
    limit: 3,
    token,
    withSuspect: false,
  })
  expect(claimed).toHaveLength(3)
  expect(fresh).toEqual(expect.arrayContaining(idsOf(claimed)))
})
