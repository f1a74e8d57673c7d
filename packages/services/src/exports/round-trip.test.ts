import { LIMITS, type JsonValue } from '@posthorn/contracts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importFile, people } from '../../test/import.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

async function exported(
  { call }: TestProject,
  { bom = false, format = 'csv' }: { bom?: boolean; format?: 'csv' | 'jsonl' } = {},
): Promise<string> {
  const { pieces } = await call(['contacts', 'export'], { bom, format })
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

type Person = {
  email: string
  /** Undefined: was never subscribed, and never refused. */
  subscribed: boolean | undefined
  topics: Record<string, boolean>
  data: Record<string, JsonValue>
}

/** Names that are columns already, that spreadsheets run, and that look like what an export writes itself. */
const names =
  `plan subscribed createdAt topics newsletter status Email E-Mail data data.plan data.data optedOutAt Subscribed =1+1 @SUM 'quoted name Name`
    .split(' ')
    .concat(' blank ', 'a,b', 'say "hi"', 'Zoë 🦊', 'Name 2')
const texts =
  `42 -42 007 1e5 true null [] {"a":1} "quoted" =1+1 '=1 ＋1 @x 2026-01-31 2026-01-31T09:30:00Z yes ada@example.com`
    .split(' ')
    .concat(' ', '+49 30 1', 'two\r\nlines', 'a,b;c\td', 'a\u0001\u000bb\u001a', 'Zoë 🦊', '\ufeffx\ufeff')
    // No letters, and letters all the same.
    .concat('\ufffe', 'a\uffff', '\ufffd', '\ufdd0\u{10ffff}', '\ue000', '\u2028')

const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...texts) },
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
  fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0')),
  fc.constantFrom<JsonValue>(
    true,
    false,
    0,
    -5,
    1.5,
    0.1,
    1e21,
    2 ** 53,
    1.7976931348623157e308,
    [],
    {},
    ['a', 1, null, [true]],
    { a: { b: '=1' } },
  ),
  // How a call says that a value is this one, and not kept: said twice it is a value as any other.
  fc.constant<JsonValue>({ value: { value: 1, persistent: false }, persistent: true }),
)

/** More fields than one request, or the columns of a file, have room for, and more of them than one request takes. */
const load: fc.Arbitrary<Record<string, JsonValue>> = fc.oneof(
  fc
    .record({ own: fc.constantFrom('a', 'b', 'c'), count: fc.integer({ min: 200, max: 700 }) })
    .map(({ own, count }) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`${own}${at}`, at % 7]))),
  fc
    .record({ part: fc.constantFrom('x', '"', 'ë', '\uffff', ',"\n'), count: fc.integer({ min: 2, max: 4 }) })
    .map(({ part, count }) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`large ${at}`, filled(part, 60_000)])),
    ),
  fc
    .constantFrom<JsonValue[]>([''], ['"'], [[]], [1e30])
    .map(([item]) => ({ list: Array.from({ length: 7_000 }, () => item!) })),
)

/** A text that has so many bytes as JSON. */
const filled = (part: string, bytes: number) =>
  part.repeat(Math.floor(bytes / (Buffer.byteLength(JSON.stringify(part)) - 2)))

const crowd = fc.uniqueArray(
  fc.record({
    email: fc.integer({ min: 1, max: 999 }).map((number) => `person-${number}@example.com`),
    subscribed: fc.option(fc.boolean(), { nil: undefined }),
    topics: fc.dictionary(fc.constantFrom('weekly', 'offers'), fc.boolean(), { noNullPrototype: true }),
    data: fc
      .tuple(
        fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8, noNullPrototype: true }),
        fc.option(fc.constantFrom('de', 'pt-BR', ...texts), { nil: undefined }),
      )
      .map(([data, locale]) => (locale === undefined ? data : { ...data, locale })),
  }),
  { selector: ({ email }) => email, minLength: 1, maxLength: 12 },
)

async function newProject(): Promise<TestProject> {
  const project = await instance.project()
  for (const id of ['weekly', 'offers']) await project.call(['topics', 'create'], { id, name: id })
  return project
}

/** As the API keeps them. */
async function store(project: TestProject, contacts: readonly Person[]): Promise<void> {
  const { refused } = await project.call(['contacts', 'upsertMany'], {
    contacts: contacts.map(({ subscribed = true, ...person }) => ({ ...person, subscribed })),
  })
  expect(refused).toBe(0)
  const never = contacts.filter(({ subscribed }) => subscribed === undefined).map(({ email }) => email)
  await sql`update contacts set subscribed = false where project_id = ${project.id} and email = any(${never})`.execute(
    instance.db,
  )
}

