import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

type Entry = { email: string; subscribed?: boolean; data?: object }

const UNFIT: [unknown, string][] = [
  [{ email: 'dan@example.com', data: { name: 'Hello 😀'.slice(0, 7) } }, 'data.name'],
  [{ email: 'dan@example.com', data: { name: '\0' } }, 'data.name'],
  [{ email: 5 }, 'email'],
  [{ email: 'dan@example.com', subscribed: 'yes' }, 'subscribed'],
  [{ email: 'dan@example.com', plna: 'pro' }, 'plna'],
  ['dan@example.com', ''],
  [null, 'email'],
]

const save = (contacts: Entry[]) => project.call(['contacts', 'upsertMany'], { contacts: contacts as never })
const get = (id: string) => project.call(['contacts', 'get'], { id })

async function addresses(): Promise<string[]> {
  const rows = await instance.db
    .selectFrom('contacts')
    .select('email')
    .where('project_id', '=', project.id)
    .orderBy('email')
    .execute()
  return rows.map(({ email }) => email)
}

test('each entry is created or changed as a single upsert would, and says which', async () => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', subscribed: false, data: { a: 1, b: 1 } })
  const answer = await save([
    { email: ' ADA@example.com', data: { b: 2, c: { value: 'x', persistent: false } } },
    { email: 'bob@example.com' },
    { email: 'cid@example.com', subscribed: false, data: { plan: '', n: null } },
  ])
  expect(answer).toMatchObject({
    results: [
      { status: 'updated', email: 'ada@example.com' },
      { status: 'created', email: 'bob@example.com' },
      { status: 'created', email: 'cid@example.com' },
    ],
    created: 2,
    updated: 1,
    refused: 0,
  })
  expect(await get('ada@example.com')).toMatchObject({ subscribed: false, data: { a: 1, b: 2 } })
  expect(await get('bob@example.com')).toMatchObject({ subscribed: true, data: {} })
  expect(await get('cid@example.com')).toMatchObject({ subscribed: false, data: {} })
  for (const result of answer.results) {
    if (result.status === 'refused') throw new Error('None of them is refused')
    expect((await get(result.email)).id).toBe(result.id)
  }
})

test('an entry with a fault is refused alone, with the field and what is wrong there', async () => {
  const big = { big: 'x'.repeat(LIMITS.dataBytes) }
  const answer = await save([
    { email: 'nobody' },
    { email: 'ada@example.com', data: { plan: 'pro' } },
    { email: 'bob@example.com', data: { unsubscribeUrl: 'x' } },
    { email: 'cid@example.com', data: big },
    ...UNFIT.map(([item]) => item as Entry),
  ])
  expect(answer.results.slice(0, 4)).toEqual([
    {
      status: 'refused',
      error: { code: 'VALIDATION_ERROR', field: 'email', message: expect.stringContaining('name@domain') },
    },
    { status: 'created', id: expect.any(String), email: 'ada@example.com', consent: 'subscribed' },
    {
      status: 'refused',
      error: { code: 'VALIDATION_ERROR', field: 'data.unsubscribeUrl', message: expect.stringContaining('reserved') },
    },
    {
      status: 'refused',
      error: { code: 'VALIDATION_ERROR', field: 'data', message: `At most ${LIMITS.dataBytes} bytes as JSON.` },
    },
  ])
  expect(answer.results.slice(4)).toEqual(
    UNFIT.map(([, field]) => ({
      status: 'refused',
      error: { code: 'VALIDATION_ERROR', field, message: expect.any(String) },
    })),
  )
  expect(answer).toMatchObject({ created: 1, updated: 0, refused: 3 + UNFIT.length })
  expect(await addresses()).toEqual(['ada@example.com'])
})

test('a batch of faults alone stores nothing, and is no fault itself', async () => {
  expect(await save([{ email: '' }, { email: '@' }])).toMatchObject({ created: 0, updated: 0, refused: 2 })
  expect(await addresses()).toEqual([])
})

