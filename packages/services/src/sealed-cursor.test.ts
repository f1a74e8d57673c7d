import { expect, test } from 'vitest'
import { newId } from './ids.ts'
import { writeCursor } from './cursor.ts'
import { createCursorSeal, type CursorScope } from './sealed-cursor.ts'

const { seal, open } = createCursorSeal('one master key of thirty-two characters')
const SINCE = '2026-01-31T09:30:00.000Z'
const SCOPE = { owner: newId(), operation: 'emails.list', filters: { search: 'ada', since: new Date(SINCE) } }
const cursor = writeCursor(newId())
const BAD_CURSOR = expect.objectContaining({ code: 'BAD_REQUEST', message: expect.stringContaining('cursor') })

const refusalOf = (sealed: string, scope: CursorScope = SCOPE) => {
  try {
    return open(sealed, scope)
  } catch (error) {
    return error
  }
}

test('a cursor opens again for the list that it was sealed for', () => {
  expect(open(seal(cursor, SCOPE), SCOPE)).toBe(cursor)
  expect(open(seal('with.dots.', SCOPE), SCOPE)).toBe('with.dots.')
})

test('filters in another order, or left open in another way, are the same list', () => {
  const filters = { since: new Date(SINCE), until: undefined, search: 'ada' }
  expect(open(seal(cursor, SCOPE), { ...SCOPE, filters })).toBe(cursor)
})

test.each<[string, Partial<CursorScope>]>([
  ['of another owner', { owner: newId() }],
  ['of nobody', { owner: '' }],
  ['of another operation', { operation: 'events.list' }],
  ['with another filter', { filters: { ...SCOPE.filters, search: 'bob' } }],
  ['with one filter more', { filters: { ...SCOPE.filters, status: 'sent' } }],
  ['with one filter less', { filters: { search: 'ada' } }],
  ['from another moment on', { filters: { ...SCOPE.filters, since: new Date(Date.parse(SINCE) + 1) } }],
])('it opens for no list %s', (_, other) => {
  expect(refusalOf(seal(cursor, SCOPE), { ...SCOPE, ...other })).toEqual(BAD_CURSOR)
})

test('it opens with no other master key', () => {
  const another = createCursorSeal('another master key of thirty-two chars')
  expect(refusalOf(another.seal(cursor, SCOPE))).toEqual(BAD_CURSOR)
})

test('not a letter of it can be changed, added or left out', () => {
  const sealed = seal(cursor, SCOPE)
  for (const letter of ['A', 'B', '.', '=', 'é', '\ud800']) {
    for (let at = 0; at <= sealed.length; at += 1) {
      const [before, behind] = [sealed.slice(0, at), sealed.slice(at + 1)]
      if (sealed[at] !== letter) expect(refusalOf(before + letter + behind)).toEqual(BAD_CURSOR)
      expect(refusalOf(before + letter + sealed.slice(at))).toEqual(BAD_CURSOR)
      if (at < sealed.length) expect(refusalOf(before + behind)).toEqual(BAD_CURSOR)
    }
  }
})

test.each(['', '.', cursor, `${cursor}.`, `.${seal('', SCOPE)}`, `${cursor}.${'A'.repeat(22)}`])(
  'what Posthorn did not seal, such as %j, does not open',
  (made) => {
    expect(refusalOf(made)).toEqual(BAD_CURSOR)
  },
)
