import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format } from 'oxfmt'
import { errorsPage } from '../src/errors-docs.ts'
import { limitsPage } from '../src/limits-docs.ts'
import { openApiDocument } from '../src/openapi.ts'

const docs = join(import.meta.dirname, '../../../docs')
const limits = await format('limits.md', limitsPage())
const errors = await format('errors.md', errorsPage())

const files = [
  { path: 'openapi.json', content: `${JSON.stringify(openApiDocument(), null, 2)}\n` },
  { path: 'limits.md', content: limits.code },
  { path: 'errors.md', content: errors.code },
]

if (process.argv.includes('--check')) {
  const current = await Promise.all(files.map(({ path }) => readFile(join(docs, path), 'utf8').catch(() => undefined)))
  const stale = files.filter(({ content }, index) => content !== current[index]).map(({ path }) => `docs/${path}`)
  if (stale.length > 0) {
    console.error(`Not what the contracts say: ${stale.join(', ')}. Run \`pnpm generate\` and commit what it writes.`)
    process.exit(1)
  }
} else {
  for (const { path, content } of files) await writeFile(join(docs, path), content)
}
