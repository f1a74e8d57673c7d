import { LIMITS } from '@posthorn/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importFile, people, problemsOf } from '../../test/import.ts'
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

const add = (email: string, data: object) => project.call(['contacts', 'upsert'], { email, data: { ...data } })
const cell = 'x'.repeat(60_000)
const quoted = (value: unknown) => `"${JSON.stringify(value).replaceAll('"', '""')}"`

/** Little as JSON, and too much for a contact as the database has it. */
const HUGE = Array.from({ length: 1_000 }, () => 1e300)

describe.each(['merge', 'skip', 'replace'] as const)('where known contacts are to %s', (onConflict) => {
  test.each([true, false])('a row that no contact has room for is refused alone, with dryRun %s', async (dryRun) => {
    await add('known@example.com', { plan: 'pro' })
    const rows = ['known', 'new'].map((name) => `${name}@example.com,${quoted({ list: HUGE })}\n`).join('')
    const options = {
      onConflict,
      dryRun,
      columns: [
        { column: 'email', to: 'email' as const },
        { column: 'rest', to: 'data' as const },
      ],
    }
    const done = await importFile(instance, project, `email,rest\n${rows}bob@example.com,\n`, options)
    expect(done).toMatchObject({ status: 'succeeded', counts: { created: 1, updated: 0, refused: 2 } })
    expect(await problemsOf(project, done)).toEqual([
      [2, 'refused', null, 'data_too_large'],
      [3, 'refused', null, 'data_too_large'],
    ])
    expect((await people(instance, project)).filter(([email]) => email !== 'bob@example.com')).toEqual([
      ['known@example.com', true, { plan: 'pro' }],
    ])
  })
})

test('rows that come to too much for somebody new are refused, and keep no other from being stored', async () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((_, at) => `new@example.com${','.repeat(at + 1)}${cell}\n`)
  const done = await importFile(instance, project, `email,a,b,c,d,e\n${rows.join('')}bob@example.com,1\n`)
  expect(done).toMatchObject({ status: 'succeeded', counts: { created: 1, refused: 5 } })
  expect((await people(instance, project)).map(([email]) => email)).toEqual(['bob@example.com'])
})

test('a row brings as much as a contact may hold, and is refused by name where a field or all of it is more', async () => {
  const long = 'x'.repeat(LIMITS.dataBytes)
  const done = await importFile(
    instance,
    project,
    `email,a,b,c,d,e\nfits@example.com,${cell},${cell},${cell},${cell},1\nfield@example.com,,${long}\nall@example.com${`,${cell}`.repeat(5)}\n`,
  )
  expect(done.counts).toMatchObject({ created: 1, refused: 2 })
  expect(await people(instance, project)).toEqual([
    ['fits@example.com', true, { a: cell, b: cell, c: cell, d: cell, e: '1' }],
  ])
  const { data } = await project.call(['imports', 'problems'], { id: done.id })
  expect(data.map(({ row, column, message }) => [row, column, message])).toEqual([
    [3, 'b', `\`b\` has more than ${LIMITS.dataBytes} bytes as JSON; shorten it, or part it into several fields.`],
    [4, null, `The fields of the row have more than ${LIMITS.contactDataBytes} bytes as JSON; leave some out.`],
  ])
})

test('every column of a file can become a field', async () => {
  const names = Array.from({ length: LIMITS.importColumns - 1 }, (_, at) => `f${at}`)
  const file = `email,${names.join(',')}\nada@example.com,${names.join(',')}\n`
  const done = await importFile(instance, project, file)
  expect(done.counts).toMatchObject({ created: 1, refused: 0 })
  const data = Object.fromEntries(names.map((name) => [name, name]))
  expect(await people(instance, project)).toEqual([['ada@example.com', true, data]])
})

test('the names of fields in a column of JSON are held to the rules of a call, however many there are', async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`k${at}`, at]))
  const cells = [many, { ...many, id: 1 }, `{"__proto__":{"a":1}}`, { ['a\0'.repeat(9)]: cell + cell }]
  const rows = cells.map((one, at) => {
    const text = typeof one === 'string' ? one : JSON.stringify(one)
    return `${at}@example.com,"${text.replaceAll('"', '""')}"\n`
  })
  const columns = [
    { column: 'email', to: 'email' as const },
    { column: 'rest', to: 'data' as const },
  ]
  const done = await importFile(instance, project, `email,rest\n${rows.join('')}`, { columns })
  expect(await problemsOf(project, done)).toEqual([
    [3, 'refused', null, 'invalid_data'],
    [4, 'refused', null, 'invalid_data'],
    [5, 'refused', 'rest', 'data_too_large'],
  ])
  expect(await people(instance, project)).toEqual([['0@example.com', true, many]])
})
