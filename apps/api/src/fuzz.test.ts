import {
  asksByQuery,
  isQuery,
  LIMITS,
  operationList,
  peopleOperationList,
  type NamedOperation,
} from '@posthorn/contracts'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inputsOf, STRANGE_NAMES, withName } from '../test/arbitrary.ts'
import { call, type Answer } from '../test/call.ts'
import { HOSTILE_JSON, placesIn, withJson } from '../test/hostile.ts'
import { inputOf } from '../test/inputs.ts'
import { keepAliveClient, type KeepAliveClient, type KeepAliveOptions } from '../test/keep-alive.ts'
import { peopleInputOf, seedPeople, type PeopleRows } from '../test/people-inputs.ts'
import { setUp, type Somebody } from '../test/people.ts'
import { unpromised } from '../test/promised.ts'
import { seedProject, snapshot, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

/** `FUZZ_RUNS=1000 FUZZ_SEED=$RANDOM` looks longer, and elsewhere. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 6)
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101)

/** A long look takes its time. */
const TIMEOUT_MS = 20_000 + RUNS * 1_000

/** How many requests are under way at once. */
const AT_ONCE = 10

interface Sent {
  to: string
  body?: string
  headers?: Record<string, string>
}

let api: TestApi
let client: KeepAliveClient
let owner: Somebody
let theirs: SeededProject
let theirRows: string[]
/** One for each noun, and for each operation that deletes, since it leaves less behind for the next. */
const projects = new Map<string, Promise<SeededProject>>()

beforeAll(async () => {
  api = await startTestApi()
  client = keepAliveClient(api.port)
  // Before there is a project, of which the first account would become a member.
  owner = await setUp(api)
  theirs = await seedProject(api)
  theirRows = await snapshot(api, theirs.rows.projectId)
})

afterAll(async () => {
  client.close()
  await api.stop()
})

function projectOf({ noun, name, rest }: NamedOperation): Promise<SeededProject> {
  const whose = rest.method === 'DELETE' ? name : noun
  const project = projects.get(whose) ?? seedProject(api)
  projects.set(whose, project)
  return project
}

const operations = operationList.map((operation) => ({ name: operation.name, operation }))

/** The same every time, and not the same for each operation. */
const sample = <Value>(values: fc.Arbitrary<Value>, { name }: { name: string }, runs = RUNS): Value[] =>
  fc.sample(values, { numRuns: runs, seed: SEED + name.length * 1_000 + name.charCodeAt(name.length - 1) })

/** Inputs of the right shape, most of them with ids that are there, and for a page that is: the first. */
function inputs(operation: NamedOperation, { rows }: SeededProject): Record<string, unknown>[] {
  const known = inputOf(operation, rows)
  return sample(fc.tuple(inputsOf(operation.input), fc.boolean(), fc.boolean()), operation).map(
    ([whole, keepsIds, isLeast]) => {
      const { cursor: _, ...made } = whole
      return isLeast ? { ...made, ...known } : keepsIds ? { ...made, ...idsOf(known) } : { ...known, ...made }
    },
  )
}

const ID = /^[\da-f]{8}-[\da-f-]{27}$/
const idsOf = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => ID.test(String(value))))

const FILES = ['', 'email,plan\nada@example.com,pro\n', '\u0000\u00ff', 'email\n"', '%PDF-1.7', '\uFEFFemail;a\n;;;;\n']

/** As it stands in an address, where half a surrogate pair is three bytes that are no UTF-8. */
const escaped = (text: string) =>
  Array.from(text, (sign) => (sign.isWellFormed() ? encodeURIComponent(sign) : '%ED%A0%80')).join('')

/** Each second one as what must happen once, since its answer is stored then. */
const withKeys = (operation: NamedOperation, requests: readonly Sent[]): Sent[] =>
  isQuery(operation) || operation.takes !== undefined || operation.secretAnswer
    ? [...requests]
    : requests.map((sent, run) =>
        run % 2 === 0 ? sent : { ...sent, headers: { ...sent.headers, 'Idempotency-Key': randomUUID() } },
      )

