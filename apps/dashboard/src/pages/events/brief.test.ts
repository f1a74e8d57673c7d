import { expect, test } from 'vitest'
import { dataInBrief } from './brief.ts'

test('the facts of an event fit in one line', () => {
  expect(dataInBrief({ plan: 'pro', seats: 3, order: { lines: [1] }, note: null })).toBe(
    'plan: pro, seats: 3, order: {"lines":[1]}, note: null',
  )
  expect(dataInBrief({})).toBe('')
})
