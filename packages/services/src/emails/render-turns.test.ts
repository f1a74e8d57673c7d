import { setImmediate } from 'node:timers/promises'
import { BusyError } from '@posthorn/rendering'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance } from '../../test/instance.ts'
import { createRenderTurns, type RenderTurns } from './render-turns.ts'

const SLOW_MS = 60

/** Works for so long, and not only waits. */
function slow(): void {
  const before = process.threadCpuUsage()
  const used = () => {
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
  while (used() < SLOW_MS);
}

let inTurn: RenderTurns
let done: string[]
let now: number

beforeEach(() => {
  now = 0
  inTurn = createRenderTurns({ now: () => now })
  done = []
})

interface Asked {
  signal?: AbortSignal
  canWait?: boolean
  since?: number
}

const ask = (of: string, { signal, canWait = true, since = 0 }: Asked = {}) =>
  inTurn({ of, since, signal, canWait }, () => {
    slow()
    done.push(since === 0 ? of : `${of}${since}`)
  })
const askMany = (of: string, count: number) => Array.from({ length: count }, () => ask(of))
/** Uses up what a project may use at once. */
const warm = async (of: string) => {
  for (let at = 0; at < 2; at += 1) await ask(of)
  done = []
}

describe('while a project asks for much slow work,', () => {
  test('the thread is free between its pieces', async () => {
    await warm('a')
    const many = askMany('a', 5)
    for (let turn = 0; turn < 10; turn += 1) await setImmediate()
    expect(done.length).toBeLessThan(3)
    await Promise.all(many)
    expect(done).toHaveLength(5)
  })

  test('the first piece of another is done at once', async () => {
    await warm('a')
    const many = askMany('a', 3)
    await ask('b')
    expect(done.slice(0, 2)).toContain('b')
    await Promise.all(many)
  })

  test('whoever used less is before it in the line', async () => {
    await warm('a')
    await warm('a')
    await warm('b')
    await Promise.all([...askMany('a', 3), ...askMany('b', 1)])
    expect(done.indexOf('b')).toBeLessThan(2)
  })

  test('its first request is served to its end before the others', async () => {
    await warm('a')
    const request = async (since: number) => {
      for (let piece = 0; piece < 2; piece += 1) await ask('a', { since })
    }
    await Promise.all([request(1), request(2), request(3)])
    expect(done).toEqual(['a1', 'a1', 'a2', 'a2', 'a3', 'a3'])
  })

  test('who holds a connection is refused and does not wait', async () => {
    await warm('a')
    const first = ask('a', { canWait: false })
    await expect(ask('a', { canWait: false })).rejects.toBeInstanceOf(BusyError)
    await first
    expect(done).toEqual(['a'])
  })

  test('who has given up is not served', async () => {
    await warm('a')
    const first = ask('a')
    const leaving = new AbortController()
    const gone = ask('a', { signal: leaving.signal })
    leaving.abort()
    await expect(gone).rejects.toBeInstanceOf(BusyError)
    await expect(ask('a', { signal: leaving.signal })).rejects.toBeInstanceOf(BusyError)
    await Promise.all([first, ask('a')])
    expect(done).toEqual(['a', 'a'])
  })

  test('who has waited for too long is told so', async () => {
    inTurn = createRenderTurns({ now: () => now, waitAtMostMs: SLOW_MS })
    await warm('a')
    const [first, ...others] = await Promise.allSettled(askMany('a', 5))
    expect(first).toMatchObject({ status: 'fulfilled' })
    expect(others.at(-1)).toMatchObject({ reason: expect.any(BusyError) })
  })

  test('no more wait than would be served in a while', async () => {
    await warm('a')
    const leaving = new AbortController()
    const served = ask('a')
    const waiting = Array.from({ length: 100 }, () => ask('a', { signal: leaving.signal }))
    await expect(ask('a')).rejects.toMatchObject({ isOwn: true })
    leaving.abort()
    expect((await Promise.allSettled(waiting)).filter(({ status }) => status === 'fulfilled')).toEqual([])
    await served
  })
})

test('who has asked for nothing for a while has no line to wait in', async () => {
  await warm('a')
  const first = ask('a')
  now = 1_000
  await ask('a', { canWait: false })
  await first
})

test('a piece that fails frees the line for the next', async () => {
  await warm('a')
  const failing = inTurn({ of: 'a', since: 0, canWait: true }, () => {
    throw new Error('a mistake')
  })
  await expect(failing).rejects.toThrow('a mistake')
  await ask('a')
  expect(done).toEqual(['a'])
})

describe('in an instance', () => {
  let instance: TestInstance
  beforeAll(async () => {
    instance = await testInstance()
  })
  afterAll(() => instance.close())

  const ENDLESS = '{% for i in (1..5000) %}{% for j in (1..5000) %}{% endfor %}{% endfor %}'

  test('slow templates of one project do not hold up the mail of another', async () => {
    const [slow, other] = [await instance.project(), await instance.project()]
    let answered = 0
    const renders = Array.from({ length: 8 }, async () => {
      const { code } = await slow.call(['templates', 'render'], { subject: 'x', body: ENDLESS }).catch((error) => error)
      answered += 1
      return code as string
    })
    await other.call(['emails', 'send'], { to: 'ada@example.com', subject: '{{ email }}', body: 'Hello' })
    expect(answered).toBeLessThan(4)
    expect(new Set(await Promise.all(renders))).toEqual(new Set(['TEMPLATE_INVALID']))
  })

  test('a batch that waits too long is refused as a whole, and nothing of it is accepted', async () => {
    const project = await instance.project()
    const runtime = { ...instance.runtime, inRenderTurn: createRenderTurns({ waitAtMostMs: 600 }) }
    const { call } = instance.through(runtime, project)
    const body = 'Hi{% for i in (1..90) %}{% for j in (1..900) %}{% endfor %}{% endfor %}'
    const mailsOf = (body: string) =>
      Array.from({ length: 20 }, (_, at) => ({ to: `${at}@example.com`, subject: 'x', body }))
    const send = (body: string) => call(['emails', 'sendBatch'], { emails: mailsOf(body) })
    // On a machine that is busy with others, all that have to wait may wait too long.
    const outcomes = await Promise.allSettled([
      send('Nothing to wait for'),
      ...Array.from({ length: 8 }, () => send(body)),
    ])
    const accepted = outcomes.filter(({ status }) => status === 'fulfilled')
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(accepted.length).toBeGreaterThan(0)
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'SERVER_BUSY' })
    expect((await project.call(['emails', 'list'], { limit: 100 })).data).toHaveLength(accepted.length * 20)
  })

  test('what is saved while a project has the line to itself is refused with a time to come back', async () => {
    const project = await instance.project()
    const ask = (name: string) => project.call(['templates', 'create'], { name, subject: 'x', body: ENDLESS })
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f'].map(ask))
    const codes = outcomes.map((outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code)
    expect(codes).toContain('SERVER_BUSY')
    expect(codes).toContain('TEMPLATE_INVALID')
  })
})