test('of several entries for one address the later win key by key, and only the first can have created it', async () => {
  const { results } = await save([
    { email: 'ada@example.com', subscribed: true, data: { a: 1, b: 1, c: 1 } },
    { email: 'bob@example.com' },
    { email: 'Ada@Example.com', data: { b: 2, c: null } },
    { email: 'ada@example.com', subscribed: false },
  ])
  expect(results.map(({ status }) => status)).toEqual(['created', 'created', 'updated', 'updated'])
  expect(await get('ada@example.com')).toMatchObject({ subscribed: false, data: { a: 1, b: 2 } })
})

test('an entry that would fill its contact beyond the bound is refused alone', async () => {
  const piece = (name: string) => ({ [name]: 'x'.repeat(LIMITS.dataBytes - 100) })
  const pieces = Array.from({ length: LIMITS.contactDataBytes / LIMITS.dataBytes }, (_, index) => piece(`key ${index}`))
  await save(pieces.map((data) => ({ email: 'ada@example.com', data })))
  const before = await get('ada@example.com')
  expect(Object.keys(before.data)).toHaveLength(pieces.length)
  const { results } = await save([
    { email: 'bob@example.com' },
    { email: 'ada@example.com', data: piece('one more') },
    ...[...pieces, piece('one more')].map((data) => ({ email: 'cid@example.com', data })),
  ])
  const full = `A contact holds at most ${LIMITS.contactDataBytes} bytes of data.`
  const refused = { status: 'refused', error: { code: 'VALIDATION_ERROR', field: 'data', message: full } }
  expect(results).toEqual([expect.objectContaining({ status: 'created' }), ...results.slice(1).map(() => refused)])
  expect(await get('ada@example.com')).toEqual(before)
  await save([{ email: 'ada@example.com', data: { 'key 0': null, ...piece('one more') } }])
  expect(Object.keys((await get('ada@example.com')).data)).toContain('one more')
})

test('a full batch is stored by one transaction', async () => {
  const entries = Array.from({ length: LIMITS.contactsPerBatch }, (_, n) => ({
    email: `c${n}@example.com`,
    data: { n },
  }))
  const { created } = await save(entries)
  expect(created).toBe(entries.length)
  const { rows } = await sql<{ count: number }>`
    select count(distinct xmin::text)::int as count from contacts where project_id = ${project.id}`.execute(instance.db)
  expect(rows).toEqual([{ count: 1 }])
  expect((await get('c999@example.com')).data).toEqual({ n: 999 })
})

test('fifty who write one contact at once in all its spellings make one row, and lose none of its facts', async () => {
  const spellings = [
    'ada@bücher.de',
    'ADA@BÜCHER.de',
    ' ada@xn--bcher-kva.de ',
    'ada@bu\u0308cher.de',
    'Ada@XN--BCHER-KVA.DE',
  ]
  const written = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const entry = { email: spellings[index % spellings.length] as string, data: { [`k${index}`]: index } }
      // Half of them in a batch with others, in either order, so that they could come to wait for each other.
      if (index % 2 === 0) return (await project.call(['contacts', 'upsert'], entry)).id
      const others = ['aaa@example.com', 'zzz@example.com'].map((email) => ({ email, data: entry.data }))
      const { results } = await save(index % 4 === 1 ? [...others, entry] : [entry, ...others.toReversed()])
      const mine = results[index % 4 === 1 ? 2 : 0]
      return mine?.status === 'refused' ? undefined : mine?.id
    }),
  )
  expect(new Set(written).size).toBe(1)
  expect(await addresses()).toEqual(['aaa@example.com', 'ada@xn--bcher-kva.de', 'zzz@example.com'])
  const all = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, index]))
  expect((await get(written[0] as string)).data).toEqual(all)
})

test('a contact of another project is left alone', async () => {
  const other = await instance.project('Other')
  const theirs = await other.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { theirs: 1 } })
  expect((await save([{ email: 'ada@example.com', data: { mine: 1 } }])).created).toBe(1)
  expect((await other.call(['contacts', 'get'], { id: theirs.id })).data).toEqual({ theirs: 1 })
})
