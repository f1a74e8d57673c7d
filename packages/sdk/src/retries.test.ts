import { expect, test } from 'vitest'
import { backOff, readRetryAfter } from './retries.ts'

test('each pause is longer than the one before, up to eight seconds, and between half and whole of that', () => {
  expect([1, 2, 3, 4, 5, 6, 60].map((retry) => backOff(retry, 1))).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000])
  expect([1, 2, 3, 4, 5, 6, 60].map((retry) => backOff(retry, 0))).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000])
})

test.each([
  [null, undefined],
  ['0', 0],
  ['5', 5_000],
  ['Sat, 31 Jan 2026 09:30:10 GMT', 10_000],
  ['Sat, 31 Jan 2026 09:29:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
])('Retry-After: %s means %s ms', (header, expected) => {
  expect(readRetryAfter(header, Date.parse('2026-01-31T09:30:00Z'))).toBe(expected)
})
