import { operations } from '@posthorn/contracts'
import type { ColumnType } from '@posthorn/contracts/imports'
import { describe, expect, test } from 'vitest'
import { splitData, type Data } from '../contacts/merge.ts'
import { parseInput } from '../validation.ts'
import { columnsOf } from './guess.ts'
import { planOf } from './plan.ts'
import { rowReader } from './rows.ts'

const NAMES = ['email', 'value', 'data']
const columns = columnsOf(NAMES, [])

const reader = (type: ColumnType, field = 'value') =>
  rowReader(
    planOf(columns, [
      { column: 'email', to: 'email' },
      { column: 'value', to: 'field', field, type },
      { column: 'data', to: 'data' },
    ]),
  )

const valueOf = (type: ColumnType, cell: string) => {
  const read = reader(type)(2, ['ada@example.com', cell])
  return 'wish' in read ? read.wish.patch['value'] : read.problem.code
}

describe('a cell is read by its type', () => {
  test.each<[ColumnType, string, unknown]>([
    ['string', '01234', '01234'],
    ['string', ' Ada ', ' Ada '],
    ['string', '   ', undefined],
    ['number', '12.5', 12.5],
    ['number', ' -3 ', -3],
    ['number', '1e3', 1000],
    ['number', '.5', 0.5],
    ['number', '1,5', 'invalid_cell'],
    ['number', '0x10', 'invalid_cell'],
    ['number', 'Infinity', 'invalid_cell'],
    ['number', '12345678901234567890', 'invalid_cell'],
    ['number', '00123', 'invalid_cell'],
    ['number', '-01', 'invalid_cell'],
    ['number', '0', 0],
    ['number', '0.50', 0.5],
    ['boolean', 'TRUE', true],
    ['boolean', 'no', false],
    ['boolean', '1', true],
    ['boolean', 'maybe', 'invalid_cell'],
    ['date', '2026-01-31', '2026-01-31'],
    ['date', '2026-01-31T09:30:00Z', '2026-01-31T09:30:00Z'],
    ['date', '2026-02-30', 'invalid_cell'],
    ['date', '31.01.2026', 'invalid_cell'],
    ['list', 'a; b;;c', ['a', 'b', 'c']],
    ['list', 'a|b', ['a', 'b']],
    ['list', '["a;b", 2]', ['a;b', 2]],
    ['list', 'one', ['one']],
    ['list', '[1', 'invalid_cell'],
    ['list', '[9007199254740993]', 'invalid_cell'],
    ['any', '12', 12],
    ['any', '"12"', '12'],
    ['any', '012', '012'],
    ['any', '9007199254740993', 'invalid_cell'],
    ['any', '-12345678901234567890', 'invalid_cell'],
    ['any', '{"a":[{"b":12345678901234567890}]}', 'invalid_cell'],
    ['any', '"12345678901234567890"', '12345678901234567890'],
    ['any', 'call 12345678901234567890', 'call 12345678901234567890'],
    ['any', '{"a":[1]}', { a: [1] }],
    ['any', 'null', undefined],
    ['any', '{"value":1,"persistent":false}', { value: 1, persistent: false }],
  ])('%s: %j', (type, cell, value) => {
    const expected = cell.includes('persistent') ? undefined : value
    expect(valueOf(type, cell)).toEqual(expected)
  })
})

test.each([
  0,
  -0,
  0.1,
  -1.5e-7,
  5e-324,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53) - 2,
  123_456_789_012_345_680_000,
  1e20,
  1e21,
  1.234e25,
  1.7976931348623157e308,
])('the number %s is taken as JavaScript writes it', (number) => {
  const written = JSON.stringify(number)
  expect(valueOf('any', written)).toBe(Number(written))
  expect(valueOf('list', `[${written}]`)).toEqual([Number(written)])
  const read = reader('string')(2, ['ada@example.com', '', `{"n":${written}}`])
  expect(read).toMatchObject({ wish: { patch: { n: Number(written) } } })
})

const ADDRESSES = [
  'ada@example.com',
  ' ADA@Example.COM ',
  'ada@bücher.example',
  'ada',
  '@example.com',
  'ada@',
  'ada@example',
  'a b@example.com',
  'Ada <ada@example.com>',
  'ada@example.com\nBcc: x@example.com',
  'a\0da@example.com',
  'ädá@example.com',
  `${'a'.repeat(65)}@example.com`,
  `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`,
  `${' '.repeat(2000)}ada@example.com`,
  '"ada"@example.com',
  'ada@127.0.0.1',
]

test.each(ADDRESSES)('%j is an address to an import as it is to an upsert', (address) => {
  const read = reader('string')(2, [address, ''])
  expect('wish' in read ? read.wish.email : undefined).toBe(upserted({ email: address })?.email)
})