/** The request for an input, of which `body` may be another JSON. */
function requestOf(operation: NamedOperation, input: Record<string, unknown>, body?: string): Sent {
  const left = { ...input }
  const path = operation.rest.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(left[field])
    delete left[field]
    // A path with nothing in this place is another one.
    return escaped(value === '' || /^\.+$/.test(value) ? '-' : value)
  })
  const to = `${operation.rest.method} ${path}`
  if (!asksByQuery(operation)) return { to, body: body ?? JSON.stringify(left) }
  const search = Object.entries(left)
    .map(([name, value]) => [name, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')])
    .map((pair) => pair.map(escaped).join('='))
    .join('&')
  const asked = { to: `${to}?${search}` }
  if (operation.takes === undefined) return asked
  const type = operation.takes.types[0]?.replace('*', 'png') ?? ''
  return { ...asked, body: FILES[search.length % FILES.length] ?? '', headers: { 'Content-Type': type } }
}

const asTold = ({ to, body = '' }: Sent) => `FUZZ_SEED=${SEED} ${to.slice(0, 500)} ${body.slice(0, 500)}`

async function askAll(requests: readonly Sent[], key: string): Promise<{ sent: Sent; answer: Answer }[]> {
  const answered: { sent: Sent; answer: Answer }[] = []
  for (let begun = 0; begun < requests.length; begun += AT_ONCE) {
    const batch = requests.slice(begun, begun + AT_ONCE)
    const answers = await Promise.all(
      batch.map(({ to, ...rest }) => client.ask(to, { key, ...rest } satisfies KeepAliveOptions)),
    )
    answered.push(...batch.map((sent, place) => ({ sent, answer: answers[place]! })))
  }
  return answered
}

/** Operations that were done at least once, and not only refused. */
const done = new Set<string>()

/** Sends it all, and says what should not have come of it. */
async function damage(operation: NamedOperation, requests: readonly Sent[], { fullKey }: SeededProject) {
  const logged = api.lines.length
  const answered = await askAll(requests, fullKey)
  const found = answered.flatMap(({ sent, answer }) => {
    const reason = unpromised(operation, answer)
    return reason === undefined ? [] : [`${reason}: ${answer.status} ${answer.text.slice(0, 300)} to ${asTold(sent)}`]
  })
  found.push(...api.lines.slice(logged).filter((line) => JSON.parse(line).msg === 'fault'))
  if (answered.some(({ answer }) => answer.status < 400)) done.add(operation.name)
  return { found, refused: answered.filter(({ answer }) => answer.status >= 400).map(({ sent }) => sent) }
}

/** What is stored anew after requests that were refused before are sent again. */
async function traces(refused: readonly Sent[], { rows, fullKey }: SeededProject): Promise<string[]> {
  const before = new Set(await snapshot(api, rows.projectId))
  const again = await askAll(refused, fullKey)
  // What was refused can be right by now, and then it may leave something behind.
  if (again.some(({ answer }) => answer.status < 400)) return []
  const left = (await snapshot(api, rows.projectId)).filter((row) => !before.has(row))
  return left.map((row) => `a refusal left ${row.slice(0, 300)}: FUZZ_SEED=${SEED}`)
}

test.each(operations)(
  '$name keeps what the document promises, whatever fits its schema',
  { timeout: TIMEOUT_MS },
  async ({ operation }) => {
    const project = await projectOf(operation)
    const requests = inputs(operation, project).map((input) => requestOf(operation, input))
    expect((await damage(operation, withKeys(operation, requests), project)).found).toEqual([])
  },
)

const STRANGE = [
  'null',
  '-0',
  '1e400',
  '1e308',
  '"NaN"',
  '"+1000000-01-01T00:00:00Z"',
  '"\\ud800"',
  '"a\\u0000"',
  '[]',
  '{}',
  '""',
]
const strange = fc.oneof(fc.constantFrom(...STRANGE), fc.constantFrom(...HOSTILE_JSON), fc.json({ maxDepth: 3 }))

test.each(operations)(
  '$name keeps what the document promises, when one thing is wrong',
  { timeout: TIMEOUT_MS },
  async ({ operation }) => {
    const project = await projectOf(operation)
    const right = inputs(operation, project)
    const faults = sample(fc.tuple(strange, fc.nat(), fc.constantFrom('drop', 'extra', 'other', 'other')), operation)
    const requests = faults.map(([json, number, fault], run) => {
      const input = right[run % right.length] ?? {}
      const places = placesIn(input, Object.keys(operation.input.shape))
      const place = places[number % places.length]
      if (fault === 'extra' || place === undefined) return requestOf(operation, { ...input, unknown: number })
      if (fault === 'drop' && place.length === 1 && !operation.rest.path.includes(`{${place[0]}}`)) {
        const { [String(place[0])]: _, ...left } = input
        return requestOf(operation, left)
      }
      const body = withJson(input, place, json)
      const inAddress = asksByQuery(operation) || operation.rest.path.includes(`{${place[0]}}`)
      // What is longer than a header may be never arrives in an address.
      return inAddress
        ? requestOf(operation, { ...input, [String(place[0])]: json.slice(0, 3_000) })
        : requestOf(operation, input, body)
    })
    const { found, refused } = await damage(operation, withKeys(operation, requests), project)
    expect([...found, ...(await traces(refused, project))]).toEqual([])
  },
)

/** What is no request of an operation at all, at its address. */
function junk(operation: NamedOperation, input: Record<string, unknown>): Sent[] {
  const { to, body } = requestOf(operation, input)
  const [address = ''] = to.split('?')
  const asked = [
    { to: `${address}?limit=1&limit=2` },
    { to: `${address}?a[b]=1&a[c]=2&a[]=3` },
    { to: `${address}?%ff=%ff&%00=%00` },
    { to: `${address}?${'a&'.repeat(2_000)}` },
    ...(operation.rest.path.includes('{')
      ? ['%ff', '%', '%00', '%2e%2e%2f'].map((part) => ({ to: to.replace(/\/[^/?]*$/, `/${part}`) }))
      : []),
  ].filter(({ to }) => fits(operation, to))
  if (asksByQuery(operation)) return asked
  const typed = (type: string, body: string): Sent => ({ to: address, body, headers: { 'Content-Type': type } })
  return [
    ...asked,
    ...['', '{', '{"a":', 'undefined', '[1,]', '[]', '5', '"a"', '\uFEFF{}', '{"a":01}', "{'a':1}"].map((text) =>
      typed('application/json', text),
    ),
    typed('text/xml', '<a/>'),
    typed('application/json; charset=latin1', body ?? '{}'),
    typed('multipart/form-data', 'a'),
    typed('application/x-www-form-urlencoded', 'a=b'),
    typed('', body ?? '{}'),
    {
      ...typed('application/json', 'not packed'),
      headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    },
    { ...typed('application/json', '{}'), headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'zstd' } },
    ...(operation.bodyLimitBytes === undefined ? [typed('application/json', ' '.repeat(LIMITS.requestBytes + 1))] : []),
  ]
}

