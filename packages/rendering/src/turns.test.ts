import { expect, test } from 'vitest'
import { BusyError, takingTurns } from './turns.ts'

/** Things that are done when they are told to be, and the order in which they began. */
function work(limits: Partial<Parameters<typeof takingTurns>[0]> = {}) {
  const inTurn = takingTurns({ waitingEach: 20, waitingInAll: 100, ...limits })
  const first = Promise.withResolvers<void>()
  const began: string[] = []
  const begun = inTurn({ of: 'first' }, () => first.promise)
  const ask = (name: string, signal?: AbortSignal) =>
    inTurn({ of: name.charAt(0), signal }, () => {
      began.push(name)
      return Promise.resolve(name)
    })
  const finish = async (all: Promise<string>[]) => {
    first.resolve()
    await begun
    return Promise.allSettled(all)
  }
  return { ask, finish, began }
}

test('whoever asks for much waits for nothing but their own', async () => {
  const { ask, finish, began } = work()
  await finish(['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => ask(name)))
  expect(began).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
})

test('so many may wait of each, and whoever asks for more is refused', async () => {
  const { ask, finish, began } = work({ waitingEach: 2 })
  const answers = await finish(['a1', 'a2', 'a3', 'b1'].map((name) => ask(name)))
  expect(answers[2]).toEqual({ status: 'rejected', reason: expect.objectContaining({ isOwn: true }) })
  expect(began).toEqual(['a1', 'b1', 'a2'])
})

test('where all places are taken, who holds the most gives up the last', async () => {
  const { ask, finish, began } = work({ waitingInAll: 3 })
  const answers = await finish(['a1', 'a2', 'a3', 'b1', 'b2'].map((name) => ask(name)))
  expect(answers.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, false])
  expect(answers[2]).toMatchObject({ reason: expect.any(BusyError) })
  expect(began).toEqual(['a1', 'b1', 'a2'])
})

test('who has given up leaves the others their place', async () => {
  const { ask, finish, began } = work({ waitingEach: 2 })
  const gone = new AbortController()
  const left = ask('a1', gone.signal)
  const stays = ask('a2')
  gone.abort()
  await expect(left).rejects.toThrow(BusyError)
  await finish([stays, ask('a3')])
  expect(began).toEqual(['a2', 'a3'])
  await expect(ask('a4', gone.signal)).rejects.toThrow(BusyError)
})

test('what fails ends the turn as well', async () => {
  const inTurn = takingTurns({ waitingEach: 1, waitingInAll: 1 })
  await expect(inTurn({ of: 'a' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await inTurn({ of: 'a' }, () => Promise.resolve(1))).toBe(1)
})
