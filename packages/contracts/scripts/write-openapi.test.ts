import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

// A copy, so that nothing is ever written into the checkout.
const folder = mkdtempSync(join(tmpdir(), 'posthorn-contracts-'))
const contracts = join(folder, 'packages/contracts')
mkdirSync(join(folder, 'docs'))
for (const name of ['src', 'scripts', 'package.json']) {
  cpSync(join(import.meta.dirname, '..', name), join(contracts, name), { recursive: true })
}
symlinkSync(join(import.meta.dirname, '../node_modules'), join(contracts, 'node_modules'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(contracts, 'scripts/write-openapi.ts'), ...args], { encoding: 'utf8' })

test('--check says which documents are stale and writes nothing; without it they are made current', () => {
  writeFileSync(join(folder, 'docs/openapi.json'), '{}\n')
  const stale = run('--check')
  expect(stale.stderr).toBe(
    'Not what the contracts say: docs/openapi.json, docs/limits.md, docs/errors.md. Run `pnpm generate` and commit what it writes.\n',
  )
  expect(stale.status).toBe(1)
  expect(readFileSync(join(folder, 'docs/openapi.json'), 'utf8')).toBe('{}\n')
  expect(run().status).toBe(0)
  expect(run('--check')).toMatchObject({ status: 0, stderr: '' })
  expect(readFileSync(join(folder, 'docs/limits.md'), 'utf8')).toContain('| mails in one batch ')
  expect(readFileSync(join(folder, 'docs/errors.md'), 'utf8')).toContain('`VALIDATION_ERROR`')
})
