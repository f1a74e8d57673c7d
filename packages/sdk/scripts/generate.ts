import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format, type FormatOptions } from 'oxfmt'
import { readDocument } from './document.ts'
import { printMap } from './print-map.ts'
import { printClient, printResource } from './print-methods.ts'
import { printTypes } from './print-types.ts'

const sdk = join(import.meta.dirname, '..')
const GENERATED = 'src/generated'

const api = readDocument()
const NOTE = '// Generated from the contracts by `pnpm generate`. Do not edit.\n\n'
const files = new Map<string, string>()
const print = async (path: string, text: string) => files.set(path, await tidy(path, text))
await print(`${GENERATED}/types.ts`, NOTE + printTypes(api))
for (const noun of api.nouns) await print(`${GENERATED}/${noun.name}.ts`, NOTE + printResource(noun))
await print(`${GENERATED}/posthorn.ts`, NOTE + printClient(api))
await print(`${GENERATED}/version.ts`, `${NOTE}export const VERSION = '${api.version}'`)
await print('api.md', printMap(api))

if (process.argv.includes('--check')) {
  const stale = await findStale()
  if (stale.length > 0) {
    const names = stale.map((path) => `packages/sdk/${path}`).join(', ')
    console.error(`Not what the contracts say: ${names}. Run \`pnpm generate\` and commit what it writes.`)
    process.exit(1)
  }
} else {
  await mkdir(join(sdk, GENERATED), { recursive: true })
  for (const [path, text] of files) await writeFile(join(sdk, path), text)
  for (const path of await findStale()) await rm(join(sdk, path))
}

async function tidy(path: string, text: string): Promise<string> {
  const style = JSON.parse(await readFile(join(sdk, '../../.oxfmtrc.json'), 'utf8')) as FormatOptions
  const { code, errors } = await format(path, text, style)
  if (errors.length > 0) throw new Error(`${path} cannot be formatted: ${errors[0]?.message}\n${text}`)
  return code
}

/** Files that differ, are missing, or belong to a noun that is no more. */
async function findStale(): Promise<string[]> {
  const there = await readdir(join(sdk, GENERATED)).catch(() => [])
  const paths = new Set([...files.keys(), ...there.map((name) => `${GENERATED}/${name}`)])
  const current = await Promise.all(
    [...paths].map(
      async (path) => (await readFile(join(sdk, path), 'utf8').catch(() => undefined)) === files.get(path),
    ),
  )
  return [...paths].filter((_, index) => !current[index])
}
