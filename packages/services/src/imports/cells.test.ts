import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importFile, people, type Options } from '../../test/import.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { momentOf } from './cells.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
})

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`

/** A file with such a cell in each row but the first and the last. */
function fileWith(cells: readonly string[]): string {
  const rows = ['', ...cells, ''].map((cell, at) => `${String(at).padStart(2, '0')}@example.com,${quoted(cell)}`)
  return `email,cell\n${rows.join('\n')}\n`
}

type Column = NonNullable<Options['columns']>[number]

const mapped = (cell: Omit<Column, 'column'>): Options => ({
  columns: [
    { column: 'email', to: 'email' },
    { column: 'cell', ...cell },
  ],
})

const NO_DAYS = ['0000-01-01', '0001-01-01', '0001-01-01T00:00:00+05:00', '0000-01-01 00:00:00+14:00', '1899-12-30']
const DAYS_AT_THE_EDGE = ['1970-01-01', '9999-12-31', '9999-12-31T23:59:59-14:00', '2024-02-30', '+275760-09-13']

const STRANGE_TEXTS = [
  '"a\\u0000b"',
  '"\\ud800"',
  '["a\\u0000"]',
  '["\\udc00\\ud800"]',
  '\ufffe',
  '1e400',
  '-0',
  '{',
  '[',
]
const STRANGE_KEYS = ['a\\u0000b', 'a\\ud800b', '\\udc00\\ud800', '__proto__', '', 'x'.repeat(3_000)]
const STRANGE = [
  ...STRANGE_TEXTS,
  ...STRANGE_KEYS.flatMap((key) => [`{"${key}":1}`, `{"a":{"${key}":1}}`, `[{"${key}":"\\u0000"}]`]),
]

describe('no cell keeps the rows beside it from being imported', () => {
  test.each<Omit<Column, 'column'>>([
    { to: 'field', type: 'string' },
    { to: 'field', type: 'number' },
    { to: 'field', type: 'boolean' },
    { to: 'field', type: 'date' },
    { to: 'field', type: 'list' },
    { to: 'field', type: 'any' },
    { to: 'data' },
    { to: 'topics' },
    { to: 'subscribed' },
    { to: 'unsubscribed' },
    { to: 'status' },
  ])('in a column of %j', async (column) => {
    const cells = [...NO_DAYS, ...DAYS_AT_THE_EDGE, ...STRANGE]
    const { id, status, counts } = await importFile(instance, project, fileWith(cells), mapped(column))
    expect({ status, rows: counts?.rows }).toEqual({ status: 'succeeded', rows: cells.length + 2 })
    const { data: refused } = await project.call(['imports', 'problems'], { id, limit: 100 })
    expect(refused.length).toBe(counts?.refused)
    const stored = (await people(instance, project)).map(([email]) => email)
    expect(stored.length).toBe(cells.length + 2 - refused.length)
    expect([stored.at(0), stored.at(-1)]).toEqual(['00@example.com', `${cells.length + 1}@example.com`])
  })
})

test('who refuses since a day that cannot be refuses all the same, from now on', async () => {
  await importFile(instance, project, fileWith([...NO_DAYS, '2024-03-01']), mapped({ to: 'unsubscribed' }))
  const { rows } = await sql<{ subscribed: boolean; isNow: boolean | null }>`
    select subscribed, opted_out_at > now() - interval '1 hour' as "isNow"
    from contacts where project_id = ${project.id} order by email
  `.execute(instance.db)
  expect(rows.map(({ subscribed, isNow }) => [subscribed, isNow])).toEqual([
    [true, null],
    ...NO_DAYS.map(() => [false, true]),
    [false, false],
    [true, null],
  ])
})

test('the report names a field as well as it can be written', async () => {
  const cells = ['{"a\\u0000b":1}', '{"a\\ud800b":1}', '{"a":{"b\\u0000":1}}']
  const { id } = await importFile(instance, project, fileWith(cells), mapped({ to: 'field', field: 'x', type: 'any' }))
  const { data } = await project.call(['imports', 'problems'], { id })
  expect(data.map(({ row, code, message }) => [row, code, message])).toEqual([
    [3, 'invalid_data', 'data.x.a\ufffdb: The NUL character is not allowed.'],
    [4, 'invalid_data', 'data.x.a\ufffdb: This text is not well-formed Unicode.'],
    [5, 'invalid_data', 'data.x.a.b\ufffd: The NUL character is not allowed.'],
  ])
  const { pieces } = await project.call(['imports', 'report'], { id })
  let report = ''
  for await (const piece of pieces) report += piece
  expect(report).toContain('data.x.a\ufffdb')
})

test.each<[cell: string, moment: string | undefined]>([
  ['2024-03-01', '2024-03-01T00:00:00.000Z'],
  ['1970-01-01', '1970-01-01T00:00:00.000Z'],
  ['1970-01-01T02:00:00+05:00', undefined],
  ['2024-03-01 12:00', '2024-03-01T12:00:00.000Z'],
  ['2024-03-01 12:00:00+0530', '2024-03-01T06:30:00.000Z'],
  ['2024-03-01T12:00:00.123456789-08:00', '2024-03-01T20:00:00.123Z'],
  ['0001-01-01T00:00:00+0500', undefined],
  ...[...NO_DAYS, ...DAYS_AT_THE_EDGE.slice(1)].map((cell): [string, undefined] => [cell, undefined]),
])('%s tells the moment %s', (cell, moment) => {
  expect(momentOf(cell)).toBe(moment)
})
