import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { forgetProofs, join, newProject, setUp } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'
import { seeActivity } from './activity.ts'

let posthorn: Posthorn

beforeAll(async () => {
  posthorn = await startPosthorn()
})
afterAll(() => posthorn?.stop())

/** Gives the page a passkey device that agrees to everything, as one with a finger on it does. */
async function plugIn(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Account of Kay' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
}

test('a passkey is added, lets one in, proves who one is, and is removed, and each shows in Activity', async () => {
  const { project } = await newProject(posthorn, 'Acme')
  await setUp(posthorn)
  const kay = await join(posthorn, { projectId: project.id, role: 'member', name: 'Kay', email: 'kay@example.com' })
  const page = await visit(posthorn, '/account/security', { as: kay, expected: [REFUSED] })
  await plugIn(page)
  await page.getByText('You have no passkey yet.').waitFor()
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('button', { name: 'Delete Chrome on Linux' }).waitFor()
  await seeActivity(page, /Passkey added.*Chrome on Linux/)

  await signOut(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByRole('button', { name: 'Account of Kay' }).waitFor()
  await page.goto('/account/security')
  await seeActivity(page, /Signed in with a passkey/)

  await forgetProofs(posthorn)
  await page.getByRole('link', { name: 'Security' }).click()
  await page.getByRole('button', { name: 'Delete Chrome on Linux' }).click()
  await page.getByRole('button', { name: 'Delete passkey' }).click()
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByText('You have no passkey yet.').waitFor()
  await seeActivity(page, /Passkey removed/)

  await signOut(page)
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.getByText('This passkey belongs to no account here.').waitFor()
  expect(new URL(page.url()).pathname).toBe('/sign-in')
})
