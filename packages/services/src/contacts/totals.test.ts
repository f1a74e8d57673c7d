import { LIMITS, type WireInput } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

type Filter = WireInput<'contacts', 'list'>

/** More than one page looks at. */
const MANY = LIMITS.contactsSearchedPerPage + 15_000
const NEW = 8_000
const FEW = 60

let instance: TestInstance
/** Of 40,000 contacts the newest 8,000 have an address that ends with `q`, and the newest 60 are at `est.example`. */
let large: TestProject
/** Of 321 contacts 300 are at `cur.example`, and a third of these opted out. */
let small: TestProject

beforeAll(async () => {
  instance = await testInstance()
  large = await instance.project()
  small = await instance.project()
  await sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${large.id}, ('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
      'c' || i || case when i >= ${MANY - FEW} then '@est.example' else '@other.example' end
        || case when i >= ${MANY - NEW} then 'q' else '' end,
      jsonb_build_object('plan', case when i % 4 = 0 then 'pro' else 'free' end), i % 2 = 0
    from generate_series(0, ${MANY}::int - 1) i
  `.execute(instance.db)
  await sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${small.id}, uuidv7(), 'c' || i || case when i < 300 then '@cur.example' else '@other.example' end, '{}', i % 3 > 0
    from generate_series(0, 320) i
  `.execute(instance.db)
  await sql`analyze contacts`.execute(instance.db)
})

afterAll(() => instance.close())

/** The totals of all pages. */
async function totals(project: TestProject, filter: Filter, pages = Infinity) {
  const said: (readonly [number, string])[] = []
  for (let cursor: string | null = ''; cursor !== null && said.length < pages;) {
    const page: Awaited<ReturnType<typeof list>> = await list(project, { ...filter, ...(cursor && { cursor }) })
    said.push([page.total, page.totalIs])
    cursor = page.cursor
  }
  return said
}

const list = (project: TestProject, filter: Filter) => project.call(['contacts', 'list'], filter)

const isAlways = (total: number, totalIs = 'exact') => [[total, totalIs]]
const distinct = (said: (readonly [number, string])[]) =>
  [...new Set(said.map((one) => JSON.stringify(one)))].map((one) => JSON.parse(one))

test.each<[string, () => TestProject, Filter, number]>([
  ['of a project that is looked at as a whole', () => small, { search: 'cur.example', limit: 7 }, 300],
  ['of one consent', () => small, { search: 'cur', subscribed: 'false', limit: 7 }, 100],
  ['of few, all of whom are new', () => large, { search: 'est.example', limit: 50 }, FEW],
  ['of few, by a part that is too short for the index', () => small, { search: '@c', limit: 100 }, 300],
])('the total %s is exact on each page', async (_, project, filter, total) => {
  const said = await totals(project(), filter)
  expect(said.length).toBeGreaterThan(1)
  expect(distinct(said)).toEqual(isAlways(total))
})

test('is exact of whatever is looked for where there are few enough to look at all of them', async () => {
  const subscribed = { subscribed: true, limit: 100 } as const
  expect(distinct(await totals(large, { field: 'plan', value: 'pro', ...subscribed }, 2))).toEqual(isAlways(MANY / 4))
  expect(distinct(await totals(large, { search: 'q', ...subscribed }, 2))).toEqual(isAlways(NEW / 2))
})

test.each<[string, Filter, number]>([
  ['that many have', { field: 'plan', value: 'pro' }, MANY / 4],
  ['that all have', { search: 'c' }, MANY],
  ['that only new ones have', { search: 'eq' }, NEW],
  ['that only old ones have', { search: 'other.example' }, MANY - FEW],
])('what %s is reckoned near the truth, and the same on each page, however far behind', async (_, filter, total) => {
  const [first, ...others] = await totals(large, { limit: 100, ...filter }, 60)
  const [reckoned = 0, kind] = first ?? []
  expect(kind).toBe('estimate')
  expect(Math.abs(reckoned - total) / total).toBeLessThan(0.15)
  expect(distinct(others)).toEqual([first])
})

test('says that there are at least as many as were seen where nothing tells of more', async () => {
  const page = await list(large, { search: 'qq' })
  expect(page).toMatchObject({ data: [], total: 0, totalIs: 'at-least', hasMore: true })
  expect(await totals(large, { search: 'qq' })).toEqual([
    [0, 'at-least'],
    [0, 'at-least'],
  ])
})
