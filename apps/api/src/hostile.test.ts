import { isQuery, operationList, type NamedOperation, type WireInput } from '@posthorn/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, type Answer } from '../test/call.ts'
import { HOSTILE_JSON, HOSTILE_TEXT, placesIn, withJson } from '../test/hostile.ts'
import { inputOf } from '../test/inputs.ts'
import { keepAliveClient, type KeepAliveClient } from '../test/keep-alive.ts'
import { refusalOf } from '../test/refusal.ts'
import { inHours, seedProject, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let project: SeededProject
let client: KeepAliveClient

beforeAll(async () => {
  api = await startTestApi()
  client = keepAliveClient(api.port)
  project = await seedProject(api)
})

afterAll(async () => {
  client.close()
  await api.stop()
})

const FULL_MAIL: WireInput<'emails', 'send'> = {
  to: [{ email: 'grace@example.com', name: 'Grace' }],
  from: { email: 'hello@acme.example', name: 'Acme' },
  name: 'Acme',
  reply: 'Help <help@acme.example>',
  subject: 'Hello',
  body: '<p>Hi</p>',
  text: 'Hi',
  cc: ['cc@example.com'],
  bcc: [{ email: 'bcc@example.com', name: 'B' }],
  headers: { 'X-Thing': 'a' },
  attachments: [
    { filename: 'a.txt', content: 'aGk=', contentType: 'text/plain', contentId: 'a', disposition: 'inline' },
  ],
  data: { plan: 'free', code: { value: '1234', persistent: false }, list: [1, { a: 'b' }] },
  subscribed: true,
  scheduledAt: inHours(24),
  tags: ['a'],
}

/** Where the least that an operation takes leaves something untried. */
const FULL: Record<string, Record<string, unknown>> = {
  'emails.send': { ...FULL_MAIL },
  'events.track': { event: 'a', email: 'grace@example.com', data: { plan: 'free', list: [1] } },
  'contacts.upsert': { email: 'grace@example.com', subscribed: true, data: { plan: 'free', list: [1] } },
  'keys.create': {
    name: 'a',
    kind: 'secret',
    scopes: ['emails:read'],
    expiresAt: inHours(1),
    allowedIps: ['10.0.0.0/8'],
  },
}

const inputsOf = (operation: NamedOperation) => FULL[operation.name] ?? inputOf(operation, project.rows)
const operations = operationList.map((operation) => ({ name: operation.name, operation }))

/** Fields are read by the same few schemas, so each gets a share of the values, and all get each value in some fields. */
const SHARES = 3
const shareOf = (nth: number) => HOSTILE_JSON.filter((_, index) => index % SHARES === nth % SHARES)

const STACK = /node_modules|\bat .*\.ts:\d+/
const isRest = (answer: Answer) => answer.status < 400 || refusalOf(answer) !== 'INTERNAL_SERVER_ERROR'
const isTrpc = ({ status, body }: Answer) => status < 400 || body.error.data.httpStatus === status

/** What of all this should not have been answered, was logged as a fault, or outlived its request. */
async function damage(isRight: (answer: Answer) => boolean, requests: (() => Promise<Answer>)[]): Promise<string[]> {
  const found: string[] = []
  const logged = api.lines.length
  for (let begun = 0; begun < requests.length; begun += 20) {
    const answers = await Promise.all(requests.slice(begun, begun + 20).map((request) => request()))
    const wrong = answers.filter((answer) => answer.status >= 500 || STACK.test(answer.text) || !isRight(answer))
    found.push(...wrong.map(({ status, text }) => `${status} ${text.slice(0, 300)}`))
  }
  found.push(...api.lines.slice(logged).filter((line) => JSON.parse(line).msg === 'fault'))
  if ('polluted' in {}) found.push('the prototype of every object')
  const { status } = await call(`GET ${api.url}/v1/project`, { key: project.fullKey })
  if (status !== 200) found.push(`the API, which answers ${status}`)
  return found
}

describe('over rest', () => {
  test.each(operations.filter(({ operation }) => !isQuery(operation)))(
    '$name survives hostile values in the fields of its body',
    async ({ operation }) => {
      const input = inputsOf(operation)
      const path = operation.rest.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => String(input[field]))
      const bodies = placesIn(input, Object.keys(operation.input.shape)).flatMap((place, nth) =>
        shareOf(nth).map((json) => withJson(input, place, json)),
      )
      const requests = [...bodies, ...HOSTILE_JSON].map(
        (body) => () => client.ask(`${operation.rest.method} ${path}`, { key: project.fullKey, body }),
      )
      expect(await damage(isRest, requests)).toEqual([])
    },
  )

  test.each(operations)('$name survives hostile text in its path and its query', async ({ operation }) => {
    const input = inputsOf(operation)
    const real = operation.rest.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => String(input[field]))
    const addresses = HOSTILE_TEXT.flatMap((text) => [
      ...Object.keys(operation.input.shape).map((field) => `${real}?${field}=${text}`),
      `${real}?${text}=1`,
      `${real}?${text}`,
      ...(operation.rest.path.includes('{') ? [operation.rest.path.replaceAll(/\{\w+\}/g, text)] : []),
    ])
    const requests = addresses.map(
      (address) => () => client.ask(`${operation.rest.method} ${address}`, { key: project.fullKey }),
    )
    expect(await damage(isRest, requests)).toEqual([])
  })
})

