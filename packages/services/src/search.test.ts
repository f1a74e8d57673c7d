import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emailStates, MAIL } from '../test/email-states.ts'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { firstIdAt, idsOf } from './search.ts'

let instance: TestInstance
let project: TestProject
let mail: ReturnType<typeof emailStates>

beforeAll(async () => {
  instance = await testInstance()
  mail = emailStates(instance, () => project)
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const found = async (filter: object) => (await project.call(['emails', 'list'], filter)).data.map(({ id }) => id)

describe('emails can be searched for', () => {
  test('a part of the address, of the subject, or of either', async () => {
    const order = await mail.send({ to: 'ada@shop.example', subject: 'Your ORDER 100% off_er' })
    const ada = await mail.send({ to: 'grace@example.com', subject: 'News of Ada' })
    expect(await found({ recipient: 'ADA@s' })).toEqual([order])
    expect(await found({ recipient: 'example' })).toEqual([ada, order])
    expect(await found({ subject: 'order' })).toEqual([order])
    expect(await found({ subject: 'ada' })).toEqual([ada])
    expect(await found({ search: ' ada ' })).toEqual([ada, order])
    expect(await found({ search: 'ada', subject: 'order' })).toEqual([order])
  })

  test('by what is written and not by a pattern', async () => {
    const odd = await mail.send({ subject: String.raw`100% \ off_er` })
    await mail.send({ subject: '100 percent offer' })
    for (const subject of ['100%', 'off_er', String.raw`\ off`]) expect(await found({ subject })).toEqual([odd])
    expect(await found({ subject: '%' })).toEqual([odd])
  })

  test('their kind, and the time in which they were accepted', async () => {
    const id = await mail.send()
    const { createdAt } = await project.call(['emails', 'get'], { id })
    const later = new Date(Date.parse(createdAt) + 1).toISOString()
    expect(await found({ stream: 'transactional' })).toEqual([id])
    expect(await found({ stream: 'campaign' })).toEqual([])
    expect(await found({ since: createdAt })).toEqual([id])
    expect(await found({ since: later })).toEqual([])
    expect(await found({ until: createdAt })).toEqual([])
    expect(await found({ until: later, since: '0001-01-01T00:00:00Z' })).toEqual([id])
  })

  test('together with a state that has an index of its own, or waits in the queue', async () => {
    const failed = await mail.make.failed()
    await mail.make.cancelled()
    const scheduled = await mail.make.scheduled()
    expect(await found({ status: 'failed', search: 'hello' })).toEqual([failed])
    expect(await found({ status: 'failed', to: MAIL.to })).toEqual([failed])
    expect(await found({ status: 'failed', to: 'nobody@example.com' })).toEqual([])
    expect(await found({ status: 'scheduled', search: 'hello' })).toEqual([scheduled])
    expect(await found({ status: 'scheduled', search: 'bye' })).toEqual([])
  })

  test('page by page, each once', async () => {
    const ids: string[] = []
    for (let index = 0; index < 5; index += 1) ids.unshift(await mail.send({ subject: `Order ${index}` }))
    const first = await project.call(['emails', 'list'], { search: 'order', limit: 3 })
    const second = await project.call(['emails', 'list'], { search: 'order', limit: 3, cursor: first.cursor! })
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids)
    expect([first.hasMore, second.hasMore, second.cursor]).toEqual([true, false, null])
  })
})

test('a search that finds little stops after so many entries, and the next page goes on there', async () => {
  const oldest = await mail.send({ subject: 'A needle' })
  await sql`
    insert into emails (project_id, id, content_id, contact_id, from_email, to_email, subject, captured)
    select ${project.id}, uuidv7(), uuidv7(), uuidv7(), 'a@example.com', 'hay@example.com', 'Hay', true
    from generate_series(0, ${LIMITS.searchedPerPage})
  `.execute(instance.db)
  await sql`
    insert into contacts (project_id, id, email, subscribed)
    select ${project.id}, uuidv7(), 'hay-' || place || '@example.com', true
    from generate_series(0, ${LIMITS.contactsSearchedPerPage}) place
  `.execute(instance.db)
  for (const [noun, wanted, search] of [
    ['emails', oldest, 'needle'],
    // Too short a part for the index of addresses.
    ['contacts', undefined, 'a@'],
  ] as const) {
    const first = await project.call([noun, 'list'] as ['emails', 'list'], { search })
    expect(first).toMatchObject({ data: [], hasMore: true, cursor: expect.any(String) })
    const second = await project.call([noun, 'list'] as ['emails', 'list'], { search, cursor: first.cursor! })
    expect(second).toMatchObject({ data: [wanted === undefined ? {} : { id: wanted }], hasMore: false, cursor: null })
  }
})

test('contacts can be searched for a part of their address', async () => {
  await mail.send({ to: 'ada@shop.example' })
  await mail.send({ to: 'grace@example.com' })
  const list = async (filter: object) =>
    (await project.call(['contacts', 'list'], filter)).data.map(({ email }) => email)
  expect(await list({ search: 'SHOP' })).toEqual(['ada@shop.example'])
  expect(await list({ search: '@' })).toEqual(['grace@example.com', 'ada@shop.example'])
  expect(await list({})).toEqual(['grace@example.com', 'ada@shop.example'])
})

test('the first id of a moment comes after all of the moment before', () => {
  expect(firstIdAt(0)).toBe('00000000-0000-0000-0000-000000000000')
  expect(firstIdAt(Date.parse('2026-01-31T09:30:00.001Z'))).toBe('019c1363-49c1-0000-0000-000000000000')
  expect(firstIdAt(Date.parse('0001-01-01'))).toBe('00000000-0000-0000-0000-000000000000')
  expect(firstIdAt(Date.parse('9999-12-31'))).toMatch(/^[\da-f]{8}-[\da-f]{4}-0000-0000-0{12}$/)
  const before = firstIdAt(5)
  expect(idsOf({ before, until: new Date(0) }).to).toBe(before)
})
