import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settingsRows } from './page.ts'
import { rateLimitRows } from './rate-limits.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/configuration.md'), 'utf8')

test('docs/configuration.md lists every setting with its default and its meaning', () => {
  const listed = page.split('\n').filter((line) => /^\| `[A-Z\d_]+` +\|/.test(line))
  expect(listed.map(cells)).toEqual(settingsRows().map(cells))
})

test('and every rate limit with its default', () => {
  const listed = page.split('\n').filter((line) => /^\| `[a-z]+` +\| `\d+\/\d+`/.test(line))
  expect(listed.map(cells)).toEqual(rateLimitRows().map(cells))
})

/** The formatter pads tables; the cells are what counts. */
const cells = (row: string) => row.split('|').map((cell) => cell.trim())
