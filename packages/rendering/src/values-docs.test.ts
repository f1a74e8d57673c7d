import { readFileSync } from 'node:fs'
import { Liquid } from 'liquidjs'
import { expect, test } from 'vitest'
import { compilePart } from './compile.ts'
import { htmlEngine } from './engine.ts'

const GUIDE = new URL('../../../docs/templates.md', import.meta.url)
const SURROUNDINGS = { timeZone: 'UTC', now: new Date(0) }

/** The rows of the guide's table: a value, and what becomes of it in HTML, in an attribute, in text, and in a condition. */
const rows = readFileSync(GUIDE, 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => /^`(.*)`$/.exec(cell.trim())?.[1] ?? cell.trim()))
  .filter(([, , , , , condition]) => condition === 'yes' || condition === 'no')

test.each(rows)('%s`%s` is written as the guide says', (_, value = '', inHtml, inAttribute, inText, condition) => {
  const given = value === 'missing' ? {} : { v: JSON.parse(value) as unknown }
  const write = (source: string, kind: 'html' | 'plain' = 'html') =>
    compilePart(source, kind).render(given, SURROUNDINGS)
  expect({
    inHtml: write('{{ v }}'),
    inAttribute: write('<i title="{{ v }}">'),
    inText: write('{{ v }}', 'plain'),
    condition: write('{% if v %}yes{% else %}no{% endif %}'),
    fallback: write('{{ v ?? "fallback" }}', 'plain') === 'fallback',
  }).toEqual({
    inHtml,
    inAttribute: `<i title="${inAttribute}">`,
    inText,
    condition,
    fallback: ['missing', 'null', '""'].includes(value),
  })
})

test('the guide tells of every kind of value', () => {
  expect(rows.map(([, value]) => value)).toEqual([
    'missing',
    'null',
    '""',
    '0',
    'false',
    'true',
    '1.5',
    '"<b>"',
    '"2026-03-01T10:00:00Z"',
    '["a","b"]',
    '[]',
    '{"a":1}',
  ])
})

test('the guide says which tags there are, and which of Liquid there are not', () => {
  const [, there = '', others = ''] =
    /The tags are (.*?); there are no others(.*?)\.\n/s.exec(readFileSync(GUIDE, 'utf8')) ?? []
  const named = (words: string) => new Set(Array.from(words.matchAll(/`(.+?)`/g), ([, name]) => name))
  const known = Object.keys(htmlEngine().tags)
  expect(named(there)).toEqual(new Set(known))
  expect(named(others)).toEqual(new Set(Object.keys(new Liquid().tags).filter((name) => !known.includes(name))))
})
