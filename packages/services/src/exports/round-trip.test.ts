import type { JsonValue } from '@posthorn/contracts'
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

async function exported({ call }: TestProject, bom = false): Promise<string> {
  const { pieces } = await call(['contacts', 'export'], { bom })
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
    .concat(' ', '+49 30 1', 'two\r\nlines', 'a,b;c\td', 'a\u0001\u000bb', 'Zoë 🦊', '\ufeffx')

const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...texts) },
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
  fc.constantFrom<JsonValue>(true, false, 0, -5, 1.5, 1e21, [], {}, ['a', 1, null, [true]], { a: { b: '=1' } }),
)

const crowd = fc.uniqueArray(
  fc.record({
    email: fc.integer({ min: 1, max: 999 }).map((number) => `person-${number}@example.com`),
    subscribed: fc.option(fc.boolean(), { nil: undefined }),
    topics: fc.dictionary(fc.constantFrom('weekly', 'offers'), fc.boolean(), { noNullPrototype: true }),
    data: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8, noNullPrototype: true }),
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
      const file = await exported(project, bom)
      const done = await importFile(instance, copy, file)
      expect(done).toMatchObject({ status: 'succeeded', counts: { created: contacts.length, refused: 0 } })
      expect(await people(instance, copy)).toEqual(await people(instance, project))
      expect(await wishes(copy)).toEqual(await wishes(project))
    }),
    { numRuns: 12 },
  )
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
