import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../../..')

test('once installed, the commands of the README ask no registry', { timeout: 60_000 }, async () => {
  const cache = await mkdtemp(join(tmpdir(), 'posthorn-offline-'))
  onTestFinished(() => rm(cache, { recursive: true, force: true }))
  const nowhere = 'http://127.0.0.1:1/'
  const { stdout } = await run('npx', ['--yes', 'pnpm@12', 'posthorn', '--help'], {
    cwd: ROOT,
    env: { ...process.env, npm_config_registry: nowhere, npm_config_cache: cache, npm_config_fetch_retries: '0' },
  })
  expect(stdout).toContain('Usage: posthorn')
})
