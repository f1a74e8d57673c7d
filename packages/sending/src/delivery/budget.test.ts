import { expect, test } from 'vitest'
import { createBudget } from './budget.ts'

/** Takes from a budget, and notes who got what in which order. */
function takers(total: number) {
  const budget = createBudget(total)
  const got: string[] = []
  return {
    got,
    take: (name: string, bytes: number) => void budget.take(bytes).then(() => got.push(name)),
    async giveBack(bytes: number) {
      budget.giveBack(bytes)
      await settled()
    },
  }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

test('no more is handed out than there is, and what comes back goes to whoever waits', async () => {
  const { got, take, giveBack } = takers(100)
  take('a', 60)
  take('b', 40)
  take('c', 1)
  await settled()
  expect(got).toEqual(['a', 'b'])
  await giveBack(40)
  expect(got).toEqual(['a', 'b', 'c'])
})

test('a large one is not overtaken for ever by small ones', async () => {
  const { got, take, giveBack } = takers(100)
  take('a', 60)
  take('large', 80)
  take('small', 10)
  await settled()
  expect(got).toEqual(['a'])
  await giveBack(60)
  expect(got).toEqual(['a', 'large', 'small'])
})

test('what is larger than everything is had alone, and gives back no more than it took', async () => {
  const { got, take, giveBack } = takers(100)
  take('a', 1)
  take('huge', 5000)
  take('b', 1)
  await settled()
  expect(got).toEqual(['a'])
  await giveBack(1)
  expect(got).toEqual(['a', 'huge'])
  await giveBack(5000)
  take('c', 99)
  take('d', 1)
  await settled()
  expect(got).toEqual(['a', 'huge', 'b', 'c'])
})
