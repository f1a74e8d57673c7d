import type { JsonValue } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import { parse } from 'csv-parse/sync'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import type { Actor } from '../context.ts'
import { restore, valueOf } from '../csv.ts'
import type { Download } from '../downloads.ts'
import { newId } from '../ids.ts'
import { fieldOf } from './columns.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

async function textOf({ pieces }: Download): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

const rowsOf = (csv: string) =>
  parse<Record<string, string>>(csv, { bom: true, columns: true }).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [restore(name), restore(cell)])),
  )
const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const OWN = new Set(['id', 'email', 'subscribed', 'createdAt', 'updatedAt', 'data'])

/** What somebody makes of a row who knows how it was written. */
function dataOf(row: Record<string, string>) {
  const own = Object.entries(row)
    .filter(([column]) => !OWN.has(column) && column !== 'optedOutAt')
    .flatMap(([column, cell]): [string, JsonValue][] => {
      const value = valueOf(cell)
      return value === undefined ? [] : [[fieldOf(column), value]]
    })
  return { ...Object.fromEntries(own), ...(JSON.parse(row['data'] || '{}') as Record<string, JsonValue>) }
}

const people: { email: string; data: Record<string, JsonValue> }[] = [
  {
    email: 'ada@example.com',
    data: { plan: 'pro', age: 36, vip: true, tags: ['a', 'b,"c"'], home: { city: 'London' } },
  },
  { email: 'bob@example.com', data: { plan: '=cmd|"/c calc"!A1', age: '36', vip: 'true', note: 'two\r\nlines' } },
  { email: 'cy@example.com', data: { plan: "'quoted", zip: '01234', phone: '+49 30 1', minus: -5, blank: ' ' } },
  {
    email: 'dee@example.com',
    data: { subscribed: 'never', Email: 'other', data: 1, 'data.x': 2, '=f': '＝1', list: [] },
  },
  { email: 'eve@example.com', data: { quote: '"hi"', json: '{"a":1}', nothing: 'null', e: '1e400', umlaut: 'Zoë 🦊' } },
]

/** Somebody who is signed in. */
const grace = (projectId: string, scopes: Actor['scopes']): Actor => ({
  ...({ kind: 'user', role: 'owner', projectId, scopes } as const),
  person: {
    userId: newId(),
    sessionId: newId(),
    name: 'Grace',
    email: 'grace@example.com',
    emailVerified: true,
    isInstanceOwner: false,
    provenAt: new Date(),
  },
})

async function filled(name = 'Export'): Promise<TestProject> {
  const project = await instance.project(name)
  for (const { email, data } of people) await project.call(['contacts', 'upsert'], { email, data })
  return project
}

test('contacts come out of CSV and of JSON lines as they went in, with the types of their values', async () => {
  const project = await filled()
  const csv = rowsOf(await textOf(await project.call(['contacts', 'export'], {})))
  const lines = linesOf(await textOf(await project.call(['contacts', 'export'], { format: 'jsonl' })))
  const { data: listed } = await project.call(['contacts', 'list'], {})
  expect(lines).toEqual(listed.map((contact) => ({ ...contact, topics: null })))
  expect(csv.map((row) => ({ email: row['email'], data: dataOf(row) }))).toEqual(people.toReversed())
  expect(csv[0]).toMatchObject({ id: listed[0]?.id, subscribed: 'true', createdAt: listed[0]?.createdAt })
})

