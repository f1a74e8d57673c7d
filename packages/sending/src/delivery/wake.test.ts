import { WAKE_CHANNEL } from '@posthorn/outbox'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openQueue, shutOut, type TestQueue } from '../../test/queue.ts'
import { listenForMail } from './wake.ts'

async function listening(queue: TestQueue) {
  let wakes = 0
  const listener = listenForMail(
    async () => {
      const client = queue.openClient()
      await client.connect()
      return client
    },
    () => void (wakes += 1),
  )
  onTestFinished(() => listener.close())
  // The first call comes when it listens, for what was queued before.
  await vi.waitFor(() => expect(wakes).toBe(1), 5000)
  return { listener, wakes: () => wakes }
}

const call = ({ db }: TestQueue) => sql`select pg_notify(${WAKE_CHANNEL}, '')`.execute(db)
const countListeners = async ({ db }: TestQueue) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity where datname = current_database() and query ilike 'listen%'
  `.execute(db)
  return rows[0]?.count
}

test('each call wakes the worker', async () => {
  const queue = await openQueue()
  const { wakes } = await listening(queue)
  await call(queue)
  await vi.waitFor(() => expect(wakes()).toBe(2))
  await call(queue)
  await vi.waitFor(() => expect(wakes()).toBe(3))
})

test('a lost connection is opened again, and the worker looks for what it missed', async () => {
  const queue = await openQueue()
  const { wakes } = await listening(queue)
  const { letIn } = await shutOut(queue)
  await letIn()
  await vi.waitFor(() => expect(wakes()).toBe(2), 5000)
  await call(queue)
  await vi.waitFor(() => expect(wakes()).toBe(3))
  expect(await countListeners(queue)).toBe(1)
})

test('closing ends the connection', async () => {
  const queue = await openQueue()
  const { listener } = await listening(queue)
  expect(await countListeners(queue)).toBe(1)
  await listener.close()
  await vi.waitFor(async () => expect(await countListeners(queue)).toBe(0))
})
