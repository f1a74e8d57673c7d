import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../test/call.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let publicKey: string
let secretKey: string

beforeAll(async () => {
  api = await startTestApi()
  ;({ publicKey, secretKey } = await api.newProject())
})

afterAll(() => api.stop())

const EVENT = { event: 'left', email: 'ada@example.com' }
const headers = { 'Content-Type': 'text/plain;charset=UTF-8', Origin: 'https://shop.example' }
const beacon = (body: unknown, path = '/v1/track') =>
  call(`POST ${api.url}${path}`, { body: typeof body === 'string' ? body : JSON.stringify(body), headers })

test('what a beacon says counts as the call that it stands for', async () => {
  const one = await beacon({ key: publicKey, ...EVENT, eventId: '1' })
  expect(one).toMatchObject({ status: 200, body: { success: true } })
  expect(one.headers.get('access-control-allow-origin')).toBe('*')
  const again = await call(`POST ${api.url}/v1/track`, { key: publicKey, body: { ...EVENT, eventId: '1' } })
  expect(again.body).toEqual(one.body)
  const events = [{ ...EVENT, email: 'nobody' }, { ...EVENT, data: { text: 'Hello 😀'.slice(0, 7) } }, 'left', EVENT]
  const many = await beacon({ key: publicKey, events }, '/v1/track/batch')
  expect(many).toMatchObject({ status: 200, body: { accepted: 1, refused: 3 } })
  expect(await beacon({ key: publicKey, name: 'left' }, '/events/track')).toMatchObject({ status: 422 })
})

test.each<[string, () => unknown, number, string]>([
  ['no key', () => EVENT, 401, 'MISSING_AUTH'],
  ['a secret key', () => ({ key: secretKey, ...EVENT }), 401, 'MISSING_AUTH'],
  ['an unknown key', () => ({ key: `pk_ph_${'a'.repeat(38)}`, ...EVENT }), 401, 'INVALID_API_KEY'],
  ['a key that is no text', () => ({ key: 17, ...EVENT }), 401, 'MISSING_AUTH'],
  ['no JSON', () => 'left', 400, 'INVALID_REQUEST_BODY'],
  ['a list', () => [publicKey], 400, 'INVALID_REQUEST_BODY'],
  ['a field that there is not', () => ({ key: publicKey, ...EVENT, event_id: '1' }), 422, 'VALIDATION_ERROR'],
  ['too much', () => ({ key: publicKey, ...EVENT, data: { x: 'x'.repeat(64 * 1024) } }), 413, 'PAYLOAD_TOO_LARGE'],
])('a beacon with %s is refused, and never repeated in the answer', async (_, body, status, code) => {
  const answer = await beacon(body())
  expect(answer).toMatchObject({ status, body: { error: { code } } })
  expect(JSON.stringify(answer.body)).not.toMatch(/[ps]k_ph_\w/)
})

test.each(['POST /v1/send', 'POST /v1/contacts', 'PATCH /v1/project'])('%s takes no beacon', async (route) => {
  const [method, path] = route.split(' ')
  const answer = await call(`${method} ${api.url}${path}`, { body: JSON.stringify({ key: publicKey }), headers })
  expect(answer).toMatchObject({ status: 401, body: { error: { code: 'MISSING_AUTH' } } })
})

test('plain text with an Authorization header is no beacon', async () => {
  const answer = await call(`POST ${api.url}/v1/track`, { key: publicKey, body: JSON.stringify(EVENT), headers })
  expect(answer).toMatchObject({ status: 415 })
})
