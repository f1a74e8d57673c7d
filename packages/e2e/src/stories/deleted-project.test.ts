import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { deletedProject } from '../posthorn/deleted.ts'
import { OLIVE, join, newProject, setUp } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

let posthorn: Posthorn
let projectId: string
let deletedId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  projectId = (await newProject(posthorn, 'Acme')).project.id
  await setUp(posthorn)
  deletedId = await deletedProject(posthorn)
})
afterAll(() => posthorn?.stop())

test('the owner of the instance finds a deleted project, reads what was done in it, and exports that', async () => {
  const page = await visit(posthorn, '/instance', { as: OLIVE })
  await page.getByRole('table', { name: 'Deleted projects' }).getByRole('link', { name: 'Gone' }).click()
  await page.getByRole('heading', { level: 1, name: 'Gone' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/instance/deleted/${deletedId}`)
  const acts = page.getByRole('table', { name: 'Entries' }).getByRole('button')
  await expect
    .poll(() => acts.allTextContents())
    .toEqual([expect.stringContaining('deleted the project'), expect.stringContaining('created the project “Gone”')])
  await acts.first().click()
  await page.getByRole('dialog', { name: 'Entry' }).getByText('Project deleted (project.deleted)').waitFor()
  await page.keyboard.press('Escape')

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toContain(deletedId)
  const [, ...lines] = (await text(await download.createReadStream())).trimEnd().split('\r\n')
  expect(lines.map((line) => line.split(',')[5])).toEqual(['project.deleted', 'project.created'])
})

test('a project that lives is not at such an address, and nothing is for others', async () => {
  const owner = await visit(posthorn, `/instance/deleted/${projectId}`, { as: OLIVE, expected: [REFUSED] })
  await owner.getByRole('heading', { name: 'No such deleted project' }).waitFor()

  const max = await join(posthorn, { projectId, role: 'owner', name: 'Max Member', email: 'max@example.com' })
  const page = await visit(posthorn, `/instance/deleted/${deletedId}`, { as: max })
  await page.getByText('Only the owner of this Posthorn sees this page').waitFor()
})
