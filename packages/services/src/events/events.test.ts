import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const track = (event: string, more: object = {}) =>
  project.call(['events', 'track'], { event, email: 'ada@example.com', ...more })
const list = (filter: object = {}) => project.call(['events', 'list'], filter)

test('an event is stored with its facts, for the contact that it makes or knows', async () => {
  const first = await track('signed-up', { data: { plan: 'pro', trial: { value: true, persistent: false } } })
  const second = await track('Signed Up', { email: 'ADA@example.com' })
  expect(second.contact).toBe(first.contact)
  expect(first.timestamp).toMatch(/^\d{4}-.*Z$/)
  const { data } = await list()
  expect(data).toEqual([
    {
      id: second.event,
      name: 'Signed Up',
      contactId: first.contact,
      email: 'ada@example.com',
      data: {},
      createdAt: expect.any(String),
    },
    {
      id: first.event,
      name: 'signed-up',
      contactId: first.contact,
      email: 'ada@example.com',
      data: { plan: 'pro', trial: true },
      createdAt: expect.any(String),
    },
  ])
  const contact = await project.call(['contacts', 'get'], { id: first.contact })
  expect(contact).toMatchObject({ email: 'ada@example.com', subscribed: true, data: { plan: 'pro' } })
})

test('the same event may happen any number of times, also at once', async () => {
  const tracked = await Promise.all(Array.from({ length: 20 }, () => track('clicked')))
  expect(new Set(tracked.map(({ event }) => event)).size).toBe(20)
  expect(new Set(tracked.map(({ contact }) => contact)).size).toBe(1)
  expect((await list()).data).toHaveLength(20)
})

test('a public key may report, and nothing about the contact comes back but ids', async () => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { secret: 1 } })
  const actor = { ...keyActor(project.id, ['events:track']), keyKind: 'public' } as const
  const receipt = await project.call(['events', 'track'], { event: 'e', email: 'ada@example.com' }, { actor })
  expect(Object.keys(receipt).sort()).toEqual(['contact', 'event', 'timestamp'])
  const again = await project.call(['events', 'track'], { event: 'e', email: 'ada@example.com' }, { actor })
  expect(again.contact).toBe(receipt.contact)
  // An id has the time in it, by which anybody could tell who was known before.
  const contact = await project.call(['contacts', 'get'], { id: 'ada@example.com' })
  expect(receipt.contact).not.toBe(contact.id)
  expect(receipt.contact).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/)
  await expect(project.call(['contacts', 'get'], { id: receipt.contact })).rejects.toMatchObject({ status: 404 })
})

test('a list can be narrowed to a contact, by id or address, and to a name', async () => {
  const ada = await track('a')
  const bob = await track('a', { email: 'bob@example.com' })
  const adaB = await track('b')
  const ids = async (filter: object) => (await list(filter)).data.map(({ id }) => id)
  expect(await ids({ contactId: ada.contact })).toEqual([adaB.event, ada.event])
  expect(await ids({ name: 'a' })).toEqual([bob.event, ada.event])
  expect(await ids({ name: 'a', contactId: bob.contact })).toEqual([bob.event])
  expect(await ids({ name: 'A' })).toEqual([])
  expect(await ids({ contactId: newId() })).toEqual([])
  expect(await ids({ email: 'Bob@Example.com' })).toEqual([bob.event])
  expect(await ids({ email: 'ada@example.com', name: 'b' })).toEqual([adaB.event])
  expect(await ids({ email: 'nobody@example.com' })).toEqual([])
})

test('a list can be narrowed to a time, whose end does not count', async () => {
  const { event: id } = await track('a')
  const { createdAt } = (await list()).data[0] as { createdAt: string }
  const later = new Date(Date.parse(createdAt) + 1).toISOString()
  const ids = async (filter: object) => (await list(filter)).data.map((event) => event.id)
  expect(await ids({ since: createdAt, until: later })).toEqual([id])
  expect(await ids({ since: createdAt, email: 'ada@example.com', name: 'a' })).toEqual([id])
  expect(await ids({ since: later })).toEqual([])
  expect(await ids({ until: createdAt })).toEqual([])
})

test('a list is read page by page, newest first', async () => {
  const events: string[] = []
  for (let index = 0; index < 7; index += 1) events.push((await track(`e${index}`)).event)
  const seen: string[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await list({ limit: 3, ...(cursor && { cursor }) })
    seen.push(...page.data.map(({ id }) => id))
    cursor = page.cursor
    await track('later')
  }
  expect(seen).toEqual(events.toReversed())
})

test('the events of another project are not there, even for one who knows the contact', async () => {
  const { contact } = await track('e')
  const other = await instance.project('Other')
  expect((await other.call(['events', 'list'], { contactId: contact })).data).toEqual([])
  await other.call(['events', 'track'], { event: 'e', email: 'ada@example.com' })
  expect((await list()).data).toHaveLength(1)
})
