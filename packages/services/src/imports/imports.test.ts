import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  importFile,
  MAPPED,
  MIXED,
  people,
  problemsOf,
  run,
  startImport,
  upload,
  type Options,
} from '../../test/import.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { hashOfAddress } from '../consent/refused.ts'
import { forgetImports } from './forget.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  project = await instance.project()
})

const signal = new AbortController().signal
const add = (email: string, rest: object = {}, of = project) => of.call(['contacts', 'upsert'], { email, ...rest })
async function text(pieces: AsyncIterable<string>): Promise<string> {
  let whole = ''
  for await (const piece of pieces) whole += piece
  return whole
}
const rowsOf = async (table: string, id: string) =>
  (await sql`select from ${sql.table(table)} where project_id = ${id}`.execute(instance.db)).rows.length

test('rows with a fault are named with column and reason, and keep no other from being stored', async () => {
  await add('new@example.com', { data: { name: 'Old', city: 'Rome' } })
  const done = await importFile(instance, project, MIXED, MAPPED)
  expect(done).toMatchObject({
    status: 'succeeded',
    percent: 100,
    dryRun: false,
    problems: 3,
    counts: { rows: 7, created: 2, updated: 2, unchanged: 0, skipped: 0, refused: 3, keptOut: 0 },
  })
  expect(await people(instance, project)).toEqual([
    ['ada@example.com', true, { name: 'Ada', age: 37 }],
    ['grace@example.com', false, { name: 'Grace' }],
    ['new@example.com', true, { name: 'New', city: 'Rome' }],
  ])
  expect(await problemsOf(project, done)).toEqual([
    [3, 'refused', 'E-Mail', 'invalid_email'],
    [4, 'refused', 'Age', 'invalid_cell'],
    [7, 'refused', null, 'too_many_cells'],
  ])
  expect(await rowsOf('import_pieces', project.id)).toBe(0)
})

test('the report is a file that runs nothing in a spreadsheet, and a list in pages', async () => {
  const done = await importFile(instance, project, 'email,age\n=1+1,3\n-x@,3\nada@example.com,3\n')
  const { filename, pieces } = await project.call(['imports', 'report'], { id: done.id })
  expect(filename).toMatch(/^import-report-.*\.csv$/)
  const lines = (await text(pieces)).split('\r\n')
  expect(lines[0]).toBe('row,outcome,column,email,code,message')
  expect(lines.slice(1, 3).map((line) => line.split(',').slice(0, 4))).toEqual([
    ['2', 'refused', 'email', "'=1+1"],
    ['3', 'refused', 'email', "'-x@"],
  ])
  const first = await project.call(['imports', 'problems'], { id: done.id, limit: 1 })
  const second = await project.call(['imports', 'problems'], { id: done.id, limit: 1, cursor: first.cursor! })
  expect([first, second].map(({ data, hasMore }) => [data.map(({ row }) => row), hasMore])).toEqual([
    [[2], true],
    [[3], false],
  ])
})

const FILE = 'email,plan,seats\nada@example.com,pro,\nada@example.com,,4\nnew@example.com,free,1\n'

