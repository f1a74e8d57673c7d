import { misbehavingSmtpServer } from '@posthorn/testkit/smtp/misbehaving-server'
import type { Behaviour, ServerStage } from '@posthorn/testkit/smtp/misbehaving-server'
import { describe, expect, test } from 'vitest'
import { createRelay } from './relay.ts'
import type { RelayTimeouts } from './relay-settings.ts'
import type { Outcome, Scope, Stage } from './stages.ts'

const timeouts: RelayTimeouts = { connectMs: 2000, greetingMs: 400, commandMs: 400, blockMs: 400, finalMs: 400 }
const small = Buffer.from('Subject: x\r\n\r\nHello\r\n')
/** More than the kernel takes off our hands, so that a peer that stops reading is felt. */
const large = Buffer.concat([small, Buffer.alloc(24 * 1024 * 1024, 'a line of the message, no longer than others\r\n')])

type Expected = [Outcome, Scope, Stage]
type Row = Record<string, Expected>

const wherever = (expected: Expected, behaviours: Behaviour[]): Row =>
  Object.fromEntries(behaviours.map((behaviour) => [behaviour, expected]))
const ALL: Behaviour[] = ['450 4.2.0 Not now', '550 5.0.0 No', '421 4.3.2 Closing', 'drop', 'stall', 'garbage', 'drip']
const SILENT: Behaviour[] = ['drop', 'stall']

const command = (stage: Stage): Row => ({
  '450 4.2.0 Not now': ['deferred', 'message', stage],
  '550 5.0.0 No': ['rejected', 'message', stage],
  ...wherever(['deferred', 'connection', stage], ['421 4.3.2 Closing', 'drop', 'stall', 'garbage', 'drip']),
})

const expected = {
  // The connection stands as soon as the kernel has taken it; what is missing then is the greeting.
  connect: wherever(['deferred', 'connection', 'greeting'], SILENT),
  greeting: wherever(['deferred', 'connection', 'greeting'], ALL),
  ehlo: wherever(['deferred', 'connection', 'hello'], ALL),
  auth: wherever(['deferred', 'connection', 'auth'], ALL),
  mail: command('mail'),
  rcpt: command('rcpt'),
  data: command('data'),
  // A small message is out with its final dot before anything can be noticed.
  body: {
    ...wherever(['unknown', 'connection', 'final'], SILENT),
    '452 4.3.1 Disk full': ['deferred', 'message', 'final'],
  },
  final: {
    '450 4.2.0 Not now': ['deferred', 'message', 'final'],
    '550 5.0.0 No': ['rejected', 'message', 'final'],
    '421 4.3.2 Closing': ['deferred', 'connection', 'final'],
    ...wherever(['unknown', 'connection', 'final'], ['drop', 'stall', 'garbage', 'drip']),
    'ok-drop': ['accepted', 'message', 'final'],
  },
  quit: wherever(['accepted', 'message', 'final'], ALL),
} satisfies Partial<Record<ServerStage, Row>>

const cells = Object.entries(expected).flatMap(([stage, row]) =>
  // Safe because these are the keys of the table above.
  Object.entries(row).map(([behaviour, outcome]) => [stage as ServerStage, behaviour as Behaviour, outcome] as const),
)

describe.each([
  ['one command at a time', []],
  ['with pipelining', ['PIPELINING', 'SIZE 52428800']],
])('%s', (_mode, extensions) => {
  test.concurrent.each(cells)('%s: %s is %j', async (stage, behaviour, [outcome, scope, reached]) => {
    const needsAuth = stage === 'auth'
    const offers = needsAuth ? [...extensions, 'AUTH PLAIN'] : extensions
    const server = await misbehavingSmtpServer({ [stage]: behaviour }, { extensions: offers, dripMs: 60 })
    const relay = createRelay(needsAuth ? server.url.replace('//', '//user:pass@') : server.url, { timeouts })
    const delivery = await relay.send({ envelope: { from: 'a@example.com', to: ['b@example.net'] }, bytes: small })
    await relay.close()
    await server.close()

    expect([delivery.outcome, delivery.scope, delivery.stage]).toEqual([outcome, scope, reached])
    expect(delivery.recipients.map((recipient) => [recipient.address, recipient.outcome])).toEqual([
      ['b@example.net', outcome],
    ])
    const taken = server.messages.filter(({ answered, raw }) => answered && raw.length > 0)
    if (outcome === 'accepted') expect(taken.map(({ raw }) => raw.toString())).toEqual([small.toString()])
    // A mail that is called deferred or rejected will be sent again or given up: it must not have been taken.
    else if (behaviour !== 'drip' && stage !== 'body') expect(taken).toEqual([])
  })
})

test.each(['drop', 'stall', '452 4.3.1 Disk full'] as const)(
  '%s in the middle of a large message is known to have lost it',
  async (behaviour) => {
    const server = await misbehavingSmtpServer({ body: behaviour })
    const relay = createRelay(server.url, { timeouts })
    const delivery = await relay.send({ envelope: { from: 'a@example.com', to: ['b@example.net'] }, bytes: large })
    await relay.close()
    await server.close()
    expect([delivery.outcome, delivery.stage]).toEqual(['deferred', 'body'])
    expect(server.messages).toEqual([])
  },
)

test('nobody listening is trouble with the connection, and says so', async () => {
  const server = await misbehavingSmtpServer()
  await server.close()
  const relay = createRelay(server.url, { timeouts })
  const delivery = await relay.send({ envelope: { from: 'a@example.com', to: ['b@example.net'] }, bytes: small })
  await relay.close()
  expect(delivery).toMatchObject({
    outcome: 'deferred',
    scope: 'connection',
    stage: 'connect',
    reason: 'connection',
    relay: `127.0.0.1:${server.port}`,
  })
  expect(delivery.words).toContain('ECONNREFUSED')
})

test.each([
  ['stall', 'timeout'],
  ['drop', 'connection'],
  ['garbage', 'garbled'],
] as const)('after the final dot, %s is told as %s', async (behaviour, reason) => {
  const server = await misbehavingSmtpServer({ final: behaviour })
  const relay = createRelay(server.url, { timeouts })
  const delivery = await relay.send({ envelope: { from: 'a@example.com', to: ['b@example.net'] }, bytes: small })
  await relay.close()
  await server.close()
  expect(delivery).toMatchObject({ outcome: 'unknown', reason })
  expect(server.messages).toHaveLength(1)
})