test('no cell of a file is one that a spreadsheet runs, be it a value or the name of a column', async () => {
  const project = await filled()
  const csv = await textOf(await project.call(['contacts', 'export'], {}))
  const cells = parse(csv).flat()
  expect(cells.filter((cell) => /^["\s]*[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
  expect(cells).toContain("'=f")
})

test('a file has a byte order mark where it is asked for, and a name with the day', async () => {
  const project = await filled()
  const plain = await project.call(['contacts', 'export'], {})
  const marked = await project.call(['contacts', 'export'], { bom: true })
  expect(plain.filename).toMatch(/^contacts-\d{4}-\d\d-\d\d\.csv$/)
  const text = await textOf(plain)
  expect(text).toMatch(/^id,email,subscribed,/)
  expect(await textOf(marked)).toBe(`\ufeff${text}`)
})

test('a project without a row gives a file of column names, or an empty one', async () => {
  const project = await instance.project('Empty')
  expect(await textOf(await project.call(['events', 'export'], {}))).toBe('id,name,contactId,email,data,createdAt\r\n')
  expect(await textOf(await project.call(['events', 'export'], { format: 'jsonl' }))).toBe('')
})

test('the filters of a list hold for its export, and no row of another project is in it', async () => {
  const project = await filled()
  await filled('Other')
  await project.call(['contacts', 'update'], { id: 'bob@example.com', subscribed: false })
  const emails = async (query: object) =>
    linesOf(await textOf(await project.call(['contacts', 'export'], { format: 'jsonl', ...query }))).map(
      ({ email }) => email,
    )
  expect(await emails({})).toHaveLength(people.length)
  expect(await emails({ subscribed: false })).toEqual(['bob@example.com'])
  expect(await emails({ search: 'ADA' })).toEqual(['ada@example.com'])
})

test('mails and events are exported as their lists have them', async () => {
  const project = await instance.project('Mails')
  await project.call(['emails', 'send'], { to: 'Ada <ada@example.com>', subject: '=1+1', body: 'Hi', tags: ['a', 'b'] })
  await project.call(['events', 'track'], { event: 'bought', email: 'ada@example.com', data: { of: ['x'] } })
  for (const noun of ['emails', 'events'] as const) {
    const { data: listed } = await project.call([noun, 'list'], {})
    expect(linesOf(await textOf(await project.call([noun, 'export'], { format: 'jsonl' })))).toEqual(listed)
  }
  const [mail] = rowsOf(await textOf(await project.call(['emails', 'export'], { to: 'ada@example.com' })))
  expect(mail).toMatchObject({ subject: '=1+1', 'to.email': 'ada@example.com', 'to.name': 'Ada', tags: '["a","b"]' })
  const [event] = rowsOf(await textOf(await project.call(['events', 'export'], { name: 'bought' })))
  expect(event).toMatchObject({ name: 'bought', email: 'ada@example.com', data: '{"of":["x"]}' })
})

test('many rows come in pieces that stay small however large a row is, each once and in order', async () => {
  const project = await instance.project('Many')
  await sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${project.id}, ('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n || '@example.com',
      jsonb_build_object('n', n, 'text', repeat('x', case when n > 1000 then 50000 else 10 end)), true
    from generate_series(1, 1200) as n
  `.execute(instance.db)
  const { pieces } = await project.call(['contacts', 'export'], { format: 'jsonl' })
  const numbers: unknown[] = []
  const sizes: number[] = []
  for await (const piece of pieces) {
    sizes.push(piece.length)
    numbers.push(...linesOf(piece).map(({ data }) => (data as { n: number }).n))
  }
  expect(numbers).toEqual(Array.from({ length: 1200 }, (_, index) => 1200 - index))
  // The first hundred are read before anybody knows how large they are.
  expect(Math.max(...sizes.slice(1))).toBeLessThan(2.2 * 1024 * 1024)
  expect(sizes.length).toBeGreaterThan(6)
})

test('a field that comes up while a file is written is not lost', async () => {
  const project = await filled()
  const { pieces } = await project.call(['contacts', 'export'], {})
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { late: [1], plan: 'max' } })
  const rows = rowsOf(await textOf({ pieces, filename: '', type: '' }))
  const ada = rows.find(({ email }) => email === 'ada@example.com')!
  expect(ada).toMatchObject({ data: '{"late":[1]}', plan: 'max' })
})

test('what somebody takes along by hand is in the audit log once they begin to read it', async () => {
  const project = await filled()
  const { scopes } = project.context().actor
  const file = await project.call(['contacts', 'export'], { search: 'ada' }, { actor: grace(project.id, scopes) })
  const acts = async () => (await project.call(['audit', 'list'], { action: 'contacts.exported' })).data
  expect(await acts()).toEqual([])
  await textOf(file)
  expect(await acts()).toMatchObject([{ detail: { format: 'csv', search: true }, actor: { name: 'Grace' } }])
})

test('a database that is lost is a refusal that can be tried again, also in the middle of a file', async () => {
  const project = await filled()
  const gone = connect('postgres://posthorn:hidden@127.0.0.1:1/posthorn')
  onTestFinished(() => gone.close())
  const { pieces } = await project.call(['contacts', 'export'], { format: 'jsonl' }, { db: gone.db })
  await expect(textOf({ pieces, filename: '', type: '' })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
})
