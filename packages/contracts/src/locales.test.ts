import { expect, test } from 'vitest'
import { Language, TimeZone } from './locales.ts'

test.each([
  ['en', 'en'],
  [' DE-at ', 'de-AT'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['pt-br', 'pt-BR'],
])('the language %j is kept as %s', (given, kept) => {
  expect(Language.safeDecode(given)).toMatchObject({ success: true, data: kept })
})

test.each(['', 'english', 'e', 'en_US', 'en-', '*', 'x'.repeat(36), 'de-DE-1996-x-abcdefgh-abcdefgh-abcdefgh'])(
  '%j is no language',
  (given) => {
    expect(Language.safeDecode(given).success).toBe(false)
  },
)

test.each([
  ['UTC', 'UTC'],
  ['europe/berlin', 'Europe/Berlin'],
  [' America/Argentina/Buenos_Aires ', 'America/Argentina/Buenos_Aires'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['Asia/Calcutta', 'Asia/Calcutta'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
])('the time zone %j is kept as %s', (given, kept) => {
  expect(TimeZone.safeDecode(given)).toMatchObject({ success: true, data: kept })
})

test.each([
  '',
  '+05:30',
  '-03',
  'Mars/Olympus',
  'Europe',
  '5',
  'Europe/Berlin; drop table projects',
  'SystemV/AST4',
  // What JavaScript and PostgreSQL take for different zones, and their like.
  'IST',
  'BST',
  'AST',
  'ACT',
  'EST5EDT',
  'CET',
  'GMT',
])('%j is no time zone', (given) => {
  expect(TimeZone.safeDecode(given).success).toBe(false)
})
