import { misbehavingSmtpServer } from '@posthorn/testkit/smtp/misbehaving-server'
import type { MisbehavingServer, Script } from '@posthorn/testkit/smtp/misbehaving-server'
import { afterEach, expect, test, vi } from 'vitest'
import { createHealth } from './relay-health.ts'
import { createRelay } from './relay.ts'
import { createRelays } from './relays.ts'
import type { OutgoingMessage } from './transport.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const close of opened.splice(0).reverse()) await close()
})

async function server(script: Script = {}): Promise<MisbehavingServer> {
  const started = await misbehavingSmtpServer(script)
  opened.push(started.close)
  return started
}

const pause = { minMs: 300, maxMs: 1000 }
const message: OutgoingMessage = {
  envelope: { from: 'news@example.com', to: ['reader@example.net'] },
  bytes: Buffer.from('Subject: x\r\n\r\nHello\r\n'),
}

test('pauses double from the shortest to the longest, give or take a quarter, and end with the first success', () => {
  vi.useFakeTimers()
  const health = createHealth({ pause: { minMs: 1000, maxMs: 60_000 } })
  const failOnce = () => {
    const watch = health.begin()
    watch.failed('no')
    watch.ended()
    const ms = (health.pausedUntilMs ?? 0) - performance.now()
    vi.advanceTimersByTime(Math.ceil(ms))
    return ms
  }
  for (const ms of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    const paused = failOnce()
    expect(paused).toBeGreaterThanOrEqual(ms * 0.75 - 1)
    expect(paused).toBeLessThanOrEqual(ms * 1.25 + 1)
    expect([health.isPaused, health.mayBegin, health.isOnTrial]).toEqual([false, true, true])
  }
  health.begin().succeeded()
  expect([health.isOnTrial, health.reason]).toEqual([false, undefined])
  expect(failOnce()).toBeLessThan(1300)
})

test.each([
  ['ahead', 3],
  ['behind', -3],
])('a clock that is set days %s makes a pause neither shorter nor longer', (_, days) => {
  vi.useFakeTimers()
  const health = createHealth({ pause: { minMs: 1000, maxMs: 60_000 } })
  health.begin().failed('no')
  vi.setSystemTime(Date.now() + days * 24 * 3600_000)
  expect(health.isPaused).toBe(true)
  vi.advanceTimersByTime(1300)
  expect(health.isPaused).toBe(false)
})

test('ten connections that break together are one trouble', () => {
  vi.useFakeTimers()
  const health = createHealth({ pause: { minMs: 1000, maxMs: 60_000 } })
  for (const watch of Array.from({ length: 10 }, () => health.begin())) watch.failed('no')
  expect((health.pausedUntilMs ?? 0) - performance.now()).toBeLessThan(1300)
})

test('after trouble nothing is sent for a while, then one message alone, and when that works all of them', async () => {
  const bad = await server({ greeting: '421 4.3.2 Down' })
  const relay = createRelay(bad.url, { pause })
  opened.push(() => relay.close(0))

  expect(await relay.send(message)).toMatchObject({ outcome: 'deferred', scope: 'connection', stage: 'greeting' })
  expect(relay.pauseReason).toBe('Down')
  expect(relay.pausedUntilMs).toBeGreaterThan(performance.now())
  expect(relay.free).toBe(0)
  expect(await relay.send(message)).toMatchObject({ outcome: 'deferred', scope: 'connection', reason: 'relay-paused' })
  expect(bad.conversations).toHaveLength(1)

  bad.behave({ mail: ({ connection }) => (connection === 2 ? 'drip' : 'ok') })
  await vi.waitFor(() => expect(relay.free).toBe(1), { timeout: 3000 })
  const sending = Array.from({ length: 5 }, () => relay.send(message))
  expect([relay.free, relay.waiting]).toEqual([0, 4])
  await vi.waitFor(() => expect(bad.conversations[1]?.lines.join()).toContain('MAIL FROM'))
  expect(bad.conversations).toHaveLength(2)
  const deliveries = await Promise.all(sending)
  expect(deliveries.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => 'accepted'))
  await vi.waitFor(() => expect(relay.free).toBe(10))
  expect(relay.pauseReason).toBeUndefined()
})

test('when the trial fails, those that waited for it are deferred with it', async () => {
  const bad = await server({ greeting: 'drop' })
  const relay = createRelay(bad.url, { pause: { minMs: 50, maxMs: 60_000 } })
  opened.push(() => relay.close(0))
  await relay.send(message)
  await vi.waitFor(() => expect(relay.free).toBe(1))
  const deliveries = await Promise.all([relay.send(message), relay.send(message)])
  expect(deliveries.map(({ reason }) => reason)).toEqual(['connection', 'relay-paused'])
  expect(bad.conversations).toHaveLength(2)
})

test('a refused mail is no trouble of the relay', async () => {
  const strict = await server({ rcpt: '550 5.7.1 Policy' })
  const relay = createRelay(strict.url, { pause })
  opened.push(() => relay.close(0))
  expect((await relay.send(message)).outcome).toBe('rejected')
  expect(relay.pausedUntilMs).toBeUndefined()
})

test('of several relays one that stalls holds up only its own connections', async () => {
  const [stalling, working] = [await server({ final: 'stall' }), await server()]
  const relays = createRelays([`${stalling.url}?connections=2`, `${working.url}?connections=2`])
  opened.push(() => relays.close(0))
  expect(relays.free).toBe(4)
  const sending = Array.from({ length: 4 }, () => relays.send(message))
  await vi.waitFor(() => expect(working.messages).toHaveLength(2))
  await vi.waitFor(() => expect(stalling.messages).toHaveLength(2))
  for (let count = 0; count < 20; count++) expect((await relays.send(message)).relay).toBe(`127.0.0.1:${working.port}`)
  expect(stalling.messages).toHaveLength(2)
  await relays.close(0)
  const outcomes = (await Promise.all(sending)).map(({ outcome }) => outcome)
  expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual(['accepted', 'accepted', 'unknown', 'unknown'])
})

test('several relays are paused only when all of them are', async () => {
  const [down, up] = [await server({ greeting: 'drop' }), await server()]
  const relays = createRelays([down.url, up.url], { pause: { minMs: 60_000, maxMs: 60_000 } })
  opened.push(() => relays.close(0))
  await relays.relays[0]?.send(message)
  expect(relays.relays[0]?.pausedUntilMs).toBeGreaterThan(performance.now())
  expect([relays.pausedUntilMs, relays.free]).toEqual([undefined, 10])
  for (let count = 0; count < 3; count++) expect((await relays.send(message)).outcome).toBe('accepted')
  up.behave({ mail: '421 Down too' })
  await relays.send(message)
  const [first, second] = relays.relays.map(({ pausedUntilMs }) => pausedUntilMs ?? 0)
  expect(relays.pausedUntilMs).toBe(Math.min(first ?? 0, second ?? 0))
  expect(relays.free).toBe(0)
})

test('without any URL there is nothing to send with', () => {
  expect(() => createRelays([])).toThrow('There is no SMTP URL.')
})
