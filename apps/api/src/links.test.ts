import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { forgetProof, newMember, openBrowser, PASSWORD, setUp, signIn } from '../test/people.ts'
import { productMail, productMails, tokenIn } from '../test/product-mail.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { codeOf } from '../test/totp.ts'

let api: TestApi
let projectId: string

beforeAll(async () => {
  api = await startTestApi()
  projectId = (await api.newProject()).project.id
  await setUp(api)
})

afterAll(() => api.stop())

const newPerson = () => newMember(api, { projectId, role: 'member' })
const NEW = 'another umbrella for the moon'

const reset = (token: string, newPassword = NEW) => openBrowser(api).auth('/reset-password', { token, newPassword })

async function resetToken(email: string): Promise<string> {
  await openBrowser(api).auth('/request-password-reset', { email })
  return tokenIn(await productMail(api, email, 'Reset your password'))
}

describe('a link that resets a password', () => {
  test('sets one, once, signs nobody in, and ends all sessions', async () => {
    const { email, browser } = await newPerson()
    const token = await resetToken(email)
    const fresh = openBrowser(api)
    expect((await fresh.auth('/reset-password', { token, newPassword: NEW })).status).toBe(200)
    expect((await fresh.trpc('account.get')).code).toBe('SIGN_IN_NEEDED')
    expect((await browser.trpc('account.get')).code).toBe('SIGN_IN_NEEDED')
    await signIn(api, { email, password: NEW })
    expect((await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD })).status).toBe(401)
    expect((await reset(token, 'a third password')).body).toMatchObject({ code: 'INVALID_TOKEN' })
    await productMail(api, email, 'Your password was changed')
  })

  test('works once, however many follow it at the same time', async () => {
    const { email } = await newPerson()
    const token = await resetToken(email)
    const answers = await Promise.all([0, 1, 2, 3].map((index) => reset(token, `password number ${index}`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('is dead after an hour, and the table does not hold what it says', async () => {
    const { email } = await newPerson()
    const token = await resetToken(email)
    const { rows } = await sql<{ row: string }>`select t::text as row from auth.verifications t`.execute(api.db)
    expect(JSON.stringify(rows)).not.toContain(token)
    const [life] = (
      await sql<{ hours: number }>`
        select extract(epoch from max(expires_at) - now())::float / 3600 as hours from auth.verifications
      `.execute(api.db)
    ).rows
    expect(life?.hours).toBeLessThanOrEqual(1)
    await sql`update auth.verifications set expires_at = now()`.execute(api.db)
    expect((await reset(token)).body).toMatchObject({ code: 'INVALID_TOKEN' })
    await signIn(api, { email })
  })

  test('is dead once the password was changed in another way', async () => {
    const { email, browser } = await newPerson()
    const token = await resetToken(email)
    await browser.auth('/change-password', { currentPassword: PASSWORD, newPassword: NEW })
    expect((await reset(token, 'a third password')).body).toMatchObject({ code: 'INVALID_TOKEN' })
    await signIn(api, { email, password: NEW })
  })

  test('is good for nothing else', async () => {
    const { email } = await newPerson()
    const token = await resetToken(email)
    const browser = openBrowser(api)
    expect((await browser.auth('/confirm-address', { token, password: PASSWORD })).body).toMatchObject({
      code: 'INVALID_TOKEN',
    })
    const body = { name: 'Ada', email: 'ada@example.com', password: PASSWORD, token }
    expect((await browser.auth('/sign-up/email', body)).status).toBe(404)
    expect((await browser.trpc('invitations.get', { token })).code).toBe('INVITATION_NOT_FOUND')
    expect((await reset(token)).status).toBe(200)
  })

  test('leads to a page whose address browsers keep to themselves', async () => {
    const { email } = await newPerson()
    await openBrowser(api).auth('/request-password-reset', { email })
    const mail = await productMail(api, email, 'Reset your password')
    const [url = ''] = /https?:\S+/.exec(mail.text) ?? []
    expect(url).toMatch(new RegExp(`^${api.url.replace('127.0.0.1', 'localhost')}/reset-password#token=`))
    expect(new URL(url).search).toBe('')
    expect(mail.html).toContain(url)
  })

  test('takes no weak password, and is still good after one', async () => {
    const { email } = await newPerson()
    const token = await resetToken(email)
    expect((await reset(token, 'football')).body).toMatchObject({ code: 'PASSWORD_TOO_WEAK' })
    expect((await reset(token)).status).toBe(200)
  })
})

describe('a change of address', () => {
  const change = (browser: Awaited<ReturnType<typeof newPerson>>['browser'], newEmail: string, password = PASSWORD) =>
    browser.auth('/change-address', { newEmail, password })

  test('asks for the password again, waits for the new address, and tells the old one', async () => {
    const { browser, email, userId } = await newPerson()
    const newEmail = `new-${email}`
    expect((await change(browser, newEmail, 'not the password')).body).toMatchObject({ code: 'INVALID_PASSWORD' })
    await forgetProof(api, userId)
    expect((await change(browser, newEmail)).body).toMatchObject({ code: 'PROOF_NEEDED' })
    await browser.auth('/prove', { password: PASSWORD })

    expect((await change(browser, newEmail)).status).toBe(200)
    const token = tokenIn(await productMail(api, newEmail, 'Confirm your new address'))
    expect((await browser.trpc('account.get')).output.email).toBe(email)
    expect((await browser.auth('/confirm-address', { token })).body).toEqual({ signedIn: false })
    expect((await browser.trpc('account.get')).output).toMatchObject({ email: newEmail, emailVerified: true })
    expect((await productMail(api, email, 'Your address was changed')).text).toContain(newEmail)
    await signIn(api, { email: newEmail })
    expect((await openBrowser(api).auth('/sign-in/email', { email, password: PASSWORD })).status).toBe(401)
    expect((await openBrowser(api).auth('/confirm-address', { token })).body).toMatchObject({ code: 'INVALID_TOKEN' })
  })

  test('cannot be agreed to by whoever has an address that was mistyped, nor by another account', async () => {
    const { browser, email } = await newPerson()
    await change(browser, `slip-${email}`)
    const token = tokenIn(await productMail(api, `slip-${email}`, 'Confirm your new address'))
    for (const stranger of [openBrowser(api), (await newPerson()).browser]) {
      expect((await stranger.auth('/confirm-address', { token })).body).toMatchObject({ code: 'SIGN_IN_NEEDED' })
    }
    expect((await browser.trpc('account.get')).output.email).toBe(email)
    expect((await browser.auth('/confirm-address', { token })).status).toBe(200)
  })

  test('keeps the other sessions and the second factor as they are', async () => {
    const { browser, email } = await newPerson()
    const other = await signIn(api, { email })
    const { body: begun } = await browser.auth('/two-factor/enable', { password: PASSWORD })
    await browser.auth('/two-factor/verify-totp', { code: codeOf(begun.totpURI) })
    await change(browser, `new-${email}`)
    const token = tokenIn(await productMail(api, `new-${email}`, 'Confirm your new address'))
    expect((await browser.auth('/confirm-address', { token })).status).toBe(200)
    expect((await other.trpc('account.get')).output).toMatchObject({ email: `new-${email}`, hasSecondFactor: true })
    const fresh = await openBrowser(api).auth('/sign-in/email', { email: `new-${email}`, password: PASSWORD })
    expect(fresh.body).toMatchObject({ twoFactorRedirect: true })
  })

  test('ends the links that were mailed to the old address', async () => {
    const { browser, email } = await newPerson()
    const newEmail = `new-${email}`
    const late = await resetToken(email)
    await change(browser, newEmail)
    const token = tokenIn(await productMail(api, newEmail, 'Confirm your new address'))
    await change(browser, `other-${email}`)
    const other = tokenIn(await productMail(api, `other-${email}`, 'Confirm your new address'))
    expect((await browser.auth('/confirm-address', { token })).status).toBe(200)
    expect((await reset(late)).body).toMatchObject({ code: 'INVALID_TOKEN' })
    expect((await browser.auth('/confirm-address', { token: other })).body).toMatchObject({ code: 'INVALID_TOKEN' })
    await signIn(api, { email: newEmail })
  })

  test('that happens while a reset is being asked for leaves no link to the old address', async () => {
    const { email, userId } = await newPerson()
    await api.db.transaction().execute(async (trx) => {
      await sql`update auth.users set email = ${`new-${email}`} where id = ${userId}`.execute(trx)
      await openBrowser(api).auth('/request-password-reset', { email })
      // It has found the account under the old address, and waits.
      await vi.waitFor(async () => {
        const { rows } = await sql`
          select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%for share%'
        `.execute(api.db)
        expect(rows).toHaveLength(1)
      }, 10_000)
    })
    await openBrowser(api).auth('/request-password-reset', { email: `new-${email}` })
    await productMail(api, `new-${email}`, 'Reset your password')
    expect((await productMails(api, email)).map(({ subject }) => subject)).not.toContain('Reset your password')
  })

  test('dies with the password that asked for it', async () => {
    const { browser, email } = await newPerson()
    await change(browser, `new-${email}`)
    const token = tokenIn(await productMail(api, `new-${email}`, 'Confirm your new address'))
    await browser.auth('/change-password', { currentPassword: PASSWORD, newPassword: NEW })
    expect((await openBrowser(api).auth('/confirm-address', { token })).body).toMatchObject({ code: 'INVALID_TOKEN' })
    expect((await browser.trpc('account.get')).output.email).toBe(email)
  })

  test('to somebody else’s is answered the same, and does nothing', async () => {
    const mine = await newPerson()
    const theirs = await newPerson()
    expect((await change(mine.browser, theirs.email)).body).toEqual({ status: true })
    await productMail(api, theirs.email, 'You have an account already')
    expect((await mine.browser.trpc('account.get')).output.email).toBe(mine.email)
    const subjects = (await productMails(api, theirs.email)).map(({ subject }) => subject)
    expect(subjects).not.toContain('Confirm your new address')
  })

  test('loses to whoever got an account with that address meanwhile', async () => {
    const { browser, email } = await newPerson()
    const wanted = `wanted-${email}`
    await change(browser, wanted)
    const token = tokenIn(await productMail(api, wanted, 'Confirm your new address'))
    await newMember(api, { projectId, role: 'member', email: wanted })
    expect((await browser.auth('/confirm-address', { token })).body).toMatchObject({ code: 'INVALID_TOKEN' })
  })
})

describe('a link that works no more cannot be read in the mail that brought it', () => {
  const isBlanked = (email: string, token: string) =>
    vi.waitFor(async () => {
      const mails = await productMails(api, email)
      expect(mails.length).toBeGreaterThan(0)
      expect(JSON.stringify(mails)).not.toContain(token)
    }, 10_000)

  test('when it was used, nor those that it ended', async () => {
    const { email } = await newPerson()
    const [first, second] = [await resetToken(email), await nextResetToken(email)]
    expect((await reset('x'.repeat(43))).status).toBe(400)
    expect((await reset(second)).status).toBe(200)
    await isBlanked(email, first)
    await isBlanked(email, second)
  })

  test('when it confirmed an address', async () => {
    const { browser, email } = await newPerson()
    await browser.auth('/change-address', { newEmail: `new-${email}`, password: PASSWORD })
    const token = tokenIn(await productMail(api, `new-${email}`, 'Confirm your new address'))
    await browser.auth('/confirm-address', { token })
    await isBlanked(`new-${email}`, token)
  })

  test('when a new password was set in another way', async () => {
    const { browser, email } = await newPerson()
    const token = await resetToken(email)
    await browser.auth('/change-password', { currentPassword: PASSWORD, newPassword: NEW })
    await isBlanked(email, token)
  })

  /** That of a second mail. */
  async function nextResetToken(email: string): Promise<string> {
    await openBrowser(api).auth('/request-password-reset', { email })
    return vi.waitFor(async () => {
      const mails = (await productMails(api, email)).filter(({ subject }) => subject === 'Reset your password')
      expect(mails).toHaveLength(2)
      return tokenIn(mails[1]!)
    }, 10_000)
  }
})
