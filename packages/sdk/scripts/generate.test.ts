import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operationList } from '@posthorn/contracts'
import { afterAll, expect, test } from 'vitest'
import { readDocument } from './document.ts'

// A copy, so that nothing is ever written into the checkout.
const folder = mkdtempSync(join(tmpdir(), 'posthorn-sdk-generator-'))
const sdk = join(folder, 'packages/sdk')
mkdirSync(sdk, { recursive: true })
cpSync(join(import.meta.dirname, '../../../.oxfmtrc.json'), join(folder, '.oxfmtrc.json'))
for (const name of ['scripts', 'src', 'api.md', 'package.json']) {
  cpSync(join(import.meta.dirname, '..', name), join(sdk, name), { recursive: true })
}
symlinkSync(join(import.meta.dirname, '../node_modules'), join(sdk, 'node_modules'))
afterAll(() => rmSync(folder, { recursive: true }))

const generate = (...args: string[]) =>
  spawnSync(process.execPath, [join(sdk, 'scripts/generate.ts'), ...args], { encoding: 'utf8' })

test('--check names files that were edited, removed or left over; without it they are made right', () => {
  expect(generate()).toMatchObject({ status: 0, stderr: '' })
  const emails = readFileSync(join(sdk, 'src/generated/emails.ts'), 'utf8')
  writeFileSync(join(sdk, 'src/generated/emails.ts'), `${emails}// edited\n`)
  writeFileSync(join(sdk, 'src/generated/parcels.ts'), 'export {}\n')
  rmSync(join(sdk, 'api.md'))
  const stale = generate('--check')
  expect(stale.status).toBe(1)
  expect(stale.stderr).toBe(
    'Not what the contracts say: packages/sdk/src/generated/emails.ts, packages/sdk/api.md, packages/sdk/src/generated/parcels.ts. Run `pnpm generate` and commit what it writes.\n',
  )
  expect(generate().status).toBe(0)
  expect(existsSync(join(sdk, 'src/generated/parcels.ts'))).toBe(false)
  expect(readFileSync(join(sdk, 'src/generated/emails.ts'), 'utf8')).toBe(emails)
  expect(generate('--check')).toMatchObject({ status: 0, stderr: '' })
})

const api = readDocument()

test.each(operationList)('$name is a method that calls its address in one line', (operation) => {
  const method = api.nouns
    .find(({ name }) => name === operation.noun)!
    .methods.find(({ verb }) => verb === operation.verb)
  expect(method).toMatchObject({
    http: operation.rest.method,
    path: operation.rest.path,
    takesKey: operation.rest.method !== 'GET' && operation.secretAnswer !== true && operation.takes === undefined,
    takesFile: operation.takes !== undefined,
    isWrapped: operation.envelope === 'plunk',
    isPaged: 'hasMore' in operation.output.shape,
  })
  const source = readFileSync(join(import.meta.dirname, `../src/generated/${operation.noun}.ts`), 'utf8')
  expect(source).toMatch(new RegExp(`\\n  ${operation.verb}\\(.*\\n    return this\\.#api\\..*\\n  }\\n`))
})
