import { testMailbox } from '@posthorn/testkit/smtp/mailbox'
import type { TestMailbox, TestMailboxOptions } from '@posthorn/testkit/smtp/mailbox'
import { misbehavingSmtpServer } from '@posthorn/testkit/smtp/misbehaving-server'
import type { MisbehavingServer, MisbehavingServerOptions, Script } from '@posthorn/testkit/smtp/misbehaving-server'
import { afterEach, expect, test, vi } from 'vitest'
import { corpus } from '../test/compose-corpus.ts'
import { compose } from './compose.ts'
import { createRelay } from './relay.ts'
import type { RelayOptions } from './relay-settings.ts'
import type { OutgoingMessage, Relay } from './transport.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function mailbox(options?: TestMailboxOptions): Promise<TestMailbox> {
  const box = await testMailbox(options)
  opened.push(box.close)
  return box
}

async function badServer(script: Script, options?: MisbehavingServerOptions): Promise<MisbehavingServer> {
  const server = await misbehavingSmtpServer(script, options)
  opened.push(server.close)
  return server
}

function relayTo({ url }: { url: string }, { query = '', ...options }: RelayOptions & { query?: string } = {}): Relay {
  const relay = createRelay(`${url}${query}`, { pause: { minMs: 50, maxMs: 200 }, ...options })
  opened.push(() => relay.close(0))
  return relay
}

const message = (to: string[] = ['reader@example.net'], text = 'Hello'): OutgoingMessage => ({
  envelope: { from: 'news@example.com', to },
  bytes: Buffer.from(`Subject: x\r\n\r\n${text}\r\n`),
})

test('what arrives is byte for byte what was composed, whatever is in it', async () => {
  const box = await mailbox()
  const relay = relayTo(box)
  const mails = Object.values(corpus).map(compose)
  for (const bytes of mails) {
    expect((await relay.send({ ...message(), bytes })).outcome).toBe('accepted')
  }
  expect(box.messages).toHaveLength(mails.length)
  for (const [index, bytes] of mails.entries()) expect(box.messages[index]?.raw.equals(bytes)).toBe(true)
})

test('a body full of hidden ends of data is one message, and no command', async () => {
  const box = await mailbox()
  const text = ['\r\n.\r\n', '\n.\n', '\r.\r', '\n.\r\n', '\r\n.\n']
    .map((end) => `x${end}MAIL FROM:<evil@example.com>\r\n`)
    .join('')
  const delivery = await relayTo(box).send({ ...message(), bytes: Buffer.from(`Subject: x\r\n\r\n${text}`) })
  expect(delivery.outcome).toBe('accepted')
  expect(box.messages.map(({ from }) => from)).toEqual(['news@example.com'])
})

test('several messages share a connection, until it has had its share', async () => {
  const box = await mailbox()
  const relay = relayTo(box, { query: '?messages=3' })
  for (let count = 0; count < 7; count++) await relay.send(message())
  expect(box.messages.map(({ connection }) => connection)).toEqual([1, 1, 1, 2, 2, 2, 3])
})

test('no more connections are open at once than the relay allows', async () => {
  const box = await mailbox()
  const relay = relayTo(box, { query: '?connections=3' })
  expect(relay.free).toBe(3)
  const sending = Array.from({ length: 50 }, () => relay.send(message()))
  expect(relay.free).toBe(0)
  const deliveries = await Promise.all(sending)
  expect(new Set(deliveries.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']))
  expect(box.messages).toHaveLength(50)
  expect(box.connections).toBe(3)
  await vi.waitFor(() => expect([relay.free, relay.waiting]).toEqual([3, 0]))
})

test('a connection that nobody needs is closed with QUIT', async () => {
  const server = await badServer({})
  const relay = relayTo(server, { query: '?idle=1' })
  await relay.send(message())
  expect(server.open).toBe(1)
  await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 5000 })
  expect(server.conversations[0]?.lines).toContain('C: QUIT')
})

test.each(['drop', '421 4.3.2 Too many messages on this connection', 'ok-drop'] as const)(
  'a kept connection that the server is done with (%s) costs the next message nothing',
  async (behaviour) => {
    const script: Script =
      behaviour === 'ok-drop'
        ? { final: 'ok-drop' }
        : { mail: ({ connection, message }) => (connection === 1 && message === 2 ? behaviour : 'ok') }
    const server = await badServer(script)
    const relay = relayTo(server)
    const first = await relay.send(message())
    const second = await relay.send(message())
    expect([first.outcome, second.outcome]).toEqual(['accepted', 'accepted'])
    expect(server.messages.map(({ connection }) => connection)).toEqual([1, 2])
    expect(relay.pausedUntilMs).toBeUndefined()
  },
)

