import { describe, expect, test } from 'vitest'
import { csvOf, inert } from './csv.ts'

test('cells with commas, quotes and line ends are quoted (RFC 4180)', () => {
  expect(csvOf([['a', 'b,c', 'say "hi"', 'two\nlines', '']])).toBe('a,"b,c","say ""hi""","two\nlines",\r\n')
  expect(csvOf([])).toBe('')
})

describe('nothing runs in a spreadsheet', () => {
  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
    '"=1+1"',
    '" =1+1',
    '  =1+1',
    '\u00a0=1',
    '\ufeff=1',
    "'=1",
    '=cmd|"/c calc"!A1',
  ])('%j', (cell) => {
    expect(inert(cell)).toBe(`'${cell}`)
  })

  test.each(['', 'a', '1', '1-1', 'a=1', '{"a":"=1"}', 'ada@example.com', '2026-01-31'])(
    '%j stays as it is',
    (cell) => {
      expect(inert(cell)).toBe(cell)
    },
  )

  test.each(['=1', "'", "''=1", 'plain', '"=1"'])('and taking the apostrophe away restores %j', (cell) => {
    expect(inert(cell).replace(/^'/, '')).toBe(cell)
  })
})
