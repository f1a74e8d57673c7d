import { filters as known } from 'liquidjs'
import { describe, expect, test } from 'vitest'
import { workMs } from '../test/work.ts'
import { compilePart } from './compile.ts'
import { FILTERS } from './filters.ts'

const SURROUNDINGS = { timeZone: 'Europe/Berlin', now: new Date('2026-07-01T22:30:00Z') }

/** Of liquidjs, and for no template: chance would give each rendering other bytes. */
const REFUSED = new Set(['sample'])

test('every filter of liquidjs was looked at', () => {
  expect(Object.keys(known).filter((name) => !FILTERS.has(name) && !REFUSED.has(name))).toEqual([])
})

const SIZE = 60_000
const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)])

/** Values as large as a request may bring them. */
const HOSTILE: Record<string, unknown> = {
  as: 'a'.repeat(SIZE),
  aba: `${'a'.repeat(SIZE / 4)}b${'a'.repeat(SIZE / 4)}`,
  ab: `${'a'.repeat(SIZE / 2)}b`,
  blanks: `${' '.repeat(SIZE)}x`,
  tags: '<'.repeat(SIZE),
  script: '<script'.repeat(SIZE / 7),
  percents: '%c'.repeat(SIZE / 2),
  path: 'a.'.repeat(SIZE / 2),
  brackets: 'a['.repeat(SIZE / 2),
  digits: '9'.repeat(SIZE),
  list: Array.from({ length: SIZE / 4 }, (_, at) => `${at % 97}`),
  objects: Array.from({ length: SIZE / 8 }, (_, at) => ({ a: at % 97 })),
  nested: nested(500),
}

/** Each argument in its turn as given, and the others as somebody might write them. */
function callsOf(name: string): string[] {
  const { args } = FILTERS.get(name) ?? { args: [] }
  const usual = args.map((kind) => {
    if (kind === 'name') return '"i"'
    return kind === 'expression' ? '"i.a == 1 or i contains b"' : kind === 'zone' ? '"Asia/Tokyo"' : '"a"'
  })
  const isRead = (at: number) => args[at] === 'name' || args[at] === 'expression'
  const all = args.map((_, at) => (isRead(at) ? usual[at] : 'y'))
  const each = args.flatMap((_, at) => (isRead(at) ? [] : [usual.map((word, other) => (other === at ? 'y' : word))]))
  return [...new Set([...each, all].map((words) => (words.length === 0 ? name : `${name}: ${words.join(', ')}`)))]
}

const pick = (...names: string[]) => Object.entries(HOSTILE).filter(([name]) => names.includes(name))

describe('no filter takes long, whatever it is given', () => {
  test.each([...FILTERS.keys()])('%s', (name) => {
    const slow: string[] = []
    for (const call of callsOf(name)) {
      const part = compilePart(`{{ x | ${call} }}`, 'html')
      const values = call === name ? Object.entries(HOSTILE) : pick('as', 'list', 'objects')
      const given = !/\by\b/.test(call) ? [['nothing', '']] : pick('aba', 'percents', 'path', 'list')
      for (const [x, value] of values) {
        for (const [y, argument] of given) {
          const ms = workMs(() => part.render({ x: value, y: argument, b: HOSTILE['aba'] }, SURROUNDINGS))
          if (ms > 1_000) slow.push(`${x} | ${call} with ${y}: ${ms} ms`)
        }
      }
    }
    expect(slow).toEqual([])
  })
})

describe('no template takes long that has little to fill in', () => {
  test.each([
    ['texts that double', `${'{% capture a %}{{ a }}{{ a }}<b>{% endcapture %}'.repeat(23)}<i title="{{ a }}">`],
    [
      'lists that hold lists',
      `{% assign a = "x" | split: "" %}${'{% assign a = a | push: a | push: a %}'.repeat(40)}{{ a }}`,
    ],
    [
      'lists that are compared',
      `{% assign a = "x" | split: "" %}{% assign b = "x" | split: "" %}${'{% assign a = a | push: a | push: a %}{% assign b = b | push: b | push: b %}'.repeat(40)}{% if a == b %}{% endif %}`,
    ],
    [
      'lists that are sorted',
      '{% assign l = "" | split: "" %}{% for i in (1..999) %}{% assign l = l | push: x %}{% endfor %}{{ l | sort | size }}',
    ],
    ['a long way to each of many', `{{ (1..49999) | where_exp: "i", "i${'[i'.repeat(900)}${']'.repeat(900)}" }}`],
    ['texts in texts', '{% if x contains b %}{% endif %}'],
    ['HTML over and over', `{% for i in (1..999999) %}${'x'.repeat(50_000)}{% endfor %}`],
    ['a loop over nothing', '{% for i in (1..1999999) %}{% endfor %}'],
    ['a range as it is', '{{ (1..1999999) }}'],
    ['ranges that are compared', '{% assign a = (1..999998) %}{% assign b = (1..999998) %}{% if a == b %}{% endif %}'],
    ['a range as a list', '{{ (1..1999999) | reverse | size }}'],
  ])('%s', (_, source) => {
    const part = compilePart(source, 'html')
    expect(workMs(() => part.render({ x: HOSTILE['as'], b: HOSTILE['aba'] }, SURROUNDINGS))).toBeLessThan(1_000)
  })
})

test('what names a field is a short text', () => {
  const part = compilePart('a {{ l | map: p }}', 'plain')
  expect(part.render({ l: [{ a: 1 }], p: 'a' }, SURROUNDINGS)).toBe('a 1')
  expect(() => part.render({ l: [{ a: 1 }], p: ['a'] }, SURROUNDINGS)).toThrow(
    expect.objectContaining({ message: expect.stringContaining('takes the name of a field'), line: 1, column: 3 }),
  )
})

test.each([
  ['{{ "a-b-a" | replace: "a", "c" }}', 'c-b-c'],
  ['{{ "a-b-a" | replace_first: "a", "$&" }}', '$&-b-a'],
  ['{{ "a-b-a" | replace_last: "a", "c" }}', 'a-b-c'],
  ['{{ "a-b-a" | remove: "a" }}{{ "a-b-a" | remove_first: "a" }}{{ "a-b-a" | remove_last: "a" }}', '-b--b-aa-b-'],
  ['{{ "a,b,," | split: "," | join: "+" }}{{ "ab" | split: "" | join: "+" }}', 'a+ba+b'],
  ['{{ l | sort: "n" | map: "k" | join: "" }}{{ l | sort_natural: "k" | map: "k" | join: "" }}', 'acBdaBcd'],
])('%s', (source, expected) => {
  const l = [{ k: 'c', n: 2 }, { k: 'B', n: 10 }, { k: 'a', n: 1 }, { k: 'd' }]
  expect(compilePart(source, 'plain').render({ l }, SURROUNDINGS)).toBe(expected)
})

test.each([
  ['{{ 10 | divided_by: 0 }}{{ 0 | divided_by: 0 }}{{ 10 | modulo: 0 }}', ''],
  ['{{ 10 | divided_by: nobody }}{{ 10 | divided_by: word }}', ''],
  ['{{ 10 | divided_by: 0 ?? "none" }}', 'none'],
  ['{{ 10 | divided_by: 4 }} {{ 10 | divided_by: 4, true }} {{ 10 | modulo: 4 }}', '2.5 2 2'],
])('what is divided by zero is no number, and so is nothing: %s', (source, expected) => {
  expect(compilePart(source, 'plain').render({ word: 'a' }, SURROUNDINGS)).toBe(expected)
})
