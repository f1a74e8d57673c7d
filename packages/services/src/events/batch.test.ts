import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyActor, SECRET, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createRuntime } from '../runtime.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
beforeEach(async () => {
  project = await instance.project()
})
afterAll(() => instance.close())

type Given = Record<string, string | number | boolean | null | Record<string, string>>
const event = (more: Given = {}): Given => ({ event: 'visited', email: 'ada@example.com', ...more })
const batch = (events: Given[], context: object = {}) => project.call(['events', 'trackBatch'], { events }, context)
const list = async () => (await project.call(['events', 'list'], { limit: 100 })).data

test('each event of a batch gets its own result, in the order of the list', async () => {
  const answer = await batch([
    event(),
    event({ event: 'left', email: ' ADA@example.com' }),
    event({ email: 'b@b.example' }),
  ])
  expect(answer).toMatchObject({ accepted: 3, refused: 0 })
  const events = (await list()).toReversed()
  expect(answer.results).toEqual(
    events.map(({ id, contactId, createdAt }) => ({
      status: 'accepted',
      event: id,
      contact: contactId,
      timestamp: createdAt,
      isRepeat: false,
    })),
  )
  expect(events.map(({ name, email }) => [name, email])).toEqual([
    ['visited', 'ada@example.com'],
    ['left', 'ada@example.com'],
    ['visited', 'b@b.example'],
  ])
})

test('what is wrong with one event keeps no other from being stored', async () => {
  const { results, ...counts } = await batch([
    event(),
    event({ email: 'nobody' }),
    event({ event: 'email.sent' }),
    {},
    event({ event_id: '17' }),
    event({ event: 'left' }),
  ])
  expect(counts).toEqual({ accepted: 2, refused: 4 })
  expect(
    results.map((result) => (result.status === 'refused' ? result.error.errors?.map(({ field }) => field) : [])),
  ).toEqual([[], ['email'], ['event'], ['event', 'email'], ['event_id'], []])
  expect((await list()).map(({ name }) => name)).toEqual(['left', 'visited'])
})

