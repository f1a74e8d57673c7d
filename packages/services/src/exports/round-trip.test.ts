import type { JsonValue } from '@posthorn/contracts'
import fc from 'fast-check'
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

type Person = { email: string; subscribed: boolean; data: Record<string, JsonValue> }

/** Names that are columns already, that spreadsheets run, and that look like what an export writes itself. */
const names =
  `plan subscribed createdAt Email E-Mail data data.plan data.data optedOutAt Subscribed =1+1 @SUM 'quoted name Name`
    .split(' ')
    .concat(' blank ', 'a,b', 'say "hi"', 'Zoë 🦊', 'Name 2')
const texts =
  `42 -42 007 1e5 true null [] {"a":1} "quoted" =1+1 '=1 ＋1 @x 2026-01-31 2026-01-31T09:30:00Z yes ada@example.com`
    .split(' ')
    .concat(' ', '+49 30 1', 'two\r\nlines', 'a,b;c\td', 'Zoë 🦊', '\ufeffx')

const value: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...texts) },
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0')),
  fc.constantFrom<JsonValue>(true, false, 0, -5, 1.5, 1e21, [], {}, ['a', 1, null, [true]], { a: { b: '=1' } }),
)

const crowd = fc.uniqueArray(
  fc.record({
    email: fc.integer({ min: 1, max: 999 }).map((number) => `person-${number}@example.com`),
    subscribed: fc.boolean(),
    data: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8, noNullPrototype: true }),
  }),
  { selector: ({ email }) => email, minLength: 1, maxLength: 12 },
)

/** As the API keeps them. */
async function store(project: TestProject, contacts: readonly Person[]): Promise<void> {
  const { refused } = await project.call(['contacts', 'upsertMany'], { contacts: [...contacts] })
  expect(refused).toBe(0)
}

test('what is exported is imported as it was: addresses, consent, and all data with the types of its values', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, fc.boolean(), async (contacts, bom) => {
      const [project, copy] = [await instance.project(), await instance.project()]
      await store(project, contacts)
      const file = await exported(project, bom)
      const done = await importFile(instance, copy, file)
      expect(done).toMatchObject({ status: 'succeeded', counts: { created: contacts.length, refused: 0 } })
      expect(await people(instance, copy)).toEqual(await people(instance, project))
    }),
    { numRuns: 12 },
  )
})

test('imported where it came from, a file changes nothing', async () => {
  const project = await instance.project()
  await store(
    project,
    texts.map((text, index) => ({
      email: `person-${index}@example.com`,
      subscribed: index % 2 === 0,
      data: { [names[index % names.length]!]: text, plan: text },
    })),
  )
  const before = await people(instance, project)
  const done = await importFile(instance, project, await exported(project))
  expect(done.counts).toMatchObject({ created: 0, updated: 0, unchanged: texts.length, refused: 0 })
  expect(await people(instance, project)).toEqual(before)
})
