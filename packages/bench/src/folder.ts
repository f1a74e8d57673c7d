import { chmodSync, mkdirSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memoryFileSystems = new Set([0x01021994, 0x858458f6])

/** A folder for this run, on a disk: in a file system of memory fsync would cost nothing. */
export function makeRunFolder(): string {
  const beside = join(import.meta.dirname, '../node_modules/.cache')
  mkdirSync(beside, { recursive: true })
  const parent = [tmpdir(), beside].find((folder) => !memoryFileSystems.has(statfsSync(folder).type))
  if (parent === undefined) throw new Error('There is no disk here: set TMPDIR to a folder on one')
  const folder = mkdtempSync(join(parent, 'posthorn-bench-'))
  // PostgreSQL runs as somebody else when we are root.
  chmodSync(folder, 0o755)
  return folder
}