/** Each contact as a program reads it from JSON lines. */
async function readLines(project: TestProject) {
  const lines = (await exported(project, { format: 'jsonl' })).split('\n').slice(0, -1)
  const read = lines.map((line) => JSON.parse(line) as Person)
  return read.map(({ email, subscribed, data }) => [email, subscribed, data]).sort(([a], [b]) => (a! < b! ? -1 : 1))
}

/** What people want: since when they refuse mail, and what they chose. */
async function wishes(project: TestProject) {
  const { rows } = await sql`
    select email, subscribed, opted_out_at, (select jsonb_object_agg(topic_id, contact_topics.subscribed) from contact_topics
      where project_id = contacts.project_id and contact_id = contacts.id) as topics
    from contacts where project_id = ${project.id} order by email
  `.execute(instance.db)
  return rows
}

test('what is exported is imported as it was: addresses, consent, and all data with the types of its values', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, fc.boolean(), async (contacts, bom) => {
      const [project, copy] = [await newProject(), await newProject()]
      await store(project, contacts)
      const file = await exported(project, { bom })
      const done = await importFile(instance, copy, file)
      expect(done).toMatchObject({ status: 'succeeded', counts: { created: contacts.length, refused: 0 } })
      expect(await people(instance, copy)).toEqual(await people(instance, project))
      expect(await readLines(project)).toEqual(await people(instance, project))
      expect(await wishes(copy)).toEqual(await wishes(project))
    }),
    { numRuns: 12 },
  )
})

test('so is what is more than one call brings: very many fields, and contacts that are full', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(load, { minLength: 1, maxLength: 4 }), async (loads) => {
      const [project, copy] = [await instance.project(), await instance.project()]
      for (const [index, data] of loads.entries()) await storeLoad(project, `person-${index}@example.com`, data)
      const done = await importFile(instance, copy, await exported(project))
      expect(done).toMatchObject({ status: 'succeeded', counts: { created: loads.length, refused: 0 } })
      expect(await people(instance, copy)).toEqual(await people(instance, project))
      expect(await readLines(project)).toEqual(await people(instance, project))
      expect(done.columns.length).toBeLessThanOrEqual(LIMITS.importColumns)
    }),
    { numRuns: 8 },
  )
})

/** Call by call, as the API takes it. */
async function storeLoad({ call }: TestProject, email: string, data: Record<string, JsonValue>): Promise<void> {
  const fields = Object.entries(data)
  const atOnce = fields.length > 10 ? LIMITS.dataKeys : 1
  for (let at = 0; at < fields.length; at += atOnce) {
    await call(['contacts', 'upsert'], { email, data: Object.fromEntries(fields.slice(at, at + atOnce)) })
  }
}

test('a contact that holds as much as one may comes back, and the common fields have the columns', async () => {
  const [project, copy] = [await instance.project(), await instance.project()]
  const { call } = project
  for (let at = 0; at < 4; at += 1) {
    // With its name, the blank behind that and the comma before it, or the brackets around all.
    const value = 'é'.repeat((LIMITS.contactDataBytes / 4 - '"0": "", '.length) / 2)
    await call(['contacts', 'upsert'], { email: 'full@example.com', data: { [at]: value } })
  }
  for (const [index, own] of ['a', 'b', 'c'].entries()) {
    const data = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${own}${at}`, own]))
    await call(['contacts', 'upsert'], { email: `person-${index}@example.com`, data: { ...data, zip: '01234' } })
  }
  const { rows } = await sql<{ bytes: number }>`
    select octet_length(data::text) as bytes from contacts where project_id = ${project.id} and email = 'full@example.com'
  `.execute(instance.db)
  expect(LIMITS.contactDataBytes - rows[0]!.bytes).toBeLessThan(8)
  const done = await importFile(instance, copy, await exported(project))
  expect(done).toMatchObject({ status: 'succeeded', counts: { created: 4, refused: 0 } })
  expect(done.columns).toHaveLength(LIMITS.importColumns)
  expect(done.columns.map(({ name }) => name)).toContain('zip')
  expect(await people(instance, copy)).toEqual(await people(instance, project))
})

test('imported where it came from, a file changes nothing', async () => {
  const project = await newProject()
  await store(
    project,
    texts.map((text, index) => ({
      email: `person-${index}@example.com`,
      subscribed: [true, false, undefined][index % 3],
      topics: { [index % 2 === 0 ? 'weekly' : 'offers']: index % 4 < 2 },
      data: { [names[index % names.length]!]: text, plan: text },
    })),
  )
  const before = [await people(instance, project), await wishes(project)]
  const done = await importFile(instance, project, await exported(project))
  expect(done.counts).toMatchObject({ created: 0, updated: 0, unchanged: texts.length, refused: 0 })
  expect([await people(instance, project), await wishes(project)]).toEqual(before)
})