describe('a contact that is there already', () => {
  test.each([
    ['merge', { plan: 'pro', seats: 4, city: 'Rome' }, { created: 1, updated: 2, unchanged: 0, skipped: 0 }],
    ['replace', { seats: 4 }, { created: 1, updated: 2, unchanged: 0, skipped: 0 }],
    ['skip', { plan: 'old', city: 'Rome' }, { created: 1, updated: 0, unchanged: 0, skipped: 2 }],
  ] as const)('with %s', async (onConflict, data, counts) => {
    await add('ada@example.com', { data: { plan: 'old', city: 'Rome' } })
    const order = { onConflict }
    expect(await importFile(instance, project, FILE, order)).toMatchObject({ counts: { rows: 3, ...counts } })
    const after = [
      ['ada@example.com', true, data],
      ['new@example.com', true, { plan: 'free', seats: 1 }],
    ]
    expect(await people(instance, project)).toEqual(after)

    // The same once more changes nothing, not even when they were changed last.
    const stamps = () =>
      sql`select email, updated_at from contacts where project_id = ${project.id} order by email`.execute(instance.db)
    const before = (await stamps()).rows
    const again = await importFile(instance, project, FILE, order)
    expect(again.counts).toMatchObject({
      created: 0,
      updated: 0,
      ...(onConflict === 'skip' ? { skipped: 3 } : { unchanged: 3 }),
    })
    expect(await people(instance, project)).toEqual(after)
    expect((await stamps()).rows).toEqual(before)
  })

  test('gets the same from a file as from so many upserts, also from several rows at once', async () => {
    const other = await instance.project()
    const rows = [
      ['ada@example.com', 'pro', 'true'],
      ['bob@example.com', 'free', ''],
      ['ada@example.com', '', 'false'],
      ['ADA@example.com', 'max', 'true'],
      ['bob@example.com', 'pro', 'false'],
      ['bob@example.com', 'x', ''],
      ['cleo@example.com', '', 'false'],
      ['dora@example.com', 'y', 'true'],
    ]
    for (const { call } of [project, other]) {
      await call(['contacts', 'upsert'], {
        email: 'bob@example.com',
        data: { plan: 'old', city: 'Rome' },
        subscribed: true,
      })
      await call(['contacts', 'upsert'], { email: 'dora@example.com', subscribed: false })
    }
    await importFile(instance, project, `email,plan,subscribed\n${rows.map((row) => row.join(',')).join('\n')}`)
    for (const [email = '', plan = '', subscribed] of rows) {
      const word = subscribed === '' ? undefined : subscribed === 'true'
      await add(email, { data: { plan }, ...(word !== undefined && { subscribed: word }) }, other)
    }
    expect(await people(instance, project)).toEqual(await people(instance, other))
  })
})

describe('who opted out', () => {
  const HALF = 'email,subscribed\nada@example.com,true\nbob@example.com,true\ncleo@example.com,\n'

  test('is not brought back by a file, and the report says so', async () => {
    for (const email of ['ada@example.com', 'cleo@example.com']) await add(email, { subscribed: false })
    const done = await importFile(instance, project, HALF)
    expect(done.counts).toMatchObject({ created: 1, unchanged: 2, keptOut: 1 })
    expect(await problemsOf(project, done)).toEqual([[2, 'kept-out', null, 'opted_out']])
    expect((await people(instance, project)).map(([, subscribed]) => subscribed)).toEqual([false, true, false])
  })

  test('comes back by a consent that is given with the file, which is kept for each', async () => {
    for (const email of ['ada@example.com', 'cleo@example.com']) await add(email, { subscribed: false })
    const consent = { source: 'fair 2026', text: 'Yes, send me news.', at: new Date().toISOString() }
    expect((await importFile(instance, project, HALF, { consent })).counts).toMatchObject({
      created: 1,
      updated: 1,
      keptOut: 0,
    })
    expect((await people(instance, project)).map(([, subscribed]) => subscribed)).toEqual([true, true, false])
    for (const [email, kept] of [
      ['ada@example.com', 2],
      ['bob@example.com', 1],
      ['cleo@example.com', 1],
    ] as const) {
      const { data } = await project.call(['contacts', 'consentLog'], { id: email })
      expect(data).toHaveLength(kept)
      if (email !== 'cleo@example.com')
        expect(data[0]).toMatchObject({
          subscribed: true,
          how: 'import',
          source: 'fair 2026',
          text: consent.text,
          givenAt: consent.at,
        })
    }
    // Once more, and nobody decided anything.
    await importFile(instance, project, HALF, { consent })
    expect((await project.call(['contacts', 'consentLog'], { id: 'ada@example.com' })).data).toHaveLength(2)
  })

  test('stays out who is unsubscribed by one row and subscribed by a later one', async () => {
    const done = await importFile(
      instance,
      project,
      'email,subscribed\nada@example.com,true\nada@example.com,no\nada@example.com,yes\n',
    )
    expect(await people(instance, project)).toEqual([['ada@example.com', false, {}]])
    expect(await problemsOf(project, done)).toEqual([[4, 'kept-out', null, 'opted_out']])
  })

  test('who was erased is left out, unless a consent says so', async () => {
    await instance.db
      .insertInto('refused_addresses')
      .values({ project_id: project.id, hash: hashOfAddress(project.id, 'ada@example.com') })
      .execute()
    const done = await importFile(instance, project, HALF)
    expect(done.counts).toMatchObject({ rows: 3, created: 2, skipped: 1 })
    expect(await problemsOf(project, done)).toEqual([[2, 'skipped', null, 'erased']])
    const consent = { source: 'letter', at: new Date().toISOString() }
    expect((await importFile(instance, project, HALF, { consent })).counts).toMatchObject({ created: 1 })
  })
})