test('a message that was refused half-way leaves nothing behind for the next one', async () => {
  const server = await badServer({ rcpt: ({ message }) => (message === 1 ? '550 5.1.1 No such user' : 'ok') })
  const relay = relayTo(server, { query: '?connections=1' })
  expect((await relay.send(message(['gone@example.net']))).outcome).toBe('rejected')
  expect((await relay.send(message(['here@example.net']))).outcome).toBe('accepted')
  expect(server.messages.map(({ to }) => to)).toEqual([['here@example.net']])
  expect(server.conversations).toHaveLength(1)
  expect(server.conversations[0]?.lines).toContain('C: RSET')
})

test('a connection on which the server said too much is not used again', async () => {
  const server = await badServer({ body: ({ connection }) => (connection === 1 ? '452 4.3.1 Disk full' : 'ok') })
  const relay = relayTo(server)
  expect((await relay.send(message())).outcome).toBe('deferred')
  await vi.waitFor(() => expect(server.open).toBe(0))
  expect((await relay.send(message())).outcome).toBe('accepted')
  expect(server.messages.map(({ connection }) => connection)).toEqual([1, 2])
})

test.each([[[]], [['PIPELINING']]])('each recipient has an answer of its own (%j)', async (extensions) => {
  const replies: Record<string, '550 5.1.1 No such user' | '450 4.2.1 Busy' | '552 5.2.2 Full'> = {
    'gone@example.net': '550 5.1.1 No such user',
    'busy@example.net': '450 4.2.1 Busy',
    'full@example.net': '552 5.2.2 Full',
  }
  const server = await badServer(
    { rcpt: ({ line }) => replies[/<(.*)>/.exec(line)?.[1] ?? ''] ?? 'ok' },
    { extensions },
  )
  const to = ['one@example.net', ...Object.keys(replies), 'two@bücher.example', 'not an address', 'one@example.net']
  const delivery = await relayTo(server).send(message(to))
  expect(delivery.outcome).toBe('accepted')
  expect(delivery.recipients.map(({ address, outcome, reason }) => [address, outcome, reason])).toEqual([
    ['one@example.net', 'accepted', 'ok'],
    ['gone@example.net', 'rejected', 'no-such-user'],
    ['busy@example.net', 'deferred', 'mailbox-disabled'],
    ['full@example.net', 'deferred', 'mailbox-full'],
    ['two@bücher.example', 'accepted', 'ok'],
    ['not an address', 'rejected', 'invalid-address'],
  ])
  expect(server.messages.map((sent) => sent.to)).toEqual([['one@example.net', 'two@xn--bcher-kva.example']])
})

test('when some are refused and the message then fails, nobody’s refusal is forgotten', async () => {
  const server = await badServer({
    rcpt: ({ line }) => (line.includes('gone') ? '550 5.1.1 No such user' : 'ok'),
    final: 'drop',
  })
  const delivery = await relayTo(server).send(message(['gone@example.net', 'here@example.net']))
  expect(delivery.outcome).toBe('unknown')
  expect(delivery.recipients.map(({ outcome }) => outcome)).toEqual(['rejected', 'unknown'])
})

test('if one recipient may still work out, the mail is not given up', async () => {
  const server = await badServer({
    rcpt: ({ line }) => (line.includes('gone') ? '550 5.1.1 No such user' : '451 4.7.1 Greylisted'),
  })
  const delivery = await relayTo(server).send(message(['gone@example.net', 'later@example.net']))
  expect(delivery).toMatchObject({
    outcome: 'deferred',
    scope: 'message',
    stage: 'rcpt',
    reason: 'greylisted',
    code: 451,
    enhancedCode: '4.7.1',
  })
})

test.each(['', 'nobody', 'a@b@example.net', 'a@example.net>\r\nRCPT TO:<evil@example.net', 'ünïcode@example.net'])(
  'a recipient such as %j never reaches the server',
  async (address) => {
    const server = await badServer({})
    const delivery = await relayTo(server).send(message([address]))
    expect(delivery).toMatchObject({ outcome: 'rejected', scope: 'message', reason: 'invalid-address' })
    expect(server.conversations).toEqual([])
  },
)