/** Whether an address is still one of the operation. */
const fits = ({ rest }: NamedOperation, to: string) =>
  rest.path.split('/').length === to.split(' ')[1]?.split('?')[0]?.split('/').length

test.each(operations.filter(({ operation }) => !asksByQuery(operation)))(
  '$name keeps what the document promises, when there is a strange name in it',
  { timeout: TIMEOUT_MS },
  async ({ operation }) => {
    const project = await projectOf(operation)
    const known = inputOf(operation, project.rows)
    const named = STRANGE_NAMES.flatMap((name, place) => [
      ...inputs(operation, project).map((input) => withName(input, place, name)),
      ...[0, 1, 2].map((place) => withName(known, place, name)),
    ])
    const requests = named.map((input) => requestOf(operation, input))
    expect((await damage(operation, withKeys(operation, requests), project)).found).toEqual([])
  },
)

test.each(operations)(
  '$name keeps what the document promises, when it is no request at all',
  { timeout: TIMEOUT_MS },
  async ({ operation }) => {
    const project = await projectOf(operation)
    const { found } = await damage(operation, junk(operation, inputOf(operation, project.rows)), project)
    expect(found).toEqual([])
  },
)

describe('over tRPC', () => {
  let projectId: string
  let rows: PeopleRows

  beforeAll(async () => {
    const { project } = await api.newProject()
    projectId = project.id
    await api.db.insertInto('members').values({ project_id: projectId, user_id: owner.userId, role: 'owner' }).execute()
    rows = await seedPeople(api, { projectId, ...owner })
  })

  test.each(peopleOperationList)(
    '$name refuses what does not fit, and nothing breaks',
    { timeout: TIMEOUT_MS },
    async (operation) => {
      const input = peopleInputOf(operation, rows)
      const places = placesIn(input, Object.keys(operation.input.shape))
      const wrong = sample(fc.tuple(strange, fc.nat()), operation)
        // What is longer than a header may be never arrives in an address.
        .filter(([json]) => json.length < 2_000)
        .map(([json, number]) => {
          const place = places[number % places.length] ?? ['unknown']
          // Without a field that is wrong it would be done.
          return JSON.parse(withJson({ ...input, unknown: 1 }, place, json)) as object
        })
      const logged = api.lines.length
      for (const body of wrong) {
        const { status, code } = await owner.browser.trpc(operation.name, body, { projectId })
        expect({ body, status, code, seed: SEED }).toMatchObject({
          status: expect.any(Number),
          code: expect.any(String),
        })
        expect(status).toBeLessThan(500)
      }
      expect(api.lines.slice(logged).filter((line) => JSON.parse(line).msg === 'fault')).toEqual([])
    },
  )
})

test('most operations were not only refused', () => {
  expect(done.size).toBeGreaterThan(operations.length * 0.8)
})

test('after all this the API is up, and another project is as it was', async () => {
  expect((await call(`GET ${api.url}/v1/project`, { key: theirs.fullKey })).status).toBe(200)
  expect(await snapshot(api, theirs.rows.projectId)).toEqual(theirRows)
})
