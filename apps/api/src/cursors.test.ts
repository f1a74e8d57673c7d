import { operationList, peopleOperationList, type NamedOperation, type NamedPeopleOperation } from '@posthorn/contracts'
import { invoke, newId, systemActor } from '@posthorn/services'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inputsOf } from '../test/arbitrary.ts'
import { inputOf } from '../test/inputs.ts'
import { peopleInputOf, seedPeople, type PeopleRows } from '../test/people-inputs.ts'
import { setUp, type Somebody } from '../test/people.ts'
import { seedProject, type Rows, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { rest } from '../test/transports.ts'

type List = NamedOperation | NamedPeopleOperation
type Asked = Record<string, unknown>

let api: TestApi
let owner: Somebody
let mine: SeededProject
let theirs: SeededProject
let people: PeopleRows
/** Of the first page of each list, as I am answered it. */
const cursors = new Map<string, string>()

const lists = [...operationList, ...peopleOperationList].filter(({ input }) => 'cursor' in input.shape)

beforeAll(async () => {
  api = await startTestApi()
  owner = await setUp(api)
  mine = await seedProject(api)
  theirs = await seedProject(api)
  for (const { rows } of [theirs, mine]) people = await seedPeople(api, { projectId: rows.projectId, ...owner })
  await seedAgain(mine.rows)
  for (const list of lists) {
    const { output } = await ask(list, { limit: 1 })
    cursors.set(list.name, (output as { cursor: string }).cursor)
  }
})

afterAll(() => api.stop())

/** One more of everything, so that each list has a second page. */
async function seedAgain({ projectId, contactId, templateId, topicId }: Rows) {
  const ctx = { db: api.db, runtime: api.runtime, actor: systemActor(projectId), requestId: newId() }
  await invoke(ctx, ['emails', 'send'], { to: 'grace@example.com', subject: 'Again', text: 'Hi' })
  await invoke(ctx, ['events', 'track'], { event: 'signed-up', email: 'grace@example.com' })
  await invoke(ctx, ['contacts', 'update'], { id: contactId, topics: { [topicId]: false } })
  await invoke(ctx, ['templates', 'update'], { id: templateId, subject: 'Again' })
  await invoke(ctx, ['templates', 'create'], { name: 'Again', subject: 'Again', body: '<p>Hi</p>' })
  await invoke(ctx, ['contacts', 'bulkSubscribe'], { mode: 'ids', contactIds: [contactId] })
  const again = {
    imports: { id: newId() },
    import_problems: { row: 3 },
    images: { id: newId(), hash: `\\x${'01'.repeat(32)}` },
    inbox_messages: { id: newId() },
    api_requests: { id: newId() },
    audit_log: { id: newId() },
  }
  for (const [table, changed] of Object.entries(again)) await copyRow(table, projectId, changed)
  for (const id of [newId(), newId()]) {
    await copyRow('audit_log', projectId, { id, project_id: people.deletedProjectId })
  }
}

const copyRow = (table: string, projectId: string, changed: object) =>
  sql`
    insert into ${sql.table(table)} select (jsonb_populate_record(one, ${JSON.stringify(changed)}::jsonb)).*
    from ${sql.table(table)} one where project_id = ${projectId} limit 1
  `.execute(api.db)

const isForPeople = (list: List): list is NamedPeopleOperation => 'for' in list

/** What it takes at least, which names what is mine. */
function leastOf(list: List): Asked {
  const input = isForPeople(list) ? peopleInputOf(list, people) : inputOf(list, mine.rows)
  const isNeeded = ([field]: [string, unknown]) => list.input.shape[field]?.safeDecode(undefined).success === false
  return Object.fromEntries(Object.entries(input).filter(isNeeded))
}

function ask(list: List, change: Asked, { fullKey }: SeededProject = mine) {
  const input = { ...leastOf(list), ...change }
  if (isForPeople(list)) return owner.browser.trpc(list.name, input)
  return rest(api.url, { operation: list, input, key: fullKey })
}

const cursorOf = ({ name }: List) => cursors.get(name) ?? ''

const BAD_CURSOR = {
  status: 400,
  code: 'BAD_REQUEST',
  message: 'This cursor is not one that Posthorn gave out.',
}

/** Fields that say how large a page is, or which. */
const PAGING: ReadonlySet<string> = new Set(['cursor', 'limit', 'page', 'pageSize'])

const filtersOf = ({ input }: List) => Object.keys(input.shape).filter((field) => !PAGING.has(field))

/** What nobody would come upon by chance. */
const WORDS = { types: 'email,event', startDate: '2026-01-31', endDate: '2026-01-31' }

/** The same list, narrowed by this field in another way. */
function otherwise(list: List, field: string): Asked {
  const samples = [...fc.sample(inputsOf(list.input), { numRuns: 500, seed: 1 }), WORDS as Asked]
  const found = samples.find(
    (sample) => field in sample && list.input.safeDecode({ ...leastOf(list), [field]: sample[field] }).success,
  )
  if (found === undefined) throw new Error(`no value for ${field} of ${list.name}`)
  return { [field]: found[field] }
}

test.each(lists)('$name goes on from its own cursor, also with pages of another size', async (list) => {
  const first = await ask(list, { limit: 1 })
  for (const limit of [1, 50]) {
    const next = await ask(list, { limit, cursor: cursorOf(list) })
    expect(next).toMatchObject({ status: 200, code: undefined })
    expect(next.output).not.toEqual(first.output)
    expect(next.output).not.toMatchObject({ data: [] })
  }
})

test.each(lists.filter((list) => !isForPeople(list)))('$name takes no cursor of another project', async (list) => {
  expect(await ask(list, { cursor: cursorOf(list) }, theirs)).toMatchObject(BAD_CURSOR)
})

test.each(lists)('$name takes no cursor of another list', async (list) => {
  const others = lists.filter(({ name }) => name !== list.name)
  const answers = await Promise.all(others.map((other) => ask(list, { cursor: cursorOf(other) })))
  expect(answers).toMatchObject(others.map(() => BAD_CURSOR))
})

test.each(lists.flatMap((list) => filtersOf(list).map((field) => ({ name: list.name, list, field }))))(
  '$name takes no cursor that it gave out with another $field',
  async ({ list, field }) => {
    const change = otherwise(list, field)
    expect(await ask(list, { cursor: cursorOf(list), ...change })).toMatchObject(BAD_CURSOR)
  },
)

const alteredAt = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`

test.each(lists)('$name takes no cursor that was altered or made up', async (list) => {
  const cursor = cursorOf(list)
  const [inner = '', mac = ''] = cursor.split('.')
  const madeUp = [newId(), 'v9', 'ffffffff-ffff-ffff-ffff-ffffffffffff'].map((text) =>
    Buffer.from(text).toString('base64url'),
  )
  const wrong = [
    ...[0, inner.length - 1, inner.length, inner.length + 1, cursor.length - 1].map((at) => alteredAt(cursor, at)),
    `${cursor}A`,
    inner,
    mac,
    ...madeUp,
    ...madeUp.map((made) => `${made}.${mac}`),
  ]
  const answers = await Promise.all(wrong.map((cursor) => ask(list, { cursor })))
  expect(answers).toMatchObject(wrong.map(() => BAD_CURSOR))
})