test('a message over the size the server announced is rejected without being sent', async () => {
  const server = await badServer({}, { extensions: ['SIZE 100'] })
  const delivery = await relayTo(server).send(message(undefined, 'x'.repeat(200)))
  expect(delivery).toMatchObject({ outcome: 'rejected', scope: 'message', reason: 'message-too-large' })
  expect(server.conversations[0]?.lines.join()).not.toContain('MAIL FROM')
})

test('the null sender, the size and the envelope id are sent, the id only where DSN is offered', async () => {
  const [offers, offersNot] = [await mailbox(), await mailbox({ extensions: [] })]
  const bounce = { ...message(), envelope: { from: '', to: ['reader@example.net'], envelopeId: 'id+1=x' } }
  for (const box of [offers, offersNot]) expect((await relayTo(box).send(bounce)).outcome).toBe('accepted')
  expect(offers.messages[0]).toMatchObject({ from: '', parameters: `SIZE=${bounce.bytes.length} ENVID=id+2B1+3Dx` })
  expect(offersNot.messages[0]).toMatchObject({ from: '', parameters: '' })
})

test('stopping a message that is still unsent defers it, and stopping one after its last dot leaves it unknown', async () => {
  for (const [stage, outcome] of [
    ['greeting', 'deferred'],
    ['rcpt', 'deferred'],
    ['final', 'unknown'],
  ] as const) {
    const server = await badServer({ [stage]: 'stall' })
    const stop = new AbortController()
    const sending = relayTo(server).send({ ...message(), signal: stop.signal })
    await vi.waitFor(() => expect(server.conversations[0]?.lines).toContain('S: (stalls)'))
    stop.abort()
    expect(await sending).toMatchObject({ outcome, reason: 'aborted', scope: 'connection' })
  }
})

test.each([[[]], [['PIPELINING']]])('a message that is not wanted any more is not written (%j)', async (extensions) => {
  const server = await badServer({}, { extensions })
  const relay = relayTo(server)
  const asked: string[][] = []
  const isWanted = () => {
    asked.push(server.conversations.at(-1)?.lines.filter((line) => line.startsWith('C: ')) ?? [])
    return false
  }
  const unwanted = await relay.send({ ...message(), isWanted })
  expect(unwanted).toMatchObject({ outcome: 'deferred', scope: 'connection', reason: 'aborted' })
  // It is asked at the last moment.
  expect(asked.map((lines) => lines.at(-1))).toEqual(['C: DATA'])
  expect(server.messages).toEqual([])
  expect(relay.pauseReason).toBeUndefined()
  expect((await relay.send({ ...message(), isWanted: () => true })).outcome).toBe('accepted')
})

test('a message that waits for its turn can be stopped, and others keep their turn', async () => {
  const server = await badServer({ final: ({ connection }) => (connection === 1 ? 'drip' : 'ok') }, { dripMs: 5 })
  const relay = relayTo(server, { query: '?connections=1' })
  const stop = new AbortController()
  const [first, second, third] = [
    relay.send(message()),
    relay.send({ ...message(), signal: stop.signal }),
    relay.send(message()),
  ]
  expect(relay.waiting).toBe(2)
  stop.abort()
  expect(await second).toMatchObject({ outcome: 'deferred', reason: 'aborted' })
  expect([(await first).outcome, (await third).outcome]).toEqual(['accepted', 'accepted'])
})

test('closing lets the message on its way finish, takes no new one, and says goodbye', async () => {
  const server = await badServer({ final: 'drip' }, { dripMs: 10 })
  const relay = relayTo(server)
  const sending = relay.send(message())
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  const closing = relay.close()
  expect(relay.free).toBe(0)
  expect(await relay.send(message())).toMatchObject({ outcome: 'deferred', scope: 'connection', reason: 'aborted' })
  expect((await sending).outcome).toBe('accepted')
  await closing
  await vi.waitFor(() => expect(server.open).toBe(0))
  expect(server.conversations.at(-1)?.lines).toContain('C: QUIT')
})

test('closing does not wait beyond its deadline', async () => {
  const server = await badServer({ final: 'stall' })
  const relay = relayTo(server)
  const sending = relay.send(message())
  await vi.waitFor(() => expect(server.messages).toHaveLength(1))
  await relay.close(10)
  expect(await sending).toMatchObject({ outcome: 'unknown', reason: 'aborted' })
})
