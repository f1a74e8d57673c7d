import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

// In order: the SDK is printed from the document that the contracts give.
const GENERATORS = ['packages/contracts/scripts/write-openapi.ts', 'packages/sdk/scripts/generate.ts']

const root = join(import.meta.dirname, '..')
for (const script of GENERATORS) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...process.argv.slice(2)], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
