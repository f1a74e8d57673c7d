import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  forgetProof,
  newMember,
  openBrowser,
  PASSWORD,
  setUp,
  signIn,
  type Browser,
  type Somebody,
} from '../test/people.ts'
import { productMail, productMails, tokenIn } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf, forgetUsedCodes } from '../test/totp.ts'

let api: TestApi
let projectId: string
let owner: Somebody

beforeAll(async () => {
  api = await startTestApi({ trustedProxies: ['loopback'] })
  projectId = (await api.newProject()).project.id
  owner = await setUp(api)
})

beforeEach(() => sql`delete from auth.attempts`.execute(api.db))
afterAll(() => api.stop())

const FREE = 5

/** A guess from some network. */
const guess = (browser: Browser, email: string, from: string, password = 'a wrong guess') =>
  browser.auth('/sign-in/email', { email, password }, { 'X-Forwarded-For': from })

/** Draws out the waits that have begun, so that a slow machine does not wait them out by itself. */
const hold = () =>
  sql`update auth.attempts set blocked_until = blocked_until + interval '10 minutes'
    where blocked_until >= last_at + interval '1 second'`.execute(api.db)

/** Guesses, each from a network of its own, until the account is slow. */
async function attack(email: string): Promise<void> {
  for (let tried = 0; tried < FREE; tried += 1) {
    expect((await guess(openBrowser(api), email, `192.0.2.${tried}`)).status).toBe(401)
  }
  await hold()
  expect((await guess(openBrowser(api), email, '192.0.2.100')).status).toBe(429)
}

const timeGoesBy = (seconds: number) =>
  sql`update auth.attempts set blocked_until = blocked_until - make_interval(secs => ${seconds}),
    last_at = last_at - make_interval(secs => ${seconds})`.execute(api.db)

test('an account is slow to guess at, from however many networks, and says how long to wait', async () => {
  await attack(owner.email)
  const answer = await guess(openBrowser(api), owner.email, '198.51.100.1', PASSWORD)
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(answer.body).toMatchObject({ code: 'TOO_MANY_TRIES', message: expect.stringMatching(/in \d+ minutes/) })
})

test('its owner is not shut out by that: not in a browser that was in before, and nowhere for good', async () => {
  const { email, browser } = await newMember(api, { projectId, role: 'member' })
  await attack(email)
  expect((await guess(browser, email, '203.0.113.1', PASSWORD)).status).toBe(200)
  expect((await browser.trpc('account.get')).code).toBeUndefined()
  await timeGoesBy(15 * 60)
  await signIn(api, { email })
})

test('a browser that was in before has no more tries than others', async () => {
  const { email, browser } = await newMember(api, { projectId, role: 'member' })
  for (let tried = 0; tried < FREE; tried += 1) await guess(browser, email, '203.0.113.1')
  await hold()
  expect((await guess(browser, email, '203.0.113.1', PASSWORD)).status).toBe(429)
})

test('and counts for itself on the account it was in alone', async () => {
  const { browser } = await newMember(api, { projectId, role: 'member' })
  await attack(owner.email)
  expect((await guess(browser, owner.email, '203.0.113.1')).status).toBe(429)
})

test('waits are the same where there is no account', async () => {
  await attack('nobody@example.com')
})

test('guesses at a hundred accounts from one network are slow, too', async () => {
  const statuses: number[] = []
  for (let tried = 0; tried < 40; tried += 1) {
    statuses.push((await guess(openBrowser(api), `person-${tried}@example.com`, '203.0.113.7')).status)
    if (tried === 29) await hold()
  }
  expect(statuses.indexOf(429)).toBe(30)
  expect((await guess(openBrowser(api), owner.email, '203.0.113.8')).status).toBe(401)
})

const OFFICE = { 'X-Forwarded-For': '203.0.113.9' }

/** Has somebody at the same address guess until it is slow. */
async function shutOffice(): Promise<void> {
  for (let tried = 0; tried < 30; tried += 1) await guess(openBrowser(api), `x-${tried}@example.com`, '203.0.113.9')
  await hold()
  expect((await guess(openBrowser(api), owner.email, '203.0.113.9', PASSWORD)).status).toBe(429)
}