test('what was exported is imported with the type of every value', async () => {
  const data = {
    plan: 'pro',
    seats: 4,
    code: '0042',
    number: '42',
    yes: true,
    word: 'true',
    since: '2026-01-31',
    tags: ['a', 'b;c', 1],
    nested: { a: { b: null } },
    formula: '=1+1',
    quote: "'tis",
    text: 'a "b", c\nd',
    locale: 'pt-BR',
    large: [1e21, 2 ** 53, 1.7976931348623157e308, 0.1],
    digits: '12345678901234567890',
    blank: '  ',
    subscribed: 'no',
    'data.x': 1,
    Plan: 'other',
  }
  await add('ada@example.com', { data })
  await add('bob@example.com', { data: { seats: 'many' } })
  await add('cleo@example.com', { subscribed: false })
  for (const bom of [true, false]) {
    const file = await text((await project.call(['contacts', 'export'], { bom })).pieces)
    const other = await instance.project()
    expect(await importFile(instance, other, file)).toMatchObject({ problems: 0, counts: { created: 3 } })
    expect(await people(instance, other)).toEqual(await people(instance, project))
    expect((await importFile(instance, project, file)).counts).toMatchObject({ unchanged: 3 })
  }
})

test('a try changes nothing, says what it would be, and can be followed by the real thing', async () => {
  await add('ada@example.com', { subscribed: false })
  const { id } = await upload(project, MIXED)
  const before = await people(instance, project)
  const begun = await project.call(['imports', 'start'], { id, ...MAPPED, dryRun: true })
  await run(instance.db, project, begun)
  const tried = await project.call(['imports', 'get'], { id })
  expect(tried).toMatchObject({ status: 'succeeded', dryRun: true })
  expect(tried.columns.map(({ suggestion }) => suggestion)).toEqual(MAPPED.columns)
  expect(await people(instance, project)).toEqual(before)
  const problems = await problemsOf(project, tried)
  await run(instance.db, project, await project.call(['imports', 'start'], { id, ...MAPPED }))
  const done = await project.call(['imports', 'get'], { id })
  expect(done).toMatchObject({ dryRun: false, counts: tried.counts!, problems: tried.problems })
  expect(await problemsOf(project, done)).toEqual(problems)
  await expect(project.call(['imports', 'start'], { id })).rejects.toMatchObject({ code: 'IMPORT_STARTED' })
})

test('what a contact cannot hold beside what it has is refused alone', async () => {
  const cell = 'x'.repeat(60_000)
  for (const key of ['a', 'b', 'c', 'd']) await add('ada@example.com', { data: { [key]: cell } })
  const file = `email,e,\nada@example.com,${cell}\nbob@example.com,${cell}\n`
  for (const dryRun of [true, false]) {
    const done = await importFile(instance, project, file, { dryRun })
    expect(done.counts).toMatchObject({ created: 1, refused: 1 })
    expect(await problemsOf(project, done)).toEqual([[2, 'refused', null, 'data_too_large']])
  }
})

