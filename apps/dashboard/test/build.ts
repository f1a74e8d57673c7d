import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const PACKAGE = join(import.meta.dirname, '..')
const VITE = join(PACKAGE, 'node_modules/vite/bin/vite.js')

export interface TestBuild {
  folder: string
  remove(): Promise<void>
}

/** Builds the dashboard into a folder of its own, beside the one that a server may be running with. */
export async function buildDashboard(): Promise<TestBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-dashboard-'))
  await promisify(execFile)(process.execPath, [VITE, 'build', '--outDir', folder, '--emptyOutDir'], {
    cwd: PACKAGE,
    // The test runner's own would make it a build for development.
    env: { ...process.env, NODE_ENV: 'production' },
  })
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
