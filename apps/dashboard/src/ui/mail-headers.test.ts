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