test('who shares an address with somebody that guesses is not shut out with them', async () => {
  const { email, browser, userId } = await newMember(api, { projectId, role: 'member' })
  await openBrowser(api).auth('/request-password-reset', { email })
  const token = tokenIn(await productMail(api, email, 'Reset your password'))
  await shutOffice()

  await forgetProof(api, userId)
  expect((await browser.auth('/prove', { password: PASSWORD }, OFFICE)).status).toBe(200)
  await browser.auth('/sign-out', {}, OFFICE)
  expect((await guess(browser, email, '203.0.113.9', PASSWORD)).status).toBe(200)

  const newPassword = 'a password of today'
  const fresh = openBrowser(api)
  expect((await fresh.auth('/reset-password', { token, newPassword }, OFFICE)).status).toBe(200)
  expect((await guess(fresh, email, '203.0.113.9', newPassword)).status).toBe(200)

  expect((await openBrowser(api).auth('/reset-password', { token, newPassword }, OFFICE)).status).toBe(429)
  expect((await guess(openBrowser(api), email, '203.0.113.9', newPassword)).status).toBe(429)
})

test('nor is their second factor, and no sign-in of theirs takes back what others tried there', async () => {
  const { email, browser } = await newMember(api, { projectId, role: 'member' })
  const { totpURI } = (await browser.auth('/two-factor/enable', { password: PASSWORD })).body
  await browser.auth('/two-factor/verify-totp', { code: codeOf(totpURI) })
  await shutOffice()
  await forgetUsedCodes(api)
  expect((await guess(browser, email, '203.0.113.9', PASSWORD)).body).toMatchObject({ twoFactorRedirect: true })
  const code = codeOf(totpURI)
  expect((await browser.auth('/two-factor/verify-totp', { code }, OFFICE)).status).toBe(200)
  expect((await guess(openBrowser(api), owner.email, '203.0.113.9', PASSWORD)).status).toBe(429)
})

test('a browser that was in before still has few tries from there', async () => {
  const { email, browser } = await newMember(api, { projectId, role: 'member' })
  await shutOffice()
  const statuses: number[] = []
  for (let tried = 0; tried <= FREE; tried += 1) {
    if (tried === FREE) await hold()
    statuses.push((await guess(browser, email, '203.0.113.9')).status)
  }
  expect(statuses).toEqual([...Array(FREE).fill(401), 429])
})

test('a thousand guesses at once are a thousand guesses, in whichever process', async () => {
  const other = await startTestApi({ databaseUrl: api.databaseUrl, trustedProxies: ['loopback'] })
  const begun = performance.now()
  try {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        guess(openBrowser(index % 2 === 0 ? api : other), owner.email, `198.51.100.${index}`),
      ),
    )
    const made = answers.filter(({ status }) => status === 401).length
    // On a slow machine the first waits, each twice the one before, are over within the test.
    const over = Math.ceil(Math.log2((performance.now() - begun) / 1000 + 1))
    expect(made).toBeGreaterThanOrEqual(FREE)
    expect(made).toBeLessThanOrEqual(FREE + over)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40 - made)
  } finally {
    await other.stop()
  }
})

test('who signs in is not counted', async () => {
  const { email } = await newMember(api, { projectId, role: 'member' })
  for (let round = 0; round < 2 * FREE; round += 1) await signIn(api, { email })
})

test('a session that somebody left open gives no more tries at its password', async () => {
  const { browser } = await newMember(api, { projectId, role: 'member' })
  const statuses: number[] = []
  for (let tried = 0; tried < 2 * FREE; tried += 1) {
    statuses.push((await browser.auth('/prove', { password: 'a wrong guess' })).status)
    if (tried === FREE - 1) await hold()
  }
  expect(statuses).toEqual([...Array(FREE).fill(400), ...Array(FREE).fill(429)])
  const change = { currentPassword: 'a wrong guess', newPassword: 'some new password' }
  expect((await browser.auth('/change-password', change)).status).toBe(429)
})

test('nobody’s mailbox can be filled, and the account stays reachable by mail', async () => {
  const { email } = await newMember(api, { projectId, role: 'member' })
  await attack(email)
  const statuses: number[] = []
  for (let asked = 0; asked < 6; asked += 1) {
    statuses.push((await openBrowser(api).auth('/request-password-reset', { email })).status)
    if (asked === 2) await hold()
  }
  expect(statuses).toEqual([200, 200, 200, 429, 429, 429])
  const token = tokenIn(await productMail(api, email, 'Reset your password'))
  const newPassword = 'a password of today'
  expect((await openBrowser(api).auth('/reset-password', { token, newPassword })).status).toBe(200)
  expect((await productMails(api, email)).length).toBeLessThanOrEqual(4)
})

