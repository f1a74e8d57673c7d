import { expect, test } from 'vitest'
import { searchOf } from './search.ts'

interface Filters {
  status?: 'sent' | 'failed'
  to?: string
  key?: string
  since?: string
}

const read = searchOf<Filters>({ status: { sent: true, failed: true }, to: 'text', key: 'id', since: 'moment' })

test('a link brings along the filters that the page knows, and a number is text', () => {
  const search = { status: 'sent', key: '01936f2e-5a5b-7c1e-8f43-2d6f0b7a9c11', since: '2026-11-25T08:00:00.000Z' }
  expect(read({ ...search, to: 42 })).toEqual({ ...search, to: '42' })
})

test.each([
  ['a value that is not one of them', { status: 'bogus' }],
  ['a name that every object has', { status: 'constructor' }],
  ['an id that is none', { key: 'main' }],
  ['a moment that is none', { since: 'garbage' }],
  ['a day that no month has', { since: '2026-13-45T08:00:00Z' }],
  ['a filter of another page', { subject: 'Hello' }],
  ['a list', { to: ['a', 'b'] }],
])('%s is dropped', (_what, search) => {
  expect(read(search)).toEqual({})
})
