import { createHook } from 'node:async_hooks'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confirmAddress, openBrowser, PASSWORD, setUp, type Somebody } from '../test/people.ts'
import { productMail, productMails } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'

let api: TestApi
let owner: Somebody

beforeAll(async () => {
  api = await startTestApi({ signUps: 'open' })
  owner = await setUp(api)
})

afterAll(() => api.stop())

const NOBODY = 'nobody@example.com'

/** All of an answer but what differs between any two requests. */
async function answerTo(path: string, body: object) {
  const { status, headers, text } = await openBrowser(api).auth(path, body)
  const shown = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date')
  return { status, shown, text }
}

test('a sign-in says nothing of whether there is an account', async () => {
  const wrong = await answerTo('/sign-in/email', { email: owner.email, password: 'not the password' })
  const unknown = await answerTo('/sign-in/email', { email: NOBODY, password: 'not the password' })
  expect(wrong.status).toBe(401)
  expect(unknown).toEqual(wrong)
})

test('and costs the same hash where there is none', async () => {
  // Nothing else runs in this test, so each hash that begins is that of the sign-in.
  const hashesOf = async (email: string) => {
    let begun = 0
    const hook = createHook({ init: (_id, type) => void (begun += /argon2/i.test(type) ? 1 : 0) }).enable()
    await answerTo('/sign-in/email', { email, password: 'not the password' })
    hook.disable()
    return begun
  }
  expect([await hashesOf(owner.email), await hashesOf('somebody-else@example.com')]).toEqual([1, 1])
})

test('a sign-up says nothing of it, and waits for nothing that depends on it', async () => {
  const body = { name: 'Ada', password: PASSWORD }
  const known = await answerTo('/sign-up/email', { ...body, email: owner.email })
  const unknown = await answerTo('/sign-up/email', { ...body, email: NOBODY })
  expect(known.status).toBe(200)
  expect(unknown).toEqual(known)
  await productMail(api, owner.email, 'You have an account already')
  await productMail(api, NOBODY, 'Confirm your address')
})

test('nor does asking for a new password', async () => {
  const unconfirmed = await answerTo('/request-password-reset', { email: owner.email })
  await confirmAddress(api, owner)
  const known = await answerTo('/request-password-reset', { email: owner.email })
  const unknown = await answerTo('/request-password-reset', { email: 'never-heard-of@example.com' })
  expect(known.status).toBe(200)
  expect([unknown, unconfirmed]).toEqual([known, known])
  await productMail(api, owner.email, 'Reset your password')
  expect(await productMails(api, 'never-heard-of@example.com')).toEqual([])
})

test('an answer to any of them comes while nothing about the address can be found out', async () => {
  // Whoever wanted to look at an account would wait for this.
  const held = Promise.withResolvers<void>()
  const locked = Promise.withResolvers<void>()
  const holding = api.db.transaction().execute(async (trx) => {
    await sql`lock table auth.users, auth.accounts, auth.verifications in access exclusive mode`.execute(trx)
    locked.resolve()
    await held.promise
  })
  await locked.promise
  try {
    const email = 'held-up@example.com'
    expect((await answerTo('/sign-up/email', { name: 'Ada', email, password: PASSWORD })).status).toBe(200)
    expect((await answerTo('/request-password-reset', { email })).status).toBe(200)
  } finally {
    held.resolve()
    await holding
  }
})

test('an invitation or set-up link says nothing of other addresses', async () => {
  const body = { name: 'Ada', password: PASSWORD, token: 'made up' }
  const known = await answerTo('/sign-up/email', { ...body, email: owner.email })
  const unknown = await answerTo('/sign-up/email', { ...body, email: NOBODY })
  expect(known.status).toBe(404)
  expect(unknown).toEqual(known)
})

test('the new address of an account says nothing of whose it is', async () => {
  const change = (newEmail: string) => owner.browser.auth('/change-address', { newEmail, password: PASSWORD })
  const free = await change('free@example.com')
  const pending = await change(NOBODY)
  expect([pending.status, pending.text]).toEqual([free.status, free.text])
  await productMail(api, 'free@example.com', 'Confirm your new address')
})
