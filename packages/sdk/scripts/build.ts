import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleBrowser } from './bundle-browser.ts'

const sdk = join(import.meta.dirname, '..')
const compiler = join(sdk, 'node_modules/typescript/bin/tsc')

rmSync(join(sdk, 'dist'), { recursive: true, force: true })
for (const project of ['tsconfig.build.json', 'tsconfig.cjs.json']) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', join(sdk, project)], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
// The package says that its .js files are modules; these are not.
writeFileSync(join(sdk, 'dist/cjs/package.json'), '{ "type": "commonjs" }\n')
// For pages without a build step.
writeFileSync(join(sdk, 'dist/browser.min.mjs'), await bundleBrowser('esm'))
writeFileSync(join(sdk, 'dist/browser.min.js'), await bundleBrowser('iife'))
