import { expect, test } from 'vitest'
import { granularitiesOf, granularityOf, spanOf } from './asked.ts'
import { compared } from './compared.ts'
import { labelsOf } from './labels.ts'

const now = new Date(2026, 9, 30, 15, 45)

test('what is shown at first are thirty days of the viewer, today included', () => {
  const { since, until } = spanOf({}, now)
  expect(new Date(since)).toEqual(new Date(2026, 9, 1))
  expect(until).toBeUndefined()
})

test.each([
  ['2026-10-30T00:00:00Z', '2026-10-31T00:00:00Z', 'hour'],
  ['2026-10-01T00:00:00Z', '2026-10-31T00:00:00Z', 'day'],
  ['2026-01-01T00:00:00Z', '2026-10-31T00:00:00Z', 'week'],
])('from %s to %s one looks by %s, unless one wants otherwise', (since, until, granularity) => {
  const span = spanOf({ since, until }, now)
  expect(granularityOf({}, span)).toBe(granularity)
  for (const wanted of granularitiesOf(span)) expect(granularityOf({ granularity: wanted }, span)).toBe(wanted)
})

test('a year is not looked at hour by hour, whatever the address says', () => {
  const span = spanOf({ since: '2026-01-01T00:00:00Z', until: '2026-12-31T00:00:00Z' }, now)
  expect(granularityOf({ granularity: 'hour' }, span)).toBe('week')
})

test.each([
  [3, 3, 'As many as before'],
  [3, 0, 'None before'],
  [3, 2, '50% more than before'],
  [0, 8, '100% fewer than before'],
  [10_001, 10_000, 'Slightly more than before'],
])('%i after %i is said in words', (after, before, words) => {
  expect(compared(after, before)).toBe(words)
})

test('an hour is called by its zone, and a day by its date', () => {
  const point = { start: '2026-10-25T01:00:00Z', date: '2026-10-25' }
  expect(labelsOf('hour', 'Europe/Berlin')(point)).toContain('02:00')
  expect(labelsOf('day', 'Pacific/Apia')(point)).toContain('25')
})
