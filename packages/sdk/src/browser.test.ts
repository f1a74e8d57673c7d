import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTracker } from './browser.ts'

const KEY = 'pk_ph_test'
const PLACE = `posthorn ${KEY}`

interface Asked {
  events: { event: string; eventId: string; data?: object }[]
}

/** A page whose storage holds so many characters, and a server that answers with these in turn, the last one for good. */
function openPage({ quota = Infinity, stored = {}, answers = [200] as (number | 'unreached')[] } = {}) {
  const asked: Asked[] = []
  const listeners = new Map<string, () => void>()
  const storage: Record<string, string> = new Proxy(
    { ...stored },
    {
      set(held, name, value: string) {
        if (value.length > quota) throw new Error('full')
        return Reflect.set(held, name, value)
      },
    },
  )
  vi.stubGlobal('localStorage', storage)
  vi.stubGlobal('document', { visibilityState: 'hidden', addEventListener: listeners.set.bind(listeners) })
  vi.stubGlobal('addEventListener', listeners.set.bind(listeners))
  vi.stubGlobal('fetch', (_url: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body) as Asked)
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer === 'unreached') return Promise.reject(new Error('unreached'))
    return Promise.resolve(new Response('{"refused":0}', { status: answer as number }))
  })
  const tracker = createTracker({ url: 'https://mail.example.com', key: KEY })
  return { asked, storage, tracker, tell: (name: string) => listeners.get(name)?.() }
}

const names = (asked: readonly Asked[]) => asked.map(({ events }) => events.map(({ event }) => event))
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1e3)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test.each([
  ['full', { quota: 150 }],
  ['closed', { quota: -1 }],
  ['full, and keeps what a former visit left', { quota: -1, stored: { [PLACE]: '[{"event":"old","eventId":"1"}]' } }],
])('where the storage is %s, each event is sent once and then nothing more', async (_, page) => {
  const { asked, tracker } = openPage(page)
  for (let n = 0; n < 30; n += 1) tracker.track('ada@example.com', `e${n}`)
  await pass(600)
  const sent = names(asked).flat()
  expect(new Set(sent).size).toBe(sent.length)
  expect(sent.filter((name) => name !== 'old')).toEqual(Array.from({ length: 30 }, (_, n) => `e${n}`))
  expect(asked.length).toBeLessThanOrEqual(4)
  expect(vi.getTimerCount()).toBe(0)
})

test.each([413, 422, 400])(
  'one event that is answered with %i is dropped, also where it cannot be stored',
  async (status) => {
    vi.spyOn(console, 'warn').mockReturnValue()
    const { asked, tracker } = openPage({ quota: 1_000, answers: [status, 200] })
    tracker.track('ada@example.com', 'large', { text: 'x'.repeat(70_000) })
    await pass(1)
    tracker.track('ada@example.com', 'small')
    await pass(600)
    expect(names(asked)).toEqual([['large'], ['small']])
    vi.mocked(console.warn).mockRestore()
  },
)

test.each([503, 'unreached'] as const)(
  'after a failure (%s) one timer waits, however much is tracked',
  async (answer) => {
    const { asked, tracker, tell } = openPage({ answers: [answer] })
    for (let n = 0; n < 30; n += 1) {
      tracker.track('ada@example.com', `e${n}`)
      await pass(0.1)
    }
    tell('visibilitychange')
    expect(asked).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(1)
    await pass(8)
    expect(asked).toHaveLength(2)
    await pass(600)
    // After 10, 20, 40, 80, 160 and 300 seconds, beside the first.
    expect(asked).toHaveLength(7)
    tell('online')
    await pass(0)
    expect(asked).toHaveLength(8)
  },
)

test('what another tab stores meanwhile is kept', async () => {
  const page = { quota: 300, answers: ['unreached', 200] as (number | 'unreached')[] }
  const { asked, tracker, storage } = openPage(page)
  tracker.track('ada@example.com', 'long', { text: 'x'.repeat(300) })
  await pass(1)
  storage[PLACE] = '[{"event":"theirs","eventId":"1"}]'
  await pass(10)
  expect(names(asked)).toEqual([['long'], ['theirs', 'long']])
  expect(storage[PLACE]).toBe('[]')
})

test('a text that was cut within a letter arrives all the same, and what is no JSON is in the way of nothing', async () => {
  const { asked, tracker } = openPage()
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  tracker.track('ada@example.com', 'huge', { n: 1n })
  expect(warn).toHaveBeenCalledOnce()
  warn.mockRestore()
  tracker.track('ada@example.com', 'said', { text: 'Hello 😀'.slice(0, 7), none: null, list: [1, '😀'] })
  await pass(1)
  expect(asked.flatMap(({ events }) => events)).toMatchObject([
    { event: 'said', data: { text: 'Hello \ufffd', none: null, list: [1, '😀'] } },
  ])
})
