import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startApiProcess } from '../test/api-process.ts'
import { call, type Answer } from '../test/call.ts'
import { openBrowser, setUp } from '../test/people.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

const HOUR = 3_600
const LIMITS = {
  key: { quota: 5, windowSeconds: HOUR },
  account: { quota: 12, windowSeconds: HOUR },
  address: { quota: 30, windowSeconds: HOUR },
}

let api: TestApi

beforeAll(async () => {
  api = await startTestApi({ rateLimits: LIMITS, trustedProxies: ['loopback'] })
})

afterAll(() => api.stop())

const from = (ip: string) => ({ 'X-Forwarded-For': ip })
const read = (key: string, { url } = api) => call(`GET ${url}/v1/contacts`, { key })
const shown = ({ headers }: Pick<Answer, 'headers'>) => [headers.get('ratelimit-policy'), headers.get('ratelimit')]
const statuses = (answers: Answer[]) => answers.map(({ status }) => status)
const times = async (count: number, ask: () => Promise<Answer>) => {
  const answers: Answer[] = []
  for (let n = 0; n < count; n += 1) answers.push(await ask())
  return answers
}

test('a key is told what it has left, and refused when it has nothing, with the time to wait', async () => {
  const [{ secretKey }, other] = [await api.newProject(), await api.newProject()]
  const answers = await times(7, () => read(secretKey))
  expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 429, 429])
  expect(answers.map(shown).slice(0, 6)).toEqual(
    [4, 3, 2, 1, 0, 0].map((left) => ['"key";q=5;w=3600', expect.stringMatching(`^"key";r=${left};t=3\\d\\d\\d$`)]),
  )
  const older = ['limit', 'remaining'].map((name) => answers[1]!.headers.get(`ratelimit-${name}`))
  expect(older).toEqual(['5', '3'])
  expect(Number(answers[1]!.headers.get('ratelimit-reset'))).toBeGreaterThan(3_000)
  const { headers, body } = answers[6]!
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_000)
  expect(body.error).toMatchObject({ code: 'RATE_LIMITED', suggestion: expect.stringContaining('seconds') })
  expect((await read(other.secretKey)).status).toBe(200)
})

test('what is refused for its body, or for a scope, counts as well', async () => {
  const { publicKey } = await api.newProject()
  const track = () => call(`POST ${api.url}/v1/track`, { key: publicKey, body: {} })
  expect(statuses(await times(6, track))).toEqual([422, 422, 422, 422, 422, 429])
  const beacon = JSON.stringify({ key: publicKey, event: 'e', email: 'ada@example.com' })
  const answer = await call(`POST ${api.url}/v1/track`, { body: beacon, headers: { 'Content-Type': 'text/plain' } })
  expect(answer).toMatchObject({ status: 429 })
  expect(answer.headers.get('access-control-expose-headers')).toContain('RateLimit')
})

test('a quota holds over processes', async () => {
  const { secretKey } = await api.newProject()
  const second = await startApiProcess(api.databaseUrl, undefined, { RATE_LIMITS: `key=5/${HOUR}` })
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => read(secretKey, n % 2 === 0 ? api : { ...api, url: second.url })),
  )
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(5)
  const rest = [
    ...(await times(5, () => read(secretKey))),
    ...(await times(5, () => read(secretKey, { ...api, url: second.url }))),
  ]
  expect([...answers, ...rest].filter(({ status }) => status === 200)).toHaveLength(5)
  await second.end('SIGTERM')
})

test('each call of a tRPC batch counts', async () => {
  const { secretKey } = await api.newProject()
  const batch = (count: number) => {
    const paths = Array.from({ length: count }, () => 'project.get').join(',')
    const input = JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [n, {}])))
    return call(`GET ${api.url}/trpc/${paths}?batch=1&input=${encodeURIComponent(input)}`, { key: secretKey })
  }
  expect(shown(await batch(3))[1]).toMatch(/^"key";r=2;/)
  const refused = await batch(3)
  expect(refused.status).toBe(429)
  expect(refused.body.map((one: { error: { data: { apiCode: string } } }) => one.error.data.apiCode)).toEqual([
    'RATE_LIMITED',
    'RATE_LIMITED',
    'RATE_LIMITED',
  ])
  expect((await batch(2)).status).toBe(200)
  expect((await read(secretKey)).status).toBe(429)
})

test('refused keys count against where they came from, and a good one from there goes on working', async () => {
  const { secretKey } = await api.newProject()
  const guess = (ip: string) =>
    call(`GET ${api.url}/v1/contacts`, { key: `sk_ph_${'a'.repeat(38)}`, headers: from(ip) })
  const answers = await times(31, () => guess('203.0.113.7'))
  expect(statuses(answers)).toEqual([...Array.from({ length: 30 }, () => 401), 429])
  expect(shown(answers[30]!)[0]).toBe('"address";q=30;w=3600')
  expect((await guess('203.0.113.8')).status).toBe(401)
  expect((await call(`GET ${api.url}/v1/contacts`, { key: secretKey, headers: from('203.0.113.7') })).status).toBe(200)
  const keyless = await call(`GET ${api.url}/v1/contacts`, { headers: from('203.0.113.7') })
  expect(keyless.status).toBe(429)
})

test('whoever is signed in is counted as a person, and signing in as an address', async () => {
  const { browser } = await setUp(api)
  const answers = []
  for (let n = 0; n < 13; n += 1) answers.push(await browser.trpc('account.get'))
  expect(answers.map(({ status }) => status)).toContain(200)
  expect(answers.at(-1)).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
  expect(shown(answers.at(-1)!)[0]).toBe('"account";q=12;w=3600')
  const stranger = openBrowser(api)
  const asked = []
  for (let n = 0; n < 31; n += 1) asked.push(await stranger.auth('/get-session', undefined, from('203.0.113.20')))
  expect(asked.at(-1)?.status).toBe(429)
})

test('without limits nothing is counted, and nothing is said of any', async () => {
  const free = await startTestApi()
  onTestFinished(() => free.stop())
  const { secretKey } = await free.newProject()
  const answers = await times(20, () => read(secretKey, free))
  expect(new Set(statuses(answers))).toEqual(new Set([200]))
  expect(shown(answers[0]!)).toEqual([null, null])
})
