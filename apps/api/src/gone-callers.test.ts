import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
})

afterAll(() => api.stop())

const mjml = (texts: number) =>
  `<mjml><mj-body><mj-section><mj-column>${'<mj-text><p>a</p></mj-text>'.repeat(texts)}</mj-column></mj-section></mj-body></mjml>`

test('callers who have gone leave the queue of MJML to those who wait', { timeout: 90_000 }, async () => {
  const { secretKey } = await api.newProject()
  const render = (texts: number, signal?: AbortSignal) =>
    fetch(`${api.url}/v1/templates/render`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secretKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ subject: 'a', body: mjml(texts) }),
      signal: signal ?? null,
    })
  const timeOf = async (asked: Promise<Response>) => {
    const begun = performance.now()
    expect((await asked).status).toBe(200)
    return performance.now() - begun
  }
  // A thread that is new takes long to begin.
  await expect.poll(async () => (await render(1)).status, { timeout: 60_000 }).toBe(200)
  const onceMs = await timeOf(render(100))
  const gone = new AbortController()
  const flood = Array.from({ length: 12 }, () => render(100, gone.signal))
  await Promise.race(flood)
  gone.abort()
  await Promise.allSettled(flood)
  expect(await timeOf(render(1))).toBeLessThan(6 * onceMs)
  expect(api.lines.filter((line) => line.includes('"fault"'))).toEqual([])
})
