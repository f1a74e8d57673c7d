import { LIMITS, type Input, type WireInput } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import type { ContactFilter } from './filter.ts'
import { sortIntoIndex } from './indexes.ts'
import { listContacts } from './list.ts'

type Filter = WireInput<'contacts', 'list'>

/** More than are looked through at first, and of the old ones more than are counted. */
const OLD = LIMITS.countedContacts + 1_000
const NEW = 6_000

let instance: TestInstance
/** Has 6,000 old contacts of `old.example` and 6,000 newer ones. */
let crowd: TestProject
let small: TestProject

beforeAll(async () => {
  instance = await testInstance()
  crowd = await instance.project()
  small = await instance.project()
  const store = (from: number, to: number, domain: string) => sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${crowd.id}, ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'c' || i || '@' || ${domain},
      jsonb_build_object('n', i, 'era', ${domain}::text, 'plan', case when i % 3 = 0 then 'pro' else 'free' end)
        || case when i % 1000 = 7 then '{"rare": ["a", 5], "flag": true}' else '{}' end::jsonb,
      i % 4 <> 0
    from generate_series(${from}::int, ${to}::int - 1) i
  `
  await store(0, OLD, 'old.example').execute(instance.db)
  await store(OLD, OLD + NEW, 'new.example').execute(instance.db)
  await sql`analyze contacts`.execute(instance.db)
})

afterAll(() => instance.close())

const list = (filter: Filter, project = crowd) => project.call(['contacts', 'list'], filter)

const numberOf = ({ email }: { email: string }) => Number(/^c(\d+)@/.exec(email)?.[1])

/** All that fit, page by page. */
async function walk(filter: Filter): Promise<number[]> {
  const found: number[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({ limit: 100, ...filter, ...(cursor && { cursor }) })
    found.push(...page.data.map(numberOf))
    cursor = page.cursor
  } while (cursor !== null)
  return found
}

const all = Array.from({ length: OLD + NEW }, (_, at) => OLD + NEW - 1 - at)

describe('a list of contacts', () => {
  test('says exactly how many there are, of each consent as well', async () => {
    const subscribed = all.filter((at) => at % 4 !== 0).length
    expect(await list({})).toMatchObject({ total: all.length, totalIs: 'exact', hasMore: true })
    expect(await list({ subscribed: true })).toMatchObject({ total: subscribed, totalIs: 'exact' })
    expect(await list({ subscribed: 'false' })).toMatchObject({ total: all.length - subscribed, totalIs: 'exact' })
    expect(await list({}, small)).toMatchObject({ total: 0, totalIs: 'exact', data: [] })
  })

  test('has full pages of one consent, however rare', async () => {
    const first = await list({ subscribed: false, limit: 100 })
    expect(first.data.map(numberOf)).toEqual(all.filter((at) => at % 4 === 0).slice(0, 100))
  })

  test.each<[string, Filter, (at: number) => boolean, Partial<Awaited<ReturnType<typeof list>>>]>([
    ['few, anywhere', { search: 'C1007@' }, (at) => at === 1_007, { total: 1, totalIs: 'exact' }],
    ['nobody', { search: 'nobody-here' }, () => false, { total: 0, totalIs: 'exact' }],
    ['a value that few have', { field: 'n', value: '17' }, (at) => at === 17, { total: 1, totalIs: 'exact' }],
    ['one of a list', { field: 'rare', value: 'a' }, (at) => at % 1000 === 7, { totalIs: 'exact' }],
    ['a number of a list', { field: 'data.rare', value: '5' }, (at) => at % 1000 === 7, { totalIs: 'exact' }],
    ['yes', { field: 'flag', value: 'true', subscribed: true }, (at) => at % 1000 === 7, { total: 12 }],
    ['a field, whatever is in it', { field: 'rare' }, (at) => at % 1000 === 7, { total: 12, totalIs: 'exact' }],
    [
      'a value that many have',
      { field: 'plan', value: 'pro' },
      (at) => at % 3 === 0,
      { total: 4_000, totalIs: 'exact' },
    ],
    ['many, none of them new', { search: '@old.ex' }, (at) => at < OLD, { total: OLD, totalIs: 'exact' }],
    ['the same by a field', { field: 'era', value: 'old.example' }, (at) => at < OLD, { totalIs: 'exact' }],
    ['too short a part', { search: '9@' }, (at) => at % 10 === 9, { total: 1_200, totalIs: 'exact' }],
    ['what is put together of what all have', { search: 'c.example' }, () => false, { total: 0 }],
    [
      'one thing that is seldom and one that all have',
      { search: '9@old.example', field: 'n', value: '19' },
      (at) => at === 19,
      { total: 1, totalIs: 'exact' },
    ],
    [
      'all at once',
      { search: 'old.example', field: 'plan', value: 'pro', subscribed: 'false' },
      (at) => at < OLD && at % 12 === 0,
      { total: OLD / 12, totalIs: 'exact' },
    ],
  ])('finds %s, newest first, each once', async (_, filter, isFitting, first) => {
    expect(await walk(filter)).toEqual(all.filter(isFitting))
    expect(await list(filter)).toMatchObject(first)
  })

  test('has those at once that are not yet sorted into the index, and those that are', async () => {
    const find = async () => (await list({ search: 'brandnew' })).data.length
    await crowd.call(['contacts', 'upsert'], { email: 'brandnew@example.com' })
    expect(await find()).toBe(1)
    await sortIntoIndex(instance.db)
    expect(await find()).toBe(1)
    await crowd.call(['contacts', 'delete'], { id: 'brandnew@example.com' })
    expect(await find()).toBe(0)
  })

  test('finds whoever has the very address, old as they are, and however little time the index has', async () => {
    const search = 'C17@old.example'
    const data = [{ email: 'c17@old.example' }]
    expect(await list({ search })).toMatchObject({ data, hasMore: false, total: 1, totalIs: 'exact' })
    expect(await list({ search, subscribed: 'false' })).toMatchObject({ data: [], total: 0, totalIs: 'exact' })
    const hurried = (filter: ContactFilter) =>
      listContacts(crowd.context(), { limit: 20, ...filter } as Input<'contacts', 'list'>, {
        giveUpMs: 1,
        lookAtMost: 5_001,
      })
    expect(await hurried({ search })).toMatchObject({ data, total: 1 })
    expect(await hurried({ search, subscribed: false })).toMatchObject({ data: [] })
    expect(await hurried({ search: 'old.example' })).toMatchObject({ data: [], totalIs: 'estimate', hasMore: true })
    expect(await hurried({ search: 'qq' })).toMatchObject({ data: [], total: 0, totalIs: 'at-least', hasMore: true })
  })

  test('has whoever has the very address before those who have it as a part, each once', async () => {
    const alike = await instance.project()
    for (const email of ['ada@x.example', 'bada@x.example', 'ada@x.example.org', 'other@x.example'])
      await alike.call(['contacts', 'upsert'], { email })
    const shown = ['ada@x.example', 'ada@x.example.org', 'bada@x.example']
    const pages = async (limit: number) => {
      const found: string[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await list({ search: 'ada@x.example', limit, ...(cursor && { cursor }) }, alike)
        if (cursor === '') expect(page).toMatchObject({ total: 3, totalIs: 'exact' })
        found.push(...page.data.map(({ email }) => email))
        cursor = page.cursor
      }
      return found
    }
    for (const limit of [1, 2, 3, 20]) expect(await pages(limit)).toEqual(shown)
    await alike.call(['contacts', 'upsert'], { email: 'ada@bücher.example' })
    const abroad = await list({ search: 'Ada@BÜCHER.example' }, alike)
    expect(abroad.data.map(({ email }) => email)).toEqual(['ada@xn--bcher-kva.example'])
  })

  test('knows a part of an address in the letters of its country, as far as it has whole words of the domain', async () => {
    const abroad = await instance.project()
    await abroad.call(['contacts', 'upsertMany'], {
      contacts: ['ada@bücher.example', 'bob@büch.example', 'cyd@mail.bücher.example'].map((email) => ({ email })),
    })
    const found = async (search: string) =>
      (await list({ search }, abroad)).data.map(({ email }) => email.slice(0, 3)).toSorted()
    for (const search of ['bücher', 'BÜCHER.example', 'bücher.', 'bu\u0308cher', 'xn--bcher-kva'])
      expect(await found(search)).toEqual(['ada', 'cyd'])
    expect(await found('@bücher')).toEqual(['ada'])
    expect(await found('a@bücher.ex')).toEqual(['ada'])
    expect(await found('mail.bücher')).toEqual(['cyd'])
    expect(await found('bü')).toEqual([])
    expect(await found('bücher@')).toEqual([])
    const foreign = { email: 'eva@straße.example' }
    await crowd.call(['contacts', 'upsert'], foreign)
    expect(await list({ search: 'straße.example' })).toMatchObject({ data: [{}], total: 1, totalIs: 'exact' })
    await crowd.call(['contacts', 'delete'], { id: foreign.email })
  })

  test('takes what is looked for as it is written, as no pattern, and as no other type', async () => {
    const add = (email: string, data: object = {}) => small.call(['contacts', 'upsert'], { email, data } as never)
    await add('under_score@example.com', { zip: '007', odd: 'a"b\\', size: 7 })
    await add('under-score@example.com', { zip: 7, odd: 'a', size: '7.0' })
    await add('100%@example.com', { zip: 'TRUE', 'a.b': 'x' })
    const emails = async (filter: Filter) => (await list(filter, small)).data.map(({ email }) => email)
    expect(await emails({ search: 'under_score' })).toEqual(['under_score@example.com'])
    expect(await emails({ search: '%@example' })).toEqual(['100%@example.com'])
    expect(await emails({ search: '\\' })).toEqual([])
    expect(await emails({ field: 'zip', value: '007' })).toEqual(['under_score@example.com'])
    expect(await emails({ field: 'zip', value: '7' })).toEqual(['under-score@example.com'])
    expect(await emails({ field: 'zip', value: 'true' })).toEqual([])
    expect(await emails({ field: 'odd', value: 'a"b\\' })).toEqual(['under_score@example.com'])
    expect(await emails({ field: 'size', value: '7.0' })).toEqual([
      'under-score@example.com',
      'under_score@example.com',
    ])
    expect(await emails({ field: 'a.b', value: 'x' })).toEqual(['100%@example.com'])
    expect(await emails({ field: 'zip', value: '1'.repeat(200) })).toEqual([])
  })

  test('refuses a value of no field', async () => {
    await expect(list({ value: 'pro' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'field' }],
    })
  })

  test('never has the contacts of another project', async () => {
    for (const filter of [{ search: 'old.example' }, { field: 'era', value: 'old.example' }, { subscribed: true }]) {
      expect((await list({ ...filter, search: 'c1007' }, small)).data).toEqual([])
    }
  })
})

test('what is done to all that fit is done to those that the list shows', async () => {
  const { jobId } = await small.call(['contacts', 'bulkDelete'], {
    mode: 'query',
    filter: { field: 'zip', value: '7', search: 'score' },
  })
  const { runProjectJob } = await import('../project-jobs/run.ts')
  await runProjectJob(instance.db, { projectId: small.id, jobId }, { signal: new AbortController().signal })
  expect((await list({}, small)).data.map(({ email }) => email)).toEqual([
    '100%@example.com',
    'under_score@example.com',
  ])
  await expect(small.call(['contacts', 'bulkDelete'], { mode: 'query', filter: { value: '7' } })).rejects.toMatchObject(
    { code: 'VALIDATION_ERROR' },
  )
})