test('what can be stored nowhere, or is no event at all, keeps no other from being stored either', async () => {
  const deep = (levels: number): object => (levels === 1 ? {} : { a: deep(levels - 1) })
  const unfit: [unknown, string, string][] = [
    [event({ data: { text: 'Hello 😀'.slice(0, 7) } }), 'data.text', 'This text is not well-formed Unicode.'],
    [event({ data: { text: '\0' } }), 'data.text', 'The NUL character is not allowed.'],
    [
      event({ data: JSON.parse('{"__proto__":"x"}') as Record<string, string> }),
      'data.__proto__',
      'This name is reserved.',
    ],
    [{ ...event(), data: deep(24) }, `data${'.a'.repeat(23)}`, 'At most 24 levels of nesting.'],
    [
      { ...event(), data: JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`) as object },
      `data${'.a'.repeat(23)}`,
      'At most 24 levels of nesting.',
    ],
    ['visited', '', 'Expected object, received string'],
    [null, 'event', 'This field is required.'],
    [[event()], '', 'Expected object, received array'],
  ]
  const events = [event(), ...unfit.map(([item]) => item), { ...event(), data: deep(23) }]
  const { results, ...counts } = await batch(events as Given[], { idempotencyKey: 'unfit' })
  expect(counts).toEqual({ accepted: 2, refused: unfit.length })
  for (const [place, [, field, message]] of unfit.entries()) {
    expect(results[place + 1]).toMatchObject({
      error: { errors: expect.arrayContaining([{ field, message, code: expect.any(String) }]) },
    })
  }
  expect(await list()).toHaveLength(2)
})

test('what is wrong beside the events is a fault of the call', async () => {
  const call = (input: object) => project.call(['events', 'trackBatch'], input as { events: Given[] })
  for (const [input, field] of [
    [{ events: [event()], more: '\0' }, 'more'],
    [{ events: event() }, 'events'],
    [{ events: [event()], eventz: [] }, 'eventz'],
  ] as const) {
    await expect(call(input)).rejects.toMatchObject({ errors: [{ field }] })
  }
  expect(await list()).toEqual([])
})

test('a batch in which nothing is right stores nothing', async () => {
  expect(await batch([{}, {}])).toMatchObject({ accepted: 0, refused: 2 })
  expect(await list()).toEqual([])
})

test('what is too much for a contact is refused alone', async () => {
  const piece = (name: string) => event({ data: { [name]: 'x'.repeat(60_000) } })
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const { results } = await batch([...names.map(piece), event({ event: 'small' }), piece('g')])
  const refused = results.flatMap((result, index) => (result.status === 'refused' ? [index] : []))
  expect(refused).toEqual([4, 5, 7])
  expect(results[4]).toMatchObject({ error: { errors: [{ field: 'data' }] } })
  expect((await list()).map(({ name }) => name)).toEqual(['small', 'visited', 'visited', 'visited', 'visited'])
})

test('later events of the same contact win key by key, as they would one after the other', async () => {
  await batch([event({ data: { a: '1', b: '1' } }), event({ data: { b: '2' } })])
  expect(await project.call(['contacts', 'get'], { id: 'ada@example.com' })).toMatchObject({ data: { a: '1', b: '2' } })
})

test('a batch that is sent again stores nothing twice, nor does an id that stands in it twice', async () => {
  const events = [event({ eventId: '1' }), event({ eventId: '2' }), event({ eventId: '1' })]
  const first = await batch(events)
  expect(first.results.map((result) => result.status === 'accepted' && result.isRepeat)).toEqual([false, false, true])
  expect(first.results[2]).toEqual({ ...first.results[0], isRepeat: true })
  const again = await batch(events)
  expect(again.results).toEqual(first.results.map((result) => ({ ...result, isRepeat: true })))
  expect(await list()).toHaveLength(2)
})

test('batches that overtake each other store each event once', async () => {
  const runtimes = [1, 2].map(() => createRuntime({ db: instance.db, secret: SECRET, captures: true }))
  const events = Array.from({ length: 20 }, (_, n) => event({ eventId: `${n}`, email: `c${n % 3}@example.com` }))
  // Who is known already is not locked, so nothing but the ids makes them wait for each other.
  await batch(events.map(({ email }) => event({ email: email as string })))
  const answers = await Promise.all(
    [project, ...runtimes.map((runtime) => instance.through(runtime, project))].map(({ call }, index) =>
      call(['events', 'trackBatch'], { events: index === 1 ? events.toReversed() : events }),
    ),
  )
  await Promise.all(runtimes.map((runtime) => runtime.close()))
  expect(answers.map(({ accepted }) => accepted)).toEqual([20, 20, 20])
  expect(await list()).toHaveLength(40)
})

test('with a public key it only adds what a contact lacks', async () => {
  await project.call(['contacts', 'upsert'], { email: 'ada@example.com', data: { plan: 'pro' } })
  const actor = { ...keyActor(project.id, ['events:track']), keyKind: 'public' } as const
  await batch([event({ data: { plan: 'free', seen: 'yes' }, subscribed: false })], { actor })
  expect(await project.call(['contacts', 'get'], { id: 'ada@example.com' })).toMatchObject({
    subscribed: true,
    data: { plan: 'pro', seen: 'yes' },
  })
})

test('a batch with an Idempotency-Key happens once', async () => {
  const first = await batch([event()], { idempotencyKey: 'once' })
  expect(await batch([event()], { idempotencyKey: 'once' })).toEqual(first)
  expect(await list()).toHaveLength(1)
})

test.each([
  ['none', 0],
  ['too many', 501],
])('a batch of %s is refused whole', async (_, length) => {
  await expect(batch(Array.from({ length }, () => event()))).rejects.toMatchObject({ errors: [{ field: 'events' }] })
})