// What a field holds is read by the same code whichever way it came; what differs is how the input is found at all.
test('every operation survives hostile inputs over tRPC', async () => {
  const requests = operations.flatMap(({ operation }) =>
    [...HOSTILE_JSON, '', '{', 'undefined']
      // What is longer than a header may be never arrives in an address.
      .filter((text) => !isQuery(operation) || text.length < 3_000)
      .map((text) => () => {
        const path = `/trpc/${operation.name}`
        return isQuery(operation)
          ? client.ask(`GET ${path}?input=${encodeURIComponent(text)}`, { key: project.fullKey })
          : client.ask(`POST ${path}`, { key: project.fullKey, body: text })
      }),
  )
  expect(await damage(isTrpc, requests)).toEqual([])
})

test('a deep bomb, a wide one and a long one are refused within a second each', async () => {
  const bombs = [
    `{"event":"a","email":"a@b.co","data":{"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
    `{"event":"a","email":"a@b.co","data":{${Array.from({ length: 40_000 }, (_, index) => `"${index}":0`).join(',')}}}`,
    `{"event":"a","email":"${'a@'.repeat(200_000)}"}`,
    `{"event":"a","email":"${'<'.repeat(400_000)}"}`,
    `{"event":"${'=?'.repeat(200_000)}","email":"a@b.co"}`,
  ]
  for (const body of bombs) {
    const begun = performance.now()
    const answer = await call(`POST ${api.url}/v1/track`, { key: project.publicKey, body })
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect(answer.status).toBe(422)
    expect(answer.text.length).toBeLessThan(10_000)
  }
})

test('text at every limit of what is indexed is stored', async () => {
  const wide = '\u{1F4A9}'.repeat(100)
  const email = `${'a'.repeat(64)}@${`${'b'.repeat(61)}.`.repeat(3)}cc`
  const tracked = await call(`POST ${api.url}/v1/track`, {
    key: project.publicKey,
    body: { event: wide, email, data: { [wide.slice(0, 128)]: wide.repeat(50) } },
  })
  expect(tracked.status).toBe(200)
  const events = await call(`GET ${api.url}/v1/events?name=${encodeURIComponent(wide)}`, { key: project.fullKey })
  expect(events.body.data).toHaveLength(1)
  expect((await call(`GET ${api.url}/v1/contacts/${email}`, { key: project.fullKey })).body.email).toBe(email)
})
