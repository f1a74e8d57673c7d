import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { nowFor, subscribe, TICK_MS } from './clock.ts'
import { relativeTime } from './time-words.ts'

let unsubscribe: () => void

beforeEach(() => {
  vi.useFakeTimers()
  unsubscribe = subscribe(() => undefined)
})
afterEach(() => {
  unsubscribe()
  vi.useRealTimers()
})

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const words = (at: string) => relativeTime(at, nowFor(at))

test('what happened after the last tick is never said to come', () => {
  vi.advanceTimersByTime(TICK_MS - 1)
  expect([0, 1_000, 9_000].map((ago) => words(inMs(-ago)))).toEqual(['just now', 'just now', 'just now'])
})

test('what is to come is said to come, and then to be past', () => {
  const at = inMs(TICK_MS * 2)
  expect(words(at)).toBe('in a moment')
  vi.advanceTimersByTime(TICK_MS * 2)
  expect(words(at)).toBe('just now')
  vi.advanceTimersByTime(60_000)
  expect(words(at)).toBe('1 minute ago')
})

test('a clock that stood still tells the time again when somebody looks', () => {
  unsubscribe()
  vi.advanceTimersByTime(3_600_000)
  unsubscribe = subscribe(() => undefined)
  expect(words(inMs(-60_000))).toBe('1 minute ago')
  expect(words(inMs(30_000))).toBe('in a moment')
})
