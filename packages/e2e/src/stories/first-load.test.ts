import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DASHBOARD_FOLDER } from '@posthorn/dashboard/built'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from '../browser/routes.ts'
import { visit } from '../browser/visit.ts'
import { REFUSED } from '../browser/watch.ts'
import { OLIVE, newProject, setUp } from '../posthorn/people.ts'
import { startPosthorn, type Posthorn } from '../posthorn/start.ts'

const MOST_BYTES = 250_000

let posthorn: Posthorn
let projectId: string

beforeAll(async () => {
  posthorn = await startPosthorn()
  const { project } = await newProject(posthorn, 'Acme')
  projectId = project.id
  await setUp(posthorn)
})
afterAll(() => posthorn?.stop())

interface Script {
  name: string
  /** Compressed with gzip. */
  bytes: number
}

/** All scripts that a page has loaded when it has come to rest, largest first. */
async function scriptsOf(path: string, isSignedIn: boolean): Promise<Script[]> {
  const page = await visit(posthorn, path, { isOwn: true, ...(isSignedIn ? { as: OLIVE } : { expected: [REFUSED] }) })
  await settle(page)
  await page.waitForLoadState('networkidle')
  const loaded = await page.evaluate<string[]>('performance.getEntriesByType("resource").map(({ name }) => name)')
  const names = new Set(loaded.map((url) => new URL(url).pathname).filter((name) => name.endsWith('.js')))
  const sizeOf = async (name: string) => (await stat(join(DASHBOARD_FOLDER, `${name}.gz`))).size
  const scripts = await Promise.all([...names].map(async (name) => ({ name, bytes: await sizeOf(name) })))
  return scripts.toSorted((a, b) => b.bytes - a.bytes)
}

const fitsBudget = (scripts: Script[]) => scripts.reduce((sum, { bytes }) => sum + bytes, 0) < MOST_BYTES

test.each([
  ['the sign-in', '/sign-in', false],
  ['the start of a project', '/p/$projectId', true],
  ['the emails', '/p/$projectId/emails', true],
  ['the API keys', '/p/$projectId/settings/keys', true],
])('%s loads less than 250 kB of JavaScript', async (_name, path, isSignedIn) => {
  const scripts = await scriptsOf(path.replace('$projectId', projectId), isSignedIn)
  expect(scripts.length).toBeGreaterThan(1)
  expect(scripts).toSatisfy(fitsBudget)
})
