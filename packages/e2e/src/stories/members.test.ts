import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { linkIn, productMail } from '../posthorn/mail.ts'
import { OLIVE, PASSWORD, forgetProofs, join, newProject, setUp } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn
let projectId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  const { project } = await newProject(posthorn, 'Acme')
  projectId = project.id
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

test('who is invited makes an account through the mail, and sees and may what the role says', async () => {
  const olive = await visit(posthorn, `/p/${projectId}/settings/members`, { as: OLIVE })
  await olive.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = olive.getByRole('dialog')
  await dialog.getByLabel('E-mail address').fill('vera@example.com')
  await dialog.getByRole('radio', { name: 'Viewer' }).check()
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  await olive.getByRole('row', { name: /vera@example\.com.*Viewer/ }).waitFor()

  const link = linkIn(await productMail(posthorn, 'vera@example.com', /Acme/))
  const vera = await visit(posthorn, link, { expected: [REFUSED] })
  await vera.getByRole('heading', { name: 'Join Acme' }).waitFor()
  await vera.getByLabel('Your name').fill('Vera Viewer')
  await vera.getByLabel(/^Password/).fill(PASSWORD)
  await vera.getByRole('button', { name: 'Make an account and join' }).click()
  await vera.getByRole('heading', { name: 'Acme', level: 1 }).waitFor()
  // The owner sees her arrive without loading anything anew.
  await olive.getByRole('row', { name: /Vera Viewer/ }).waitFor()

  const pages = vera.getByRole('navigation', { name: 'Pages' })
  await pages.getByRole('link', { name: 'Emails' }).waitFor()
  expect(await pages.getByRole('link', { name: 'Audit log' }).count()).toBe(0)
  expect(await pages.getByRole('link', { name: 'Instance' }).count()).toBe(0)
  await vera.goto(`/p/${projectId}/settings/keys`)
  await vera.getByRole('article', { name: 'Secret key' }).getByText(/••••/).waitFor()
  expect(await vera.getByRole('button', { name: /Reveal|Regenerate|Create API key/ }).count()).toBe(0)
  await vera.goto(`/p/${projectId}/settings/members`)
  await vera.getByRole('row', { name: /Olive Owner/ }).waitFor()
  expect(await vera.getByRole('button', { name: /Invite|^Remove/ }).count()).toBe(0)

  const late = await visit(posthorn, link, { expected: [REFUSED] })
  await late.getByRole('heading', { name: 'This invitation is over' }).waitFor()
})

test('the open tab of somebody who is removed shows the project no more', async () => {
  const max = await join(posthorn, { projectId, role: 'member', name: 'Max Member', email: 'max@example.com' })
  const tab = await visit(posthorn, `/p/${projectId}/emails`, { as: max, expected: [REFUSED] })
  await tab.getByRole('heading', { name: 'Emails', level: 1 }).waitFor()
  const olive = await visit(posthorn, `/p/${projectId}/settings/members`, { as: OLIVE })
  await olive.getByRole('button', { name: 'Remove Max Member' }).click()
  await olive.getByRole('button', { name: 'Remove member' }).click()
  await tab.getByText('You no longer work on this project, or it is gone.').waitFor()
  await tab.getByRole('heading', { name: 'Emails', level: 1 }).waitFor({ state: 'hidden' })
  await tab.goto(`/p/${projectId}/emails`)
  await tab.getByRole('heading', { name: 'No such project' }).waitFor()
})

test('a tab that was left open makes nobody an owner before the password was given again', async () => {
  const olive = await visit(posthorn, `/p/${projectId}/settings/members`, { as: OLIVE, expected: [REFUSED] })
  await forgetProofs(posthorn)
  await olive.getByRole('button', { name: 'Invite somebody' }).click()
  const dialog = olive.getByRole('dialog', { name: 'Invite somebody' })
  await dialog.getByLabel('E-mail address').fill('eve@example.com')
  await dialog.getByRole('radio', { name: 'Owner' }).check()
  await dialog.getByRole('button', { name: 'Send invitation' }).click()
  const proof = olive.getByRole('dialog', { name: 'Confirm that it is you' })
  const password = proof.getByLabel(/^Password/)
  await password.waitFor()
  const invited = posthorn.db.selectFrom('invitations').select('email').where('project_id', '=', projectId)
  expect(await invited.execute()).toEqual([])
  await password.fill(PASSWORD)
  await password.press('Enter')
  await olive.getByRole('row', { name: /eve@example\.com.*Owner/ }).waitFor()
})
