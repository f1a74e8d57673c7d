import { Readable } from 'node:stream'
import { operationList, SCOPES, PERMISSIONS, type NamedOperation } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import { pngOf } from '@posthorn/testkit/pictures'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { keyActor, SECRET, testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { systemActor, type Actor } from './context.ts'
import { invoke } from './invoke.ts'
import { createRuntime } from './runtime.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }
const as = (actor: Actor) => project.context({ actor })

test.each([
  ['emails', 'nothing'],
  ['nothing', 'send'],
  ['__proto__', 'toString'],
  ['constructor', 'constructor'],
  ['emails', '__proto__'],
  ['emails', 'constructor'],
  ['emails', 'toString'],
  ['', ''],
])('there is no operation %s.%s', async (noun, verb) => {
  await expect(invoke(project.context(), [noun, verb], {})).rejects.toMatchObject({ code: 'ROUTE_NOT_FOUND' })
})

test.each(operationList.map((operation) => [operation.name, operation] as const))(
  '%s wants its scope, before it looks at the input',
  async (_, { noun, verb, scope }) => {
    const without = SCOPES.filter((other) => other !== scope)
    await expect(invoke(as(keyActor(project.id, without)), [noun, verb], 'nonsense')).rejects.toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
      status: 403,
      message: `This key was not given the scope ${scope}.`,
    })
    await expect(invoke(as(keyActor(project.id, [scope])), [noun, verb], 'nonsense')).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    })
  },
)

test.each(
  operationList.filter(({ scope }) => scope !== 'events:track').map(({ name, noun, verb }) => [name, noun, verb]),
)('a public key that asks for %s is told to come with a secret one', async (_, noun, verb) => {
  const actor = { ...keyActor(project.id, ['events:track']), keyKind: 'public' } as const
  await expect(invoke(as(actor), [noun, verb], {})).rejects.toMatchObject({
    code: 'INVALID_API_KEY',
    message: expect.stringContaining('secret key'),
  })
})

test('the system may do everything, and only to its own project', async () => {
  const other = await instance.project('Other')
  expect(systemActor(project.id).scopes).toEqual(new Set(PERMISSIONS))
  const { id } = await project.call(['contacts', 'upsert'], { email: 'ada@example.com' })
  await expect(invoke(as(systemActor(other.id)), ['contacts', 'get'], { id })).rejects.toMatchObject({
    code: 'CONTACT_NOT_FOUND',
  })
})

test('an answer holds times as text and no column that was not promised', async () => {
  const contact = await project.call(['contacts', 'upsert'], { email: 'bob@example.com', data: { a: 1 } })
  expect(Object.keys(contact).sort()).toEqual([
    '_meta',
    'createdAt',
    'data',
    'email',
    'id',
    'optedOutAt',
    'subscribed',
    'updatedAt',
  ])
  expect(JSON.parse(JSON.stringify(contact))).toEqual(contact)
  const { data } = await project.call(['keys', 'list'], {})
  expect(data.map((key) => Object.keys(key))).not.toContainEqual(
    expect.arrayContaining([expect.stringMatching(/^(?:hash|encrypted|public_key|project_id)$/)]),
  )
})

/** A file is read when it is asked for, and not before. */
const firstOf = async (called: Promise<unknown>) => {
  const answer = (await called) as { pieces?: AsyncIterable<string> }
  return answer.pieces?.[Symbol.asyncIterator]().next() ?? answer
}

/** What is sent to an operation that takes a file. */
const sentTo = (takes: NamedOperation['takes']) => {
  const isTable = takes?.types.includes('text/csv')
  const bytes = isTable ? Buffer.from('email\nada@example.com\n') : pngOf(1, 1)
  const type = isTable ? 'text/csv' : 'image/png'
  return { type, filename: undefined, chunks: Readable.from([bytes], { objectMode: false }) }
}

test('a database that cannot be reached is a refusal that can be tried again, for every operation', async () => {
  const gone = connect('postgres://posthorn:hidden@127.0.0.1:1/posthorn')
  const runtime = createRuntime({ db: gone.db, secret: SECRET, captures: true })
  onTestFinished(async () => {
    await runtime.close()
    await gone.close()
  })
  const id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
  const addresses = {
    id,
    email: 'ada@example.com',
    requestId: id,
    place: 0,
    mode: 'ids',
    contactIds: [id],
    jobId: id,
    template: id,
    to: 'ada@example.com',
    emails: ['ada@example.com'],
    contacts: [{ email: 'ada@example.com' }],
    events: [{ event: 'e', email: 'ada@example.com' }],
    field: 'plan',
    by: 'template',
    ids: [id],
    delete: true,
  }
  const input = { ...addresses, event: 'e', name: 'x', scheduledAt: new Date().toISOString(), subject: 'x', body: 'x' }
  const OWN_INPUTS: Record<string, object> = {
    'emails.send': MAIL,
    'emails.sendBatch': { emails: [MAIL] },
    'events.report': { event: 'e', email: 'ada@example.com' },
  }
  // It asks DNS and nothing else.
  const withDatabase = operationList.filter(({ name }) => name !== 'addresses.verify')
  for (const idempotencyKey of [undefined, 'key']) {
    const context = project.context({ db: gone.db, runtime, idempotencyKey })
    const operations = withDatabase.filter(
      ({ secretAnswer, takes }) => idempotencyKey === undefined || !(secretAnswer || takes),
    )
    const refusals = await Promise.all(
      operations.map(({ name, noun, verb, takes, input: { shape } }) => {
        const known = Object.fromEntries(Object.entries(input).filter(([field]) => field in shape))
        const asked = OWN_INPUTS[name] ?? known
        return firstOf(invoke({ ...context, ...(takes && { body: sentTo(takes) }) }, [noun, verb], asked)).catch(
          ({ code, status, message }) => `${code} ${status} ${message}`,
        )
      }),
    )
    expect([...new Set(refusals)]).toEqual(['SERVICE_UNAVAILABLE 503 The database cannot be reached at the moment.'])
  }
})
