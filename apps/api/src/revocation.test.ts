import { setTimeout } from 'node:timers/promises'
import { SCOPES } from '@posthorn/contracts'
import { expect, onTestFinished, test } from 'vitest'
import { startApiProcess } from '../test/api-process.ts'
import { call } from '../test/call.ts'
import { startTestApi } from '../test/start-test-api.ts'

interface Seen {
  begunAt: number
  status: number
}

/** Asks again and again, 50 times at once, until told to stop. */
function hammer(url: string, key: string) {
  const seen: Seen[] = []
  const stopping = new AbortController()
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const begunAt = performance.now()
      const { status } = await call(`GET ${url}/v1/project`, { key })
      seen.push({ begunAt, status })
    }
  }
  const loops = Array.from({ length: 50 }, loop)
  return {
    seen,
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

const PATIENCE = { timeout: 30_000 }

const GONE = ['regenerated', 'revoked'] as const

test.each(GONE)(
  'a key that was %s is dead in another process at the first request after the answer',
  { timeout: 60_000 },
  async (how) => {
    const api = await startTestApi()
    onTestFinished(() => api.stop())
    const { project } = await api.newProject()
    const holder = await api.newKey(project.id, { scopes: [...SCOPES] })
    const victim = await api.newKey(project.id)
    const other = await startApiProcess(api.databaseUrl)

    const load = hammer(other.url, victim.key)
    await expect.poll(() => load.seen.length, PATIENCE).toBeGreaterThan(200)
    const answer = await call(
      how === 'revoked' ? `DELETE ${api.url}/v1/keys/${victim.id}` : `POST ${api.url}/v1/keys/${victim.id}/regenerate`,
      { key: holder.key, ...(how === 'regenerated' && { body: {} }) },
    )
    const answeredAt = performance.now()
    expect(answer.status).toBeLessThan(300)
    const later = () => load.seen.filter(({ begunAt }) => begunAt > answeredAt)
    await expect.poll(() => later().length, PATIENCE).toBeGreaterThan(200)
    await load.stop()

    expect(load.seen.some(({ status }) => status === 200)).toBe(true)
    expect(new Set(later().map(({ status }) => status))).toEqual(new Set([401]))
    const next = how === 'revoked' ? holder.key : answer.body.key.key
    expect((await call(`GET ${other.url}/v1/project`, { key: next })).status).toBe(200)
    await other.end('SIGTERM')
  },
)

test('no request that was under way is still answered with success once the key is said to be dead', async () => {
  const api = await startTestApi()
  onTestFinished(() => api.stop())
  const { project } = await api.newProject()
  const holder = await api.newKey(project.id, { scopes: [...SCOPES] })
  const victim = await api.newKey(project.id)
  let isDead = false
  const after: number[] = []
  const stopping = new AbortController()
  /** Sends its body late, so that it is let in long before it is worked on. */
  const slowSend = async (lateMs: number) => {
    while (!stopping.signal.aborted) {
      const body = new ReadableStream({
        async start(controller) {
          await setTimeout(lateMs)
          controller.enqueue(new TextEncoder().encode('{"to":"ada@example.com","subject":"Hi","text":"Hi"}'))
          controller.close()
        },
      })
      const answer = await fetch(`${api.url}/v1/send`, {
        method: 'POST',
        headers: { authorization: `Bearer ${victim.key}`, 'content-type': 'application/json' },
        body,
        duplex: 'half',
      })
      if (isDead) after.push(answer.status)
    }
  }
  const senders = Array.from({ length: 40 }, (_, index) => slowSend(index * 5))
  await setTimeout(400)
  await call(`DELETE ${api.url}/v1/keys/${victim.id}`, { key: holder.key })
  // What was answered before may still be on its way to here.
  await setTimeout(100)
  isDead = true
  await expect.poll(() => after.length, { timeout: 20_000 }).toBeGreaterThan(100)
  stopping.abort()
  await Promise.all(senders)
  expect(new Set(after)).toEqual(new Set([401]))
})
