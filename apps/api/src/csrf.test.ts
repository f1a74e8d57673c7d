import { peopleOperationList } from '@posthorn/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newMember, openBrowser, PASSWORD, setUp, type Browser, type Somebody } from '../test/people.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let projectId: string
let owner: Somebody

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
  owner = await setUp(api)
})

afterAll(() => api.stop())

/** What a browser says of a request that a page of another site makes it send. */
const FOREIGN: Record<string, Record<string, string>> = {
  'another site': { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  'another site, in an old browser': { Origin: 'https://evil.example', 'Sec-Fetch-Site': '' },
  'another port of this host': { Origin: 'http://127.0.0.1:1', 'Sec-Fetch-Site': 'same-site' },
  'a sandboxed frame': { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
  'a page that leaves no trace': { Origin: '', 'Sec-Fetch-Site': '' },
  'a host whose name begins like ours': { Origin: 'http://127.0.0.1.evil.example', 'Sec-Fetch-Site': '' },
  'one that says it is ours, but not to the browser': { Origin: '', 'Sec-Fetch-Site': 'cross-site' },
}

/** A POST with the cookies of a browser, and with just these headers beside them; an empty one is left out. */
async function post(browser: Browser, path: string, headers: Record<string, string>, body = '{}') {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const sent = Object.entries({ 'Content-Type': 'application/json', Cookie: cookie, ...headers })
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: Object.fromEntries(sent.filter(([, value]) => value !== '')),
    body,
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe.each(Object.entries(FOREIGN))('from %s', (_, headers) => {
  test('nothing under /auth can be changed with somebody’s cookies', async () => {
    const { browser } = await newMember(api, { projectId, role: 'member' })
    const body = JSON.stringify({ currentPassword: PASSWORD, newPassword: 'the thief’s own password' })
    expect((await post(browser, '/auth/change-password', headers, body)).status).toBe(403)
    expect((await post(browser, '/auth/sign-out', headers)).status).toBe(403)
    expect((await browser.trpc('account.get')).code).toBeUndefined()
  })

  test('cookies count for nothing over tRPC', async () => {
    const sessions = (await owner.browser.trpc('account.sessions')).output.data.length
    const people = await post(owner.browser, '/trpc/account.endOtherSessions', headers)
    expect(people.status).toBe(401)
    const table = await post(
      owner.browser,
      '/trpc/keys.create',
      { ...headers, 'X-Project-Id': projectId },
      '{"name":"x"}',
    )
    expect(table.status).toBe(401)
    expect((await owner.browser.trpc('account.sessions')).output.data).toHaveLength(sessions)
  })
})

test('nobody can be signed in to another’s account by a page of another site', async () => {
  const thief = await newMember(api, { projectId, role: 'member' })
  const body = JSON.stringify({ email: thief.email, password: PASSWORD })
  const { 'a page that leaves no trace': program, ...sites } = FOREIGN
  for (const headers of Object.values(sites)) {
    const answer = await post(openBrowser(api), '/auth/sign-in/email', headers, body)
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []])
  }
  // A program, which no victim sits before, says nothing of where it comes from and may sign in.
  expect((await post(openBrowser(api), '/auth/sign-in/email', program ?? {}, body)).status).toBe(200)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
  'a body that a form of another site could send is not read: %s',
  async (type) => {
    const headers = { Origin: api.url, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': type }
    const { browser } = await newMember(api, { projectId, role: 'member' })
    expect((await post(browser, '/auth/sign-out', headers, '{"x":"="}')).status).toBe(415)
    const { status } = await post(browser, '/trpc/account.endOtherSessions', headers, '{"x":"="}')
    expect([400, 415]).toContain(status)
    expect((await browser.trpc('account.get')).code).toBeUndefined()
  },
)

test('what changes something cannot be asked for with a GET', async () => {
  for (const { name, call } of peopleOperationList) {
    if (call === 'query') continue
    const answer = await fetch(`${api.url}/trpc/${name}?input={}`, {
      headers: { Cookie: [...owner.browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ') },
    })
    expect([name, answer.status]).toEqual([name, 405])
  }
  for (const path of ['/sign-out', '/sign-in/email', '/change-password', '/prove', '/confirm-address?token=x']) {
    expect((await owner.browser.auth(path)).status).toBeGreaterThanOrEqual(400)
  }
  expect((await owner.browser.trpc('account.get')).code).toBeUndefined()
})

test('no other origin may read an answer', async () => {
  for (const path of ['/auth/passkey/list-user-passkeys', '/trpc/account.get?input={}']) {
    const answer = await fetch(`${api.url}${path}`, { headers: { Origin: 'https://evil.example' } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  }
})
