import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { outboxRow, queued, testQueue, type TestQueue } from '../test/queue.ts'
import { claim } from './claim.ts'
import { enqueue } from './enqueue.ts'
import { LEASE_SECONDS, STREAMS } from './streams.ts'

const { transactional, workflow, campaign } = STREAMS
const CLAIMERS = 8

let queue: TestQueue
beforeAll(async () => {
  queue = await testQueue(CLAIMERS)
})
afterAll(() => queue.close())

const take = async (projectId: string, limit: number, stream: 0 | 1 | 2 = transactional) =>
  claim(queue.db, { projectId, stream, limit, token: randomUUID() })
const idsOf = (claimed: { emailId: string }[]) => claimed.map(({ emailId }) => emailId)

test('only due mail is claimed, the longest due first, and no more than was asked for', async () => {
  const { projectId, ids: late } = await queued(queue.db, 3, { dueInSeconds: -10 })
  const { ids: early } = await queued(queue.db, 3, { projectId, dueInSeconds: -20 })
  await queued(queue.db, 2, { projectId, dueInSeconds: 30 })
  expect(idsOf(await take(projectId, 4))).toEqual([...early, late[0]])
  expect(idsOf(await take(projectId, 100))).toEqual(late.slice(1))
  expect(await take(projectId, 100)).toEqual([])
})

test('a claim takes from one lane alone', async () => {
  const { projectId, ids } = await queued(queue.db, 2, { stream: workflow })
  await queued(queue.db, 2, { projectId, stream: campaign })
  await queued(queue.db, 2, { stream: workflow })
  expect(await take(projectId, 10, transactional)).toEqual([])
  expect(idsOf(await take(projectId, 10, workflow))).toEqual(ids)
})

test('the attempt is counted before the work, and the lease ends on the clock of the database', async () => {
  const { projectId, ids } = await queued(queue.db, 1)
  const [claimed] = await take(projectId, 1)
  expect(claimed).toEqual({
    emailId: ids[0],
    attempt: 1,
    lostLeases: 0,
    deferrals: 0,
    delivered: [],
    refused: {},
    place: 1,
    sizeBytes: 1,
  })
  const row = await outboxRow(queue.db, ids[0]!)
  expect(row?.attempts).toBe(1)
  expect(row?.due_in_seconds).toBeGreaterThan(LEASE_SECONDS - 5)
  expect(row?.due_in_seconds).toBeLessThanOrEqual(LEASE_SECONDS)
})

test('many workers at once never get the same mail, and together they get all of it', async () => {
  const { projectId, ids } = await queued(queue.db, 400)
  const claimAll = async () => {
    const mine: string[] = []
    for (;;) {
      const claimed = await take(projectId, 7)
      if (claimed.length === 0) return mine
      mine.push(...idsOf(claimed))
    }
  }
  const taken = (await Promise.all(Array.from({ length: CLAIMERS }, claimAll))).flat()
  expect(taken).toHaveLength(ids.length)
  expect(new Set(taken)).toEqual(new Set(ids))
})

test('a claim passes over what another has under its hands instead of waiting for it', async () => {
  const { projectId, ids } = await queued(queue.db, 5)
  await queue.db.transaction().execute(async (other) => {
    const first = await claim(other, { projectId, stream: transactional, limit: 3, token: randomUUID() })
    expect(idsOf(first)).toEqual(ids.slice(0, 3))
    expect(idsOf(await take(projectId, 3))).toEqual(ids.slice(3))
  })
})

test('a claim that is rolled back leaves the mail to the next', async () => {
  const { projectId, ids } = await queued(queue.db, 1)
  const attempt = queue.db.transaction().execute(async (other) => {
    await claim(other, { projectId, stream: transactional, limit: 1, token: randomUUID() })
    throw new Error('the worker lost its connection')
  })
  await expect(attempt).rejects.toThrow('lost its connection')
  expect(await take(projectId, 1)).toMatchObject([{ emailId: ids[0], attempt: 1, lostLeases: 0 }])
})

test.each([
  ['days ahead', 3 * 24 * 3600_000],
  ['days behind', -3 * 24 * 3600_000],
])('with a process clock that is %s, mail is due when the database says so', async (_, skewMs) => {
  const { projectId, ids } = await queued(queue.db, 1, { dueInSeconds: -1 })
  const scheduled = randomUUID()
  const dueAt = new Date(Date.now() + 3600_000)
  await enqueue(queue.db, [{ projectId, emailId: scheduled, stream: transactional, dueAt, sizeBytes: 1 }])
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skewMs })
  try {
    expect(idsOf(await take(projectId, 10))).toEqual(ids)
    expect(await take(projectId, 10)).toEqual([])
  } finally {
    vi.useRealTimers()
  }
})
