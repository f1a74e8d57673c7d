import { describe, expect, test } from 'vitest'
import type { JsonValue } from '@posthorn/contracts'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { cellOf, csvOf, neutralise, restore, valueOf } from './csv.ts'

test('cells with commas, quotes and line ends are quoted (RFC 4180)', () => {
  expect(csvOf([['a', 'b,c', 'say "hi"', 'two\nlines', '']])).toBe('a,"b,c","say ""hi""","two\nlines",\r\n')
  expect(csvOf([])).toBe('')
})

test.each([';', '|', '\t'])('cells with %j are quoted, since some spreadsheets part them there', (sign) => {
  expect(csvOf([[`a${sign}=1+1`, 'b']])).toBe(`"a${sign}=1+1",b\r\n`)
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
    expect(neutralise(cell)).toBe(`'${cell}`)
  })

  test.each(['', 'a', '1', '1-1', 'a=1', '{"a":"=1"}', 'ada@example.com', '2026-01-31'])(
    '%j stays as it is',
    (cell) => {
      expect(neutralise(cell)).toBe(cell)
    },
  )

  test.each(['=1', "'", "''=1", 'plain', '"=1"', "'Twas"])('and %j can be restored', (cell) => {
    expect(restore(neutralise(cell))).toBe(cell)
  })

  test.each(["'Twas", "'90s", '=1', 'plain', ''])('%j from somebody else stays as it is', (cell) => {
    expect(restore(cell)).toBe(cell)
  })
})

describe('whatever stands in a cell', () => {
  // The characters that mean something to CSV, to spreadsheets or to JSON come up often.
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...`='"+-@,;\\[]{}:\t\r\n \u00a0\ufeff＝＋－＠01a.eEtruefalsn`.split('')) }),
    fc.string({ unit: 'grapheme' }),
  )
  const value = fc.oneof(
    text,
    fc.jsonValue({ stringUnit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  )
  const throughFile = (cells: string[]) => parse(csvOf([cells]), { relax_column_count: true })[0]

  test('comes out of the file as it was, and nothing of it runs', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (cells) => {
        const read = throughFile(cells) ?? []
        expect(read.map(restore)).toEqual(cells)
        expect(read.filter((cell) => /^["\s\u00a0\ufeff]*[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('keeps its type, be it text that looks like something else', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 5 }), (values) => {
        const read = throughFile(values.map((one) => cellOf(one as JsonValue))) ?? []
        // Minus nothing is nothing in JSON.
        expect(read.map((cell) => valueOf(restore(cell)))).toEqual(JSON.parse(JSON.stringify(values)))
      }),
      { numRuns: 500 },
    )
  })

  test('has no signs that are no text, but stands there as JSON', () => {
    expect(cellOf('a\u0001b')).toBe('"a\\u0001b"')
    expect(valueOf(cellOf('a\u0001b'))).toBe('a\u0001b')
  })

  test('that is no value is an empty cell, and so told from empty text and from null', () => {
    expect([undefined, '', null, 'null'].map(cellOf)).toEqual(['', '""', 'null', '"null"'])
    expect(['', '""', 'null', '"null"'].map(valueOf)).toEqual([undefined, '', null, 'null'])
  })
})