const BIG = 'x'.repeat(66_000)
const VALUES: [ColumnType, string][] = [
  ['string', 'plain'],
  ['string', 'a\0b'],
  ['string', 'Zoë 🚀'],
  ['string', BIG],
  ['string', '"'.repeat(40_000)],
  ['string', '\u0001'.repeat(12_000)],
  ['string', 'é'.repeat(32_000)],
  ['string', 'é'.repeat(33_000)],
  ['any', '"a\\u0000b"'],
  ['any', '"\\ud800"'],
  ['any', '{"__proto__":1}'],
  ['any', `${'['.repeat(30)}${']'.repeat(30)}`],
  ['any', `${'['.repeat(10)}${']'.repeat(10)}`],
  ['any', '{"a\\u0000":1}'],
  ['any', '""'],
  ['any', '{"value":"x","persistent":true}'],
  ['any', `{"a":"${BIG}"}`],
  ['list', '["a", {"b": "\\ud800"}]'],
]

test.each(VALUES)('as %s, an import takes a cell as an upsert takes its value: %.30j', (type, cell) => {
  const read = reader(type)(2, ['ada@example.com', cell])
  const value = type === 'string' ? cell : (JSON.parse(cell) as Data[string])
  const patch = upserted({ email: 'ada@example.com', data: { value } })?.patch
  expect('wish' in read ? read.wish.patch : undefined).toEqual(patch)
})

test.each([
  'id',
  'email',
  'plunk_id',
  'unsubscribeUrl',
  'locale',
  '__proto__',
  'constructor',
  '',
  'x'.repeat(129),
  'plan',
])('a field may be called %.20j where an upsert may call it so', (field) => {
  const takes = (work: () => unknown) => {
    try {
      work()
      return true
    } catch {
      return false
    }
  }
  const data = Object.defineProperty({}, field, { value: 'x', enumerable: true }) as Data
  expect(takes(() => reader('string', field))).toBe(upserted({ email: 'ada@example.com', data }) !== undefined)
})

test('fields of a column of JSON are held to the same rules', () => {
  const code = (cell: string) => {
    const read = reader('string')(2, ['ada@example.com', '', cell])
    return 'wish' in read ? read.wish.patch : read.problem.code
  }
  expect(code('{"plan":"pro","gone":null}')).toEqual({ plan: 'pro' })
  expect(code('{"email":"x"}')).toBe('invalid_data')
  expect(code('[1]')).toBe('invalid_cell')
  expect(code('{')).toBe('invalid_cell')
  expect(code('{"n":9007199254740993}')).toBe('invalid_cell')
})

test('a row with more cells than columns is refused, unless they are empty', () => {
  expect(reader('string')(2, ['ada@example.com', 'a', '', 'b'])).toMatchObject({ problem: { code: 'too_many_cells' } })
  expect(reader('string')(2, ['ada@example.com', 'a', '', '', ' '])).toMatchObject({ wish: { patch: { value: 'a' } } })
})

describe('what a column seems to be', () => {
  test.each<[string, string[], object]>([
    ['E-Mail', ['x'], { to: 'email' }],
    ['Kontakt', ['ada@example.com', 'grace@example.com', ''], { to: 'email' }],
    ['subscribed', ['true', 'no'], { to: 'subscribed' }],
    ['Newsletter', ['weekly'], { to: 'field', type: 'string' }],
    ['zip', ['01234', '12345'], { to: 'field', field: 'zip', type: 'string' }],
    ['phone', ['+49301234', '+4930123'], { to: 'field', type: 'string' }],
    ['customer', ['123456789012345'], { to: 'field', type: 'string' }],
    ['age', ['36', '', '40.5'], { to: 'field', type: 'number' }],
    ['active', ['TRUE', 'false'], { to: 'field', type: 'boolean' }],
    ['flags', ['1', '0'], { to: 'field', type: 'number' }],
    ['since', ['2024-01-01', '2025-12-31T10:00Z'], { to: 'field', type: 'date' }],
    ['tags', ['["a"]', '[]'], { to: 'field', type: 'list' }],
    ['notes', [], { to: 'field', type: 'string' }],
    ['locale', ['no', 'no'], { to: 'field', field: 'locale', type: 'string' }],
    ['locale', ['5'], { to: 'field', field: 'locale', type: 'string' }],
    ['topics', ['{"news":false}', ''], { to: 'topics' }],
    ['E-Mail topics', ['{}'], { to: 'topics' }],
    ['Topics', ['sports;news'], { to: 'field', type: 'string' }],
    ['seats', ['{"news":false}'], { to: 'field', type: 'string' }],
    ['id', ['1'], { to: 'ignore' }],
    ['unsubscribeUrl', ['x'], { to: 'ignore' }],
  ])('%s with %j', (name, cells, suggestion) => {
    expect(
      columnsOf(
        [name],
        cells.map((cell) => [cell]),
      )[0]!.suggestion,
    ).toMatchObject(suggestion)
  })
})

function upserted(input: { email: string; data?: Data }): { email: string; patch: Data } | undefined {
  try {
    const { email, data } = parseInput(operations.contacts.upsert, input) as { email: string; data?: Data }
    return { email, patch: splitData(data).persistent }
  } catch {
    return undefined
  }
}
