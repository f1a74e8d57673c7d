import { expect, test } from 'vitest'
import { headersOf } from './mail-headers.ts'

/** With one character for each byte. */
const lines = (...all: string[]) => String.fromCharCode(...new TextEncoder().encode(all.join('\r\n')))

test('headers come in their order, unfolded, as often as they stand there, and nothing of the body', () => {
  const source = lines('Received: one', 'Received: two', 'Subject: Grüße,', ' and more: all', '', 'Not: a header')
  expect(headersOf(source)).toEqual([
    ['Received', 'one'],
    ['Received', 'two'],
    ['Subject', 'Grüße, and more: all'],
  ])
})

test('a message without a body has headers', () => {
  expect(headersOf('X-Empty:\nTo: ada@example.com\n')).toEqual([
    ['X-Empty', ''],
    ['To', 'ada@example.com'],
  ])
})

test('encoded words are read, whatever they are written in, also those that share a letter', () => {
  const read = (value: string) => headersOf(lines(`Subject: ${value}`))[0]?.[1]
  expect(read('=?utf-8?Q?Gr=C3=BC=C3=9Fe_an_alle?=')).toBe('Grüße an alle')
  expect(read('=?UTF-8?B?R3LDvMOfZQ==?= aus =?iso-8859-1?q?K=F6ln?=')).toBe('Grüße aus Köln')
  expect(read('=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9F?=\r\n =?utf-8?Q?e?=')).toBe('Grüße')
  expect(read('=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?= <ada@example.com>')).toBe('Grüße <ada@example.com>')
})

test('what is no encoded word, or one that nobody can read, stays as it stands there', () => {
  for (const value of ['=?utf-8?X?abc?=', '=?no-such?Q?abc?=', '=?utf-8?B?%%%?=', '=?utf-8?Q?a b?=', '100 =? 5']) {
    expect(headersOf(lines(`Subject: ${value}`))).toEqual([['Subject', value]])
  }
})
