import { expect, test } from 'vitest'
import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { dataRecord, EmailAddress, Id, Json, Mailbox, NumberedQuery, page, PageQuery, Timestamp } from './primitives.ts'

test.each([
  ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
  ['2026-01-31T09:30:00.123456Z', '2026-01-31T09:30:00.123Z'],
  ['2026-01-31T09:30:00+05:30', '2026-01-31T04:00:00.000Z'],
  ['2024-02-29T00:00:00-08:00', '2024-02-29T08:00:00.000Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['0000-12-31T19:00:00-05:00', '0001-01-01T00:00:00.000Z'],
])('the time %s goes out again as %s', (given, written) => {
  const moment = z.decode(Timestamp, given)
  expect(moment).toBeInstanceOf(Date)
  expect(z.encode(Timestamp, moment)).toBe(written)
})

test.each([
  '',
  'tomorrow',
  '2026-01-31',
  '2026-01-31T09:30:00',
  '2026-01-31 09:30:00Z',
  '2026-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00+24:00',
  '+002026-01-01T00:00:00Z',
  '1000000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-14:00',
  '0000-01-01T00:00:00+14:00',
  '0000-01-01T00:00:00Z',
  '0000-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00+05:00',
  1_769_851_800,
  null,
  new Date(0),
])('%s is no time', (given) => {
  expect(z.safeDecode(Timestamp, given as string).success).toBe(false)
})

test('an address and a mailbox come out as they are stored, and go in again unchanged', () => {
  const written = [' ADA@Example.COM ', 'ada@bücher.de', 'ada@example.com']
  for (const one of written) {
    const decoded = z.decode(EmailAddress, one)
    expect(z.decode(EmailAddress, z.encode(EmailAddress, decoded))).toBe(decoded)
  }
  const mailboxes = ['ADA@example.com', 'Ada <ada@example.com>', { email: 'ADA@example.com', name: 'Ada' }]
  for (const one of mailboxes) {
    const decoded = z.decode(Mailbox, one)
    expect(z.decode(Mailbox, z.encode(Mailbox, decoded))).toEqual(decoded)
  }
})

test.each([
  [['ada@example.com'], 'an array'],
  [5, 'a number'],
  [true, 'a boolean'],
  [null, 'null'],
  [{ email: ['ada@example.com'] }, 'an array for the address'],
  [{ email: 'ada@example.com', name: 5 }, 'a number for the name'],
  [{ email: 'ada@example.com', name: 'Ada\r\nBcc: eve@example.com' }, 'a name with a line break'],
  [{ name: 'Ada' }, 'a name alone'],
  [{ address: 'ada@example.com' }, 'another field'],
])('%j is no mailbox: %s', (...[given]: unknown[]) => {
  expect(z.safeDecode(Mailbox, given as string).success).toBe(false)
})

test('only a UUID is an id', () => {
  expect(Id.safeParse('0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b').success).toBe(true)
  for (const wrong of ['', '1', 'cnt_abc123', '0190a1b2c3d47e5f8a9b0c1d2e3f4a5b', "' or 1=1 --", 5, null]) {
    expect(Id.safeParse(wrong).success).toBe(false)
  }
})

const Data = dataRecord(Json)
const isData = (value: unknown) => Data.safeParse(value).success

test('data holds any JSON, kept as it is', () => {
  const value = { text: 'é🦉', number: -0.5, yes: true, nothing: null, list: [1, [2, { three: 3 }]], object: { a: {} } }
  expect(Data.parse(value)).toEqual(value)
})

test.each([
  ['an array', []],
  ['text', 'x'],
  ['an empty name', { '': 1 }],
  ['a name too long', { ['k'.repeat(LIMITS.dataKeyLength + 1)]: 1 }],
  ['constructor', { constructor: 1 }],
  ['prototype', { prototype: 1 }],
  ['infinity', { n: Infinity }],
  ['not a number', { n: Number.NaN }],
  ['a date', { d: new Date() }],
  ['a function', { f: () => 1 }],
])('data refuses %s', (_, value) => {
  expect(isData(value)).toBe(false)
})

test('__proto__ never gets through, at any depth', () => {
  const parsed = Data.parse(
    JSON.parse('{"a":{"__proto__":{"x":1}},"__proto__":{"y":1},"list":[{"__proto__":{"z":1}}]}'),
  )
  expect(JSON.stringify(parsed)).toBe('{"a":{},"list":[{}]}')
  expect(Object.getPrototypeOf(parsed['a'])).not.toHaveProperty('x')
})

test('data is bounded in bytes, not in characters', () => {
  const jsonBytes = (text: string) => Buffer.byteLength(JSON.stringify({ t: text }))
  const fits = 'é'.repeat((LIMITS.dataBytes - jsonBytes('')) / 2)
  expect(isData({ t: fits })).toBe(true)
  expect(isData({ t: `${fits}é` })).toBe(false)
})

test.each([
  [undefined, LIMITS.pageSizeDefault],
  ['1', 1],
  ['100', 100],
  [100, 100],
  ['0', undefined],
  ['101', undefined],
  ['-1', undefined],
  ['5.5', undefined],
  ['ten', undefined],
  ['', undefined],
  ['1e9', undefined],
  [null, undefined],
  [{}, undefined],
])('a limit of %j reads as %j', (limit, read) => {
  expect(z.object(PageQuery).safeParse({ limit }).data?.limit).toBe(read)
})

test.each(['99999999999999999', '-99999999999999999', '1e999', '1.5', '1000000', '0', 'ten'])(
  'what is wrong with %s as the number or the size of a page is said once',
  (number) => {
    for (const field of ['limit', 'page', 'pageSize']) {
      const { error } = z.object({ ...PageQuery, ...NumberedQuery }).safeParse({ [field]: number })
      expect(error?.issues).toMatchObject([
        { path: [field], message: expect.stringMatching(/^Expected a whole number from 1 to \d+\.$/) },
      ])
    }
  },
)

test('a page drops what its items did not promise', () => {
  const Page = page(z.object({ id: Id }))
  const id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
  const rows = { data: [{ id, hash: 'secret' }], cursor: null, hasMore: false, total: 5 }
  expect(z.encode(Page, rows)).toEqual({ data: [{ id }], cursor: null, hasMore: false })
})
