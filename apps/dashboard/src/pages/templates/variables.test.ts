import { describe, expect, test } from 'vitest'
import { problemsIn, readRows, variablesIn, writeRows, writeVariables, type VariableRow } from './variables.ts'

const row = (type: VariableRow['type'], fallback: string, name = 'it'): VariableRow => ({ name, type, fallback })

test.each([
  { name: 'none', type: 'string' },
  { name: 'text', type: 'string', fallback: 'Ulm' },
  { name: 'empty', type: 'string', fallback: '' },
  { name: 'quoted', type: 'string', fallback: '"so"' },
  { name: 'number', type: 'number', fallback: 0 },
  { name: 'flag', type: 'boolean', fallback: false },
  { name: 'date', type: 'date', fallback: '2026-01-31' },
  { name: 'list', type: 'list', fallback: ['a', 1] },
  { name: 'object', type: 'object', fallback: { a: null } },
  { name: 'null', type: 'number', fallback: null },
] as const)('what is declared comes back as it was: $name', (variable) => {
  const variables = [variable] as Parameters<typeof writeVariables>[0]
  expect(variablesIn(writeVariables(variables))).toEqual(variables)
})

test('no rows declare nothing', () => {
  expect([writeVariables([]), readRows(''), variablesIn('')]).toEqual(['', [], []])
})

describe('what is wrong is said at its field', () => {
  test.each([
    [row('number', 'many'), 'fallback', /a number/],
    [row('number', '"1"'), 'fallback', /a number/],
    [row('boolean', 'yes'), 'fallback', /true or false/],
    [row('date', 'soon'), 'fallback', /a date/],
    [row('date', '2026-02-31'), 'fallback', /a date/],
    [row('list', '{}'), 'fallback', /a list/],
    [row('object', '[]'), 'fallback', /an object/],
    [row('string', '', ''), 'name', /needs a name/],
    [row('string', '', 'a b'), 'name', /Letters/],
  ])('%o', (wrong, field, message) => {
    const text = writeRows([row('string', '', 'first'), wrong])
    expect(problemsIn(text)).toEqual({ [`variables.1.${field}`]: expect.stringMatching(message) })
    expect(variablesIn(text)).toBeUndefined()
  })

  test('also a name that stands there twice, at the second', () => {
    const twice = writeRows([row('string', ''), row('number', '')])
    expect(problemsIn(twice)).toEqual({ 'variables.1.name': 'This name is declared above.' })
  })
})
