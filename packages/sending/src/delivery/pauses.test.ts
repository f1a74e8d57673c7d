import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { openQueue, type TestQueue } from '../../test/queue.ts'
import type { Relay } from '../transport.ts'
import { notePauses } from './pauses.ts'

type Health = Pick<Relay, 'name' | 'pausedUntilMs' | 'pauseReason'>

const well = { pausedUntilMs: undefined, pauseReason: undefined }
const pausedFor = (seconds: number, pauseReason: string) => ({
  pausedUntilMs: performance.now() + seconds * 1000,
  pauseReason,
})

/** Relays whose health the test decides. Safe because notes are taken of these three facts alone. */
const relaysOf = (...healths: Health[]) => healths as unknown as Relay[]

const noted = async ({ db }: TestQueue) => {
  const { rows } = await sql<{ relay: string; reason: string; seconds: number }>`
    select relay, reason, extract(epoch from paused_until - now())::float8 as seconds from relay_pauses order by relay
  `.execute(db)
  return rows
}

test('a pause is told with its reason for as long as it lasts, and until a delivery proves that it is over', async () => {
  const queue = await openQueue()
  const relay: Health = { name: 'a:25', ...well }
  const notes = notePauses(queue.db, relaysOf(relay, { name: 'b:25', ...well }))
  await notes.update()
  expect(await noted(queue)).toEqual([])

  Object.assign(relay, pausedFor(20, 'Connection refused'))
  await notes.update()
  expect(await noted(queue)).toEqual([{ relay: 'a:25', reason: 'Connection refused', seconds: expect.closeTo(20, 0) }])

  Object.assign(relay, pausedFor(40, 'Connection reset'))
  await notes.update()
  expect(await noted(queue)).toEqual([{ relay: 'a:25', reason: 'Connection reset', seconds: expect.closeTo(40, 0) }])

  Object.assign(relay, { pausedUntilMs: undefined })
  await notes.update()
  expect(await noted(queue)).toHaveLength(1)

  Object.assign(relay, well)
  await notes.update()
  expect(await noted(queue)).toEqual([])
})

test('the end of a pause is on the clock of the database, however wrong that of the worker is', async () => {
  const queue = await openQueue()
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * 24 * 3600_000 })
  try {
    await notePauses(queue.db, relaysOf({ name: 'a:25', ...pausedFor(30, 'Away') })).update()
  } finally {
    vi.useRealTimers()
  }
  expect(await noted(queue)).toMatchObject([{ seconds: expect.closeTo(30, 0) }])
})

test('what a worker noted before it died goes when the relay is found well', async () => {
  const queue = await openQueue()
  await notePauses(queue.db, relaysOf({ name: 'a:25', ...pausedFor(30, 'Away') })).update()
  await notePauses(queue.db, relaysOf({ name: 'a:25', ...well })).update()
  expect(await noted(queue)).toEqual([])
})
