import { expect, test } from 'vitest'
import { waitAfter, waitAfterTrouble } from './retries.ts'

const SAMPLES = 200
const spread = (wait: () => number) => {
  const waits = Array.from({ length: SAMPLES }, wait)
  return { least: Math.min(...waits), most: Math.max(...waits) }
}
const minutes = (count: number) => count * 60

test('waits begin where greylisting ends, grow, and stay within four hours and a bit', () => {
  const leasts = [5, 10, 30, 60, 120, 240, 240, 240].map(minutes)
  leasts.forEach((expected, index) => {
    const { least, most } = spread(() => waitAfter(index + 1))
    expect(least).toBeGreaterThanOrEqual(expected)
    expect(most).toBeLessThanOrEqual(expected * 1.2)
  })
})

test('no two mails that were put off together come back together', () => {
  const { least, most } = spread(() => waitAfter(3))
  expect(most - least).toBeGreaterThan(minutes(30) * 0.1)
  expect(new Set(Array.from({ length: SAMPLES }, () => waitAfter(3))).size).toBe(SAMPLES)
})

test('after trouble with the connection the waits are short at first, grow, and stay near a minute', () => {
  const leasts = [1, 2, 4, 8, 16, 32, 60, 60]
  leasts.forEach((expected, index) => {
    const { least, most } = spread(() => waitAfterTrouble(index + 1))
    expect(least).toBeGreaterThanOrEqual(expected)
    expect(most).toBeLessThanOrEqual(expected * 1.2)
  })
  expect(waitAfterTrouble(5000)).toBeLessThanOrEqual(72)
})
