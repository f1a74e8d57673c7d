import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DASHBOARD_FOLDER } from './built.ts'

const HOME = import.meta.dirname
const ROOT = join(HOME, '../..')

/** What the dashboard is built of. */
const SOURCES = [
  join(HOME, 'src'),
  join(HOME, 'public'),
  join(HOME, 'index.html'),
  join(HOME, 'vite.config.ts'),
  join(HOME, 'package.json'),
  join(ROOT, 'packages/contracts/src'),
  join(ROOT, 'pnpm-lock.yaml'),
]

/** Builds the dashboard, unless it was built since its last change. */
export async function buildDashboard(): Promise<void> {
  const built = await changedAt(join(DASHBOARD_FOLDER, 'index.html')).catch(() => 0)
  const changes = await Promise.all(SOURCES.map(changedAt))
  if (Math.max(...changes) < built) return
  const vite = join(HOME, 'node_modules/vite/bin/vite.js')
  // Tests run as `test`, which would build what React has for developers.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: HOME, env, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('The dashboard could not be built: see above.')
}

/** When a file was last changed, or anything in a folder: also what was deleted, which changes the folder. */
async function changedAt(path: string): Promise<number> {
  const found = await stat(path)
  if (!found.isDirectory()) return found.mtimeMs
  const inside = await readdir(path, { recursive: true })
  const times = await Promise.all(inside.map(async (name) => (await stat(join(path, name))).mtimeMs))
  return Math.max(found.mtimeMs, ...times)
}
