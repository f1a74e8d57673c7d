import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { coalesce } from './coalesce.ts'

/** Runs that end when the test says so. */
function held({ maxBatch = 10, maxInFlight = 1 } = {}) {
  const runs: { items: number[]; end(): void; fail(error: Error): void }[] = []
  const call = coalesce<number, string>({
    maxBatch,
    maxInFlight,
    run: (items) =>
      new Promise((resolve, reject) => {
        runs.push({ items, end: () => resolve(items.map((item) => `answer ${item}`)), fail: reject })
      }),
  })
  return { call, runs, batches: () => runs.map(({ items }) => items) }
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await turn()
}

test('calls that arrive together share a run, and each gets its own answer', async () => {
  const { call, runs, batches } = held()
  const answers = Promise.all([1, 2, 3].map(call))
  await settle()
  expect(batches()).toEqual([[1, 2, 3]])
  runs[0]?.end()
  expect(await answers).toEqual(['answer 1', 'answer 2', 'answer 3'])
})

test('a call that arrives in the same turn of the event loop comes along', async () => {
  const { call, runs, batches } = held()
  const first = call(1)
  await Promise.resolve()
  const second = call(2)
  await settle()
  expect(batches()).toEqual([[1, 2]])
  runs[0]?.end()
  await Promise.all([first, second])
})

test('a call never joins a run that has begun, so it never gets an answer older than itself', async () => {
  const { call, runs, batches } = held({ maxInFlight: 2 })
  const first = call(1)
  await settle()
  const second = call(1)
  await settle()
  expect(batches()).toEqual([[1], [1]])
  runs[1]?.end()
  expect(await second).toBe('answer 1')
  runs[0]?.end()
  expect(await first).toBe('answer 1')
})

test('while enough runs are on their way, calls wait and form the next one together, in order', async () => {
  const { call, runs, batches } = held({ maxInFlight: 2 })
  const answers: Promise<string>[] = []
  for (const item of [1, 2]) {
    answers.push(call(item))
    await settle()
  }
  for (const item of [3, 4, 5]) {
    answers.push(call(item))
    await settle()
  }
  expect(batches()).toEqual([[1], [2]])
  runs[1]?.end()
  await settle()
  expect(batches()).toEqual([[1], [2], [3, 4, 5]])
  runs[0]?.end()
  runs[2]?.end()
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 4, 5].map((item) => `answer ${item}`))
})

test('a run takes no more than it may, and the rest goes on by itself', async () => {
  const { call, runs, batches } = held({ maxBatch: 2, maxInFlight: 2 })
  const answers = Promise.all([1, 2, 3, 4, 5].map(call))
  await settle()
  expect(batches()).toEqual([
    [1, 2],
    [3, 4],
  ])
  runs[0]?.end()
  await settle()
  expect(batches()[2]).toEqual([5])
  runs[1]?.end()
  runs[2]?.end()
  expect(await answers).toHaveLength(5)
})

test('what a run throws reaches every caller of that run, and nobody else', async () => {
  const { call, runs } = held({ maxBatch: 2, maxInFlight: 2 })
  const outcomes = Promise.allSettled([1, 2, 3, 4].map(call))
  await settle()
  runs[0]?.fail(new Error('broken'))
  runs[1]?.end()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled'])
  const next = call(5)
  await settle()
  runs[2]?.end()
  expect(await next).toBe('answer 5')
})

test('a run that throws before it begins is no different', async () => {
  const call = coalesce<number, number>({
    maxBatch: 10,
    maxInFlight: 1,
    run: () => {
      throw new Error('at once')
    },
  })
  await expect(call(1)).rejects.toThrow('at once')
  await expect(call(2)).rejects.toThrow('at once')
})
