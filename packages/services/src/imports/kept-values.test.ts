import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { arriving, importFile, people, problemsOf, run, upload, type Options } from '../../test/import.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
})

async function exported({ call }: TestProject): Promise<string> {
  let text = ''
  for await (const piece of (await call(['contacts', 'export'], {})).pieces) text += piece
  return text
}

test.each(['de', 'no', '12', 'true', '"de"', '  ', 'null', '{"value":"de","persistent":false}'])(
  'a contact’s locale %j is exported and imported as it is, also with one call',
  async (locale) => {
    await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { locale, plan: 'pro' } })
    const file = await exported(project)
    const other = await instance.project()
    const body = { type: 'text/csv', filename: undefined, chunks: arriving(file) }
    const { importId } = await other.call(['contacts', 'import'], {}, { body })
    const begun = await other.call(['imports', 'get'], { id: importId })
    const named = begun.columns.find(({ name }) => name === 'locale')
    expect(named?.suggestion).toEqual({ column: 'locale', to: 'field', field: 'locale', type: 'string' })
    await run(instance.db, other, begun)
    expect(await people(instance, other)).toEqual([['ada@example.com', true, { locale, plan: 'pro' }]])
    expect((await importFile(instance, project, file)).counts).toMatchObject({ unchanged: 1 })
  },
)

test('a locale is text, whatever stands in the cells, also in an export that somebody changed', async () => {
  for (const rest of ['', ',createdAt,data']) {
    const of = await instance.project()
    const file = `email,locale${rest}\nada@example.com,no\nbob@example.com,12\ncleo@example.com,null\n`
    expect((await importFile(instance, of, file)).counts).toMatchObject({ created: 3, refused: 0 })
    expect((await people(instance, of)).map(([, , data]) => data)).toEqual([
      { locale: 'no' },
      { locale: '12' },
      { locale: 'null' },
    ])
  }
})

test('no number is rounded, and no code loses its zeros: such rows are in the report, with the column', async () => {
  const many = Array.from({ length: 1_000 }, (_, at) => `x${at}@example.com,${at},,\n`).join('')
  const file = `email,zip,n,data\n${many}ada@example.com,00123,,\nbob@example.com,,9007199254740993,\ncleo@example.com,,,"{""n"":12345678901234567890}"\ndora@example.com,5,9007199254740992,"{""m"":1e21}"\n`
  const { id, columns } = await upload(project, file)
  expect(columns[1]?.suggestion).toMatchObject({ type: 'number' })
  const chosen: NonNullable<Options['columns']> = [
    ...columns.slice(0, 2).map(({ suggestion }) => suggestion),
    { column: 'n', to: 'field', type: 'any' },
    { column: 'data', to: 'data' },
  ]
  await run(instance.db, project, await project.call(['imports', 'start'], { id, columns: chosen }))
  const done = await project.call(['imports', 'get'], { id })
  expect(done.counts).toMatchObject({ created: 1_001, refused: 3 })
  expect(await problemsOf(project, done)).toEqual([
    [1_002, 'refused', 'zip', 'invalid_cell'],
    [1_003, 'refused', 'n', 'invalid_cell'],
    [1_004, 'refused', 'data', 'invalid_cell'],
  ])
  expect((await people(instance, project))[0]).toEqual([
    'dora@example.com',
    true,
    { zip: 5, n: 9_007_199_254_740_992, m: 1e21 },
  ])
})
