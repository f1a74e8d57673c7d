import { expect, test } from 'vitest'
import { heard } from './consent-cells.ts'
import { combineRows } from './piece.ts'
import type { RowWish } from './rows.ts'

const CONSENT = { source: 'fair' }

const rowOf = (change: Partial<RowWish>, row = 1): RowWish => ({
  row,
  email: 'ada@example.com',
  patch: {},
  subscribed: undefined,
  refuses: false,
  refusedAt: undefined,
  topics: {},
  ...change,
})
const YES = { subscribed: true }
const out = (refusedAt?: string) => ({ subscribed: false, refuses: true, refusedAt })

const comesTo = (changes: Partial<RowWish>[], at?: string) =>
  combineRows(
    changes.map((change, index) => rowOf(change, index + 1)),
    { onConflict: 'merge', consent: at === undefined ? undefined : { ...CONSENT, at: new Date(at) }, waits: false },
  )[0]

test.each<[string, Partial<RowWish>[], string | undefined, boolean]>([
  ['that is of now, by no consent that says since when', [out(), YES], undefined, false],
  ['that is older, by no consent that says since when', [out('2025-01-01T00:00:00Z'), YES], undefined, false],
  ['that is older, by one with a time', [out('2025-01-01T00:00:00Z'), YES], '2025-06-01T00:00:00Z', true],
  [
    'of which one is newer, by one with a time',
    [out('2026-01-01T00:00:00Z'), out('2024-01-01T00:00:00Z'), YES],
    '2025-06-01T00:00:00Z',
    false,
  ],
])('of several rows for one person, a refusal %s', (_, changes, at, isBack) => {
  expect(comesTo(changes, at)).toMatchObject({ subscribed: isBack, refuses: !isBack })
})

test('of two refusals in a file the newer counts, whichever comes first', () => {
  const [older, newer] = ['2024-01-01T00:00:00Z', '2026-01-01T00:00:00Z']
  for (const rows of [
    [out(older), out(newer)],
    [out(newer), out(older)],
  ]) {
    expect(comesTo(rows)?.refusedAt).toBe(newer)
  }
})

test('a topic that a row leaves is not chosen by a row below without a consent that is newer', () => {
  const rows = [{ topics: { weekly: false } }, { topics: { weekly: true } }]
  expect(comesTo(rows)?.topics).toEqual({ weekly: false })
  expect(comesTo(rows.toReversed())?.topics).toEqual({ weekly: false })
})

test('of two columns of a row that say since when, the newer counts', () => {
  const words = ['2026-01-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z'].map((at) => ({ says: 'refuses' as const, at }))
  for (const said of [words, words.toReversed()]) {
    expect(heard(said, { tellsOptOuts: false }).refusedAt).toBe('2026-01-01T00:00:00.000Z')
  }
})
