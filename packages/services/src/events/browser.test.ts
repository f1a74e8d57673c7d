import { LIMITS } from '@posthorn/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { authenticate } from '../keys/authenticate.ts'
import { getSender } from '../senders.ts'
import { recordEvents } from './record.ts'
import { trackedOf } from './tracked.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

type Facts = Record<string, string | number | null>

const publicActor = (browserFields: string[] = []) =>
  ({ ...keyActor(project.id, ['events:track']), keyKind: 'public', browserFields }) as const
const SECRET = {}
const track = (event: object, { browserFields, context }: { browserFields?: string[]; context?: object } = {}) =>
  project.call(
    ['events', 'track'],
    { event: 'visited', email: 'ada@example.com', ...event },
    context ?? { actor: publicActor(browserFields) },
  )
const contact = () => project.call(['contacts', 'get'], { id: 'ada@example.com' })

test.each<{ what: string; before: Facts; sent: Facts; fields?: string[]; after: Facts }>([
  { what: 'fills what is not set', before: {}, sent: { plan: 'free' }, after: { plan: 'free' } },
  { what: 'overwrites nothing', before: { plan: 'pro' }, sent: { plan: 'free' }, after: { plan: 'pro' } },
  { what: 'deletes nothing', before: { plan: 'pro' }, sent: { plan: null }, after: { plan: 'pro' } },
  {
    what: 'overwrites the fields that it may, and no other',
    before: { seen: 'home', plan: 'pro' },
    sent: { seen: 'prices', plan: 'free', new: 1 },
    fields: ['seen'],
    after: { seen: 'prices', plan: 'pro', new: 1 },
  },
  {
    what: 'deletes the fields that it may overwrite',
    before: { seen: 'home', plan: 'pro' },
    sent: { seen: null, plan: null },
    fields: ['seen'],
    after: { plan: 'pro' },
  },
  {
    what: 'means a name by its capitals',
    before: { Seen: 'home' },
    sent: { Seen: 'prices' },
    fields: ['seen'],
    after: { Seen: 'home' },
  },
])('a public key $what', async ({ before, sent, fields = [], after }) => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: before })
  await track({ data: sent }, { browserFields: fields })
  expect((await contact()).data).toEqual(after)
})

test('a public key fills a contact up to little, so that the server still has room', async () => {
  const facts = (count: number, length: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${length}-${n}`, 'x'.repeat(length)]))
  await track({ data: facts(1, LIMITS.browserDataBytes) })
  expect((await contact()).data).toEqual({})
  await track({ data: facts(10, 1_000) })
  await track({ data: facts(1, 8_000) })
  await track({ data: { small: 1, ...facts(10, 1_000) } })
  expect((await contact()).data).toEqual({ small: 1, ...facts(10, 1_000) })
  const stored = (await project.call(['events', 'list'], {})).data.map(({ data }) => JSON.stringify(data).length)
  expect(stored.toSorted((a, b) => a - b).at(-1)).toBeGreaterThan(LIMITS.browserDataBytes)
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: facts(1, 40_000) })
  const browserFields = ['seen', 'note']
  await track({ data: { seen: 'home', note: 'x'.repeat(LIMITS.browserValueBytes), more: 1 } }, { browserFields })
  expect((await contact()).data).toEqual({ small: 1, seen: 'home', ...facts(10, 1_000), ...facts(1, 40_000) })
})

test('a public key creates and describes a contact', async () => {
  await track({ data: { plan: 'free' } })
  expect(await contact()).toMatchObject({ subscribed: true, data: { plan: 'free' } })
})

test.each([true, false])('a public key changes no consent that stands as %s', async (subscribed) => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', subscribed })
  await track({ subscribed: !subscribed }, { browserFields: ['subscribed'] })
  expect((await contact()).subscribed).toBe(subscribed)
})

test('a public key can say of somebody new that they want no mail', async () => {
  await track({ subscribed: false })
  expect((await contact()).subscribed).toBe(false)
})

test('in one batch the first wins where a public key only adds, and the last where it may overwrite', async () => {
  const events = ['a', 'b'].map((letter) => ({
    event: 'visited',
    email: 'ada@example.com',
    data: { first: letter, last: letter },
  }))
  await project.call(['events', 'trackBatch'], { events }, { actor: publicActor(['last']) })
  expect((await contact()).data).toEqual({ first: 'a', last: 'b' })
})

test('a secret key and a public one at the same moment end as one after the other would', async () => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { plan: 'pro' } })
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      track({ data: { plan: n % 2 ? 'free' : 'team', [`n${n}`]: n } }, n % 2 ? {} : { context: SECRET }),
    ),
  )
  const { data } = await contact()
  expect(data).toEqual({ plan: 'team', ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`n${n}`, n])) })
})

test('what the server deletes can be filled again, also where both are stored together', async () => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { plan: 'pro', seats: 1 } })
  const reported = (data: Facts) => ({ event: 'visited', email: 'ada@example.com', data })
  const sender = await getSender(project.context())
  await recordEvents(instance.db, [
    trackedOf(project.context(), sender, reported({ plan: null })),
    trackedOf(project.context({ actor: publicActor() }), sender, reported({ plan: 'free', seats: 2 })),
  ])
  expect((await contact()).data).toEqual({ plan: 'free', seats: 1 })
})

test('what the project lets browsers overwrite counts at once', async () => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { seen: 'home' } })
  await project.call(['project', 'update'], { browserFields: ['seen'] })
  const actor = await authenticate(instance.runtime, { authorization: `Bearer ${project.publicKey}`, ip: undefined })
  await track({ data: { seen: 'prices' } }, { context: { actor } })
  expect((await contact()).data).toEqual({ seen: 'prices' })
})