test('a reset lets its owner in from that browser, though others draw the wait out before and after it', async () => {
  const { email } = await newMember(api, { projectId, role: 'member' })
  await attack(email)
  await openBrowser(api).auth('/request-password-reset', { email })
  const token = tokenIn(await productMail(api, email, 'Reset your password'))
  const newPassword = 'a password of today'
  const browser = openBrowser(api)
  expect((await browser.auth('/reset-password', { token, newPassword })).status).toBe(200)
  expect((await guess(openBrowser(api), email, '192.0.2.101')).status).toBe(401)
  await sql`delete from auth.attempts`.execute(api.db)
  await attack(email)
  expect((await guess(browser, email, '203.0.113.1', newPassword)).status).toBe(200)
})

test('changes of address send few mails, from one account and to one address', async () => {
  const people = [
    await newMember(api, { projectId, role: 'member' }),
    await newMember(api, { projectId, role: 'member' }),
  ]
  const ask = async (person: Somebody, newEmail: string) => {
    const answer = await person.browser.auth('/change-address', { newEmail, password: PASSWORD })
    await hold()
    return answer
  }
  const [one, two] = people as [Somebody, Somebody]
  const statuses: number[] = []
  for (let asked = 0; asked < 4; asked += 1) statuses.push((await ask(one, `${asked}@elsewhere.example`)).status)
  expect(statuses).toEqual([200, 200, 200, 429])
  await sql`delete from auth.attempts`.execute(api.db)
  for (let asked = 0; asked < 3; asked += 1) {
    expect((await ask(asked < 2 ? one : two, 'Victim@elsewhere.example')).status).toBe(200)
  }
  const refused = await ask(two, 'victim@ELSEWHERE.example')
  expect(refused.body).toMatchObject({ code: 'TOO_MANY_TRIES' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('invitations send few mails to one address, from whichever project, and say how long to wait', async () => {
  const other = (await api.newProject()).project.id
  const admin = await newMember(api, { projectId, role: 'admin' })
  const otherAdmin = await newMember(api, { projectId: other, role: 'admin' })
  const email = 'victim@elsewhere.example'
  const invite = (who: Somebody, id: string) =>
    who.browser.trpc('members.invite', { email, role: 'viewer' }, { projectId: id })
  const { output } = await invite(admin, projectId)
  const again = () => admin.browser.trpc('members.resendInvitation', { id: output.id }, { projectId })
  expect((await again()).code).toBeUndefined()
  expect((await invite(otherAdmin, other)).code).toBeUndefined()
  await hold()
  for (const refused of [await again(), await invite(otherAdmin, other)]) {
    expect([refused.status, refused.code]).toEqual([429, 'TOO_MANY_TRIES'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  }
})

test('and one person can have them sent to so many strangers only', async () => {
  const admin = await newMember(api, { projectId, role: 'admin' })
  const codes: (string | undefined)[] = []
  for (let asked = 0; asked < 32; asked += 1) {
    const input = { email: `stranger-${asked}@elsewhere.example`, role: 'viewer' }
    codes.push((await admin.browser.trpc('members.invite', input, { projectId })).code)
    if (asked === 29) await hold()
  }
  expect(codes).toEqual([...Array(30).fill(undefined), 'TOO_MANY_TRIES', 'TOO_MANY_TRIES'])
})

test('an address that a client makes up is not believed where no proxy is trusted, and that it came is kept for the operator', async () => {
  const direct = await startTestApi({ databaseUrl: api.databaseUrl })
  try {
    const statuses: number[] = []
    for (let tried = 0; tried < 35; tried += 1) {
      const email = `made-up-${tried}@example.com`
      statuses.push((await guess(openBrowser(direct), email, `192.0.2.${tried}`)).status)
      if (tried === 29) await hold()
    }
    expect(statuses.indexOf(429)).toBe(30)
    const forwarded = () => api.db.selectFrom('instance_setup').select('forwarded_at').executeTakeFirstOrThrow()
    await vi.waitFor(async () => expect((await forwarded()).forwarded_at).not.toBeNull())
  } finally {
    await direct.stop()
  }
})
