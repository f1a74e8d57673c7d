import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsRows } from './page.ts'

test('docs/configuration.md lists every setting with its default and its meaning', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')
  const listed = page.split('\n').filter((line) => /^\| `[A-Z_]+` +\|/.test(line))
  expect(listed.map(cells)).toEqual(settingsRows().map(cells))
})

/** The formatter pads tables; the cells are what counts. */
const cells = (row: string) => row.split('|').map((cell) => cell.trim())
