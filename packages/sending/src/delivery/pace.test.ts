import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

/** Completes mails at a steady rate and answers with the window at the end. */
function windowAt(perSecond: number, seconds = 2): number {
  let ms = 0
  const pace = createPace(() => ms)
  for (let count = 0; count < perSecond * seconds; count += 1) {
    ms += 1000 / perSecond
    pace.completed()
  }
  return pace.window
}

test('a worker holds about a tenth of a second of work', () => {
  expect(windowAt(1000)).toBeCloseTo(100, -1)
  expect(windowAt(2500)).toBeCloseTo(250, -1)
})

test.each([
  ['slow', 3, 20],
  ['fast', 100_000, 400],
])('a very %s relay moves it no further than its bounds', (_, perSecond, bound) => {
  expect(windowAt(perSecond)).toBe(bound)
})

test('a relay that becomes slow is given less as soon as that shows', () => {
  let ms = 0
  const pace = createPace(() => ms)
  for (let count = 0; count < 1000; count += 1) {
    ms += 0.2
    pace.completed()
  }
  expect(pace.window).toBe(400)
  ms += 5000
  pace.completed()
  expect(pace.window).toBe(20)
})