test.each<[Options['columns'] & object, string]>([
  [[], 'columns'],
  [[{ column: 'name', to: 'field' }], 'columns'],
  [[{ column: 'nothing', to: 'email' }], 'columns.0.column'],
  [
    [
      { column: 'email', to: 'email' },
      { column: 'name', to: 'email' },
    ],
    'columns.1.to',
  ],
  [
    [
      { column: 'email', to: 'email' },
      { column: 'email', to: 'field' },
    ],
    'columns.1.column',
  ],
  [
    [
      { column: 'email', to: 'email' },
      { column: 'name', to: 'field', field: 'plunk_id' },
    ],
    'columns.1.field',
  ],
  [
    [
      { column: 'email', to: 'email' },
      { column: 'name', to: 'field', field: 'locale', type: 'number' },
    ],
    'columns.1.field',
  ],
])('columns that cannot be mapped are refused before anything begins: %j', async (columns, field) => {
  const { id } = await upload(project, 'email,name\nada@example.com,Ada\n')
  await expect(project.call(['imports', 'start'], { id, columns })).rejects.toMatchObject({ errors: [{ field }] })
  expect(await project.call(['imports', 'get'], { id })).toMatchObject({ status: 'ready' })
})

test('an import of another project is none', async () => {
  const other = await instance.project()
  const { id } = await upload(other, FILE)
  for (const verb of ['get', 'start', 'problems', 'report', 'delete'] as const) {
    await expect(project.call(['imports', verb], { id })).rejects.toMatchObject({ code: 'IMPORT_NOT_FOUND' })
  }
  expect((await project.call(['imports', 'list'], {})).data).toEqual([])
  expect((await other.call(['imports', 'list'], {})).data.map((one) => one.id)).toEqual([id])
})

test('an import is deleted with its file and its report, but not while it is under way', async () => {
  const begun = await startImport(project, MIXED, MAPPED)
  await expect(project.call(['imports', 'delete'], { id: begun.id })).rejects.toMatchObject({ code: 'IMPORT_RUNNING' })
  await run(instance.db, project, begun)
  await project.call(['imports', 'delete'], { id: begun.id })
  expect(await rowsOf('import_problems', project.id)).toBe(0)
  expect(await people(instance, project)).toHaveLength(3)
})

test('files that were never imported, uploads that broke off, and old reports are deleted in time', async () => {
  const kept = await upload(project, FILE)
  const old = await upload(project, FILE)
  const reported = await importFile(instance, project, MIXED, MAPPED)
  const forgotten = await importFile(instance, project, MIXED, MAPPED)
  await sql`update imports set uploaded_at = now() - interval '25 hours' where id = ${old.id}`.execute(instance.db)
  await sql`delete from project_jobs where id = ${forgotten.jobId}`.execute(instance.db)
  await sql`insert into imports (project_id, id, touched_at) values
    (${project.id}, uuidv7(), now() - interval '20 minutes'), (${project.id}, uuidv7(), now() - interval '5 minutes')`.execute(
    instance.db,
  )
  await forgetImports(instance.db, signal)
  const { data } = await project.call(['imports', 'list'], {})
  expect(data.map(({ id }) => id).toSorted()).toEqual([kept.id, reported.id].toSorted())
  expect(await rowsOf('imports', project.id)).toBe(3)
})

test('one call uploads and starts, and its job speaks the words of Plunk', async () => {
  const body = {
    type: 'text/csv',
    filename: undefined,
    chunks: (async function* () {
      yield Buffer.from(MIXED)
    })(),
  }
  const { jobId, importId } = await project.call(['contacts', 'import'], { onConflict: 'skip' }, { body })
  expect(await project.call(['contacts', 'importJob'], { jobId })).toMatchObject({
    state: 'waiting',
    progress: 0,
    result: null,
  })
  const begun = await project.call(['imports', 'get'], { id: importId })
  await run(instance.db, project, begun)
  expect(await project.call(['contacts', 'importJob'], { jobId })).toMatchObject({
    state: 'completed',
    progress: 100,
    result: {
      totalRows: 7,
      createdCount: 3,
      updatedCount: 0,
      failureCount: 4,
      errors: [{ row: 3, email: 'not an address' }, { row: 7 }],
    },
  })
})

test('the key that began it stands in the proof', async () => {
  const actor = keyActor(project.id)
  const { id } = await upload(project, 'email,subscribed\nada@example.com,yes\n')
  await run(instance.db, project, await project.call(['imports', 'start'], { id }, { actor }))
  const { data } = await project.call(['contacts', 'consentLog'], { id: 'ada@example.com' })
  expect(data).toMatchObject([{ how: 'import', actor: { kind: 'key', name: 'Test key' }, subscribed: true }])
})
