import { CHANGES } from '@posthorn/contracts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { call } from '../test/call.ts'
import { openStream } from '../test/event-stream.ts'
import { newMember, setUp, type Somebody } from '../test/people.ts'
import { seedProject, type SeededProject } from '../test/seed.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let project: SeededProject
let owner: Somebody
let projectId: string

beforeAll(async () => {
  api = await startTestApi()
  project = await seedProject(api)
  projectId = project.rows.projectId
  owner = await setUp(api)
})

afterAll(() => api.stop())

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' }

const cookiesOf = ({ browser }: Somebody) => ({
  Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  'Sec-Fetch-Site': 'same-origin',
})

test('a page is told of a mail that a key sends, over a stream that no proxy keeps', async () => {
  const stream = await openStream(api, { headers: cookiesOf(owner), projectId })
  expect(stream.status).toBe(200)
  expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(stream.headers.get('cache-control')).toMatch(/no-(?:store|cache)/)
  await expect.poll(() => stream.notices[0]).toEqual([...CHANGES])
  stream.notices.length = 0
  await call(`POST ${api.url}/v1/send`, { key: project.fullKey, body: MAIL })
  await expect.poll(() => stream.notices.flat()).toContain('emails')
})

test('a key is told of what its scopes let it read', async () => {
  const { key } = await api.newKey(projectId, { scopes: ['inbox:read'] })
  const stream = await openStream(api, { headers: { Authorization: `Bearer ${key}` } })
  await expect.poll(() => stream.notices).toEqual([['inbox']])
})

test('an address names the project of a stream, and of no other call', async () => {
  const params = `connectionParams=${encodeURIComponent(JSON.stringify({ projectId }))}`
  const headers = cookiesOf(owner)
  const read = await call(`GET ${api.url}/trpc/emails.list?input={}&${params}`, { headers })
  const changed = await call(`POST ${api.url}/trpc/inbox.clear?${params}`, {
    headers: { ...headers, Origin: api.url },
    body: {},
  })
  for (const answer of [read, changed]) {
    expect([answer.status, answer.body.error.data.apiCode]).toEqual([400, 'PROJECT_NEEDED'])
  }
  const named = await call(`GET ${api.url}/trpc/emails.list?input={}`, {
    headers: { ...headers, 'X-Project-Id': projectId },
  })
  expect(named.status).toBe(200)
})

test('nobody is told anything without a session, nor by a cookie that another site sends', async () => {
  for (const headers of [{}, { ...cookiesOf(owner), 'Sec-Fetch-Site': 'cross-site' }]) {
    const stream = await openStream(api, { headers, projectId })
    expect(await stream.ended).toBe('MISSING_AUTH')
    expect(stream.notices).toEqual([])
  }
})

test('the stream of a project that one is no member of is refused as that of a missing one', async () => {
  const stranger = await seedProject(api)
  const refused = []
  for (const other of [stranger.rows.projectId, '01890a5d-ac96-774b-bcce-b302099a8057']) {
    const stream = await openStream(api, { headers: cookiesOf(owner), projectId: other })
    refused.push([stream.status, await stream.ended])
    expect(stream.notices).toEqual([])
  }
  expect(refused[0]).toEqual(refused[1])
  expect(String(refused[0])).toContain('PROJECT_NOT_FOUND')
})

test('a member who is removed is told nothing more, at once', async () => {
  const member = await newMember(api, { projectId, role: 'member' })
  const stream = await openStream(api, { headers: cookiesOf(member), projectId })
  await expect.poll(() => stream.notices.length).toBeGreaterThan(0)
  const { code } = await owner.browser.trpc('members.remove', { userId: member.userId }, { projectId })
  expect(code).toBeUndefined()
  expect(await stream.ended).toBe('PROJECT_NOT_FOUND')
})

test('a session that ends elsewhere is told nothing more, at once', async () => {
  const member = await newMember(api, { projectId, role: 'viewer' })
  const stream = await openStream(api, { headers: cookiesOf(member), projectId })
  await expect.poll(() => stream.notices.length).toBeGreaterThan(0)
  await member.browser.copy().auth('/sign-out', {})
  expect(await stream.ended).toBe('SIGN_IN_NEEDED')
})

test('a key that is revoked is told nothing more, at once', async () => {
  const { key, id } = await api.newKey(projectId, { scopes: ['emails:read'] })
  const stream = await openStream(api, { headers: { Authorization: `Bearer ${key}` } })
  await expect.poll(() => stream.notices.length).toBeGreaterThan(0)
  await call(`DELETE ${api.url}/v1/keys/${id}`, { key: project.fullKey })
  expect(await stream.ended).toBe('INVALID_API_KEY')
})

test('a server that stops ends its streams first, so that clients come again', async () => {
  const other = await startTestApi({ databaseUrl: api.databaseUrl })
  const stream = await openStream(other, { headers: { Authorization: `Bearer ${project.fullKey}` } })
  await expect.poll(() => stream.notices.length).toBeGreaterThan(0)
  const stopped = other.stop()
  expect(await stream.ended).toBe('SERVICE_UNAVAILABLE')
  await stopped
})

test('a stream is a line in the log once it has ended', async () => {
  const stream = await openStream(api, { headers: { Authorization: `Bearer ${project.fullKey}` } })
  await expect.poll(() => stream.notices.length).toBeGreaterThan(0)
  onTestFinished(() => stream.leave())
  const before = api.lines.length
  stream.leave()
  await expect.poll(() => api.lines.slice(before).join('')).toContain('trpc live.changes')
})
