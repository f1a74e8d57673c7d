const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)

/** Values that have broken somebody's API, as JSON, because not all of them survive being a JavaScript value. */
export const HOSTILE_JSON = [
  '"a\\u0000b"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\uFFFF\\uFDD0"',
  '"\\u202e\\u200b\\ufeff"',
  '"\\r\\n.\\r\\n"',
  `"' or 1=1; drop table projects; --"`,
  '"%00%ff${7*7}{{7*7}}$1\\\\"',
  '""',
  '" "',
  '"NaN"',
  '"__proto__"',
  '"constructor"',
  `"${'a'.repeat(3_000)}"`,
  `"${'@'.repeat(20_000)}"`,
  `"${'a.'.repeat(10_000)}@example.com"`,
  `"a@${'b.'.repeat(120)}example"`,
  '"+1000000-01-01T00:00:00Z"',
  '"-000001-01-01T00:00:00Z"',
  '"0000-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.999Z"',
  '"2026-02-30T00:00:00Z"',
  '"2026-06-30T23:59:60Z"',
  '"2026-01-01T00:00:00+99:99"',
  '1e400',
  '-1e400',
  '1e308',
  '5e-324',
  '-0',
  '1.5',
  '9007199254740993',
  '99999999999999999999999999',
  'null',
  'true',
  '[]',
  '[[[]]]',
  '[null]',
  '{}',
  `[${'0,'.repeat(5_000)}0]`,
  nested(30, '[', ']'),
  nested(20_000, '[', ']'),
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":{"__proto__":{"polluted":true}}}',
  '{"toString":null,"valueOf":1,"hasOwnProperty":2,"toJSON":"x","then":"x","length":-1}',
  '{"\\u0000":1}',
  '{"\\ud800":1}',
  '{"":1}',
  `{"${'k'.repeat(3_000)}":1}`,
  '{"value":"\\u0000","persistent":false}',
]

/** The same for a part of a path or a query, already escaped. */
export const HOSTILE_TEXT = [
  '%00',
  '%ff',
  '%ed%a0%80',
  '%',
  '%zz',
  '%0d%0aInjected:%20yes',
  '..',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '__proto__',
  'constructor',
  'a'.repeat(5_000),
  `${'a'.repeat(300)}@example.com`,
  '%F0%9F%92%A9',
  "'%20or%201=1--",
  'NaN',
  'Infinity',
  '-1',
  '0x10',
  '1e400',
  '99999999999999999999',
  '%2B1000000-01-01T00:00:00Z',
  '[]',
  '{}',
  '*',
]

type Path = (string | number)[]

/** Where a value could stand in an input: each field, each part of a field, and the fields that were left out. */
export function placesIn(input: Record<string, unknown>, fields: string[]): Path[] {
  const inside = (value: unknown, path: Path): Path[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, inner]) => [[...path, name], ...inside(inner, [...path, name])])
      : []
  const missing = fields.filter((field) => !(field in input)).map((field) => [field])
  return [...inside(input, []), ...missing]
}

const MARK = '@@here@@'

/** The input as JSON, with other JSON in one place. */
export function withJson(input: Record<string, unknown>, path: Path, json: string): string {
  const copy = structuredClone(input)
  let target: Record<string | number, unknown> = copy
  for (const step of path.slice(0, -1)) target = target[step] as Record<string | number, unknown> // Safe because the path leads through objects.
  target[path.at(-1) ?? ''] = MARK
  // A function, because `$` in a text means something to replace().
  return JSON.stringify(copy).replace(`"${MARK}"`, () => json)
}
