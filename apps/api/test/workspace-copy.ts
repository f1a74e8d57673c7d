import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { COMPILE_CACHE } from '@posthorn/testkit/compile-cache'
import { TEST_POSTGRES } from '@posthorn/testkit/database'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const NOT_SOURCE = new Set(['.cache', '.data', '.turbo', '.git', 'dist'])

export interface WorkspaceCopy {
  /** The path of a file in the copy. */
  path(file: string): string
  edit(file: string, change: (text: string) => string): Promise<void>
  /** Runs a script with Node, or a program of the workspace by its name; answers how it ended and what it said. */
  run(program: string, ...args: string[]): Promise<{ status: number; output: string }>
}

/** All packages and apps in a folder of their own that a test may change. Libraries are those of the checkout. */
export async function copyWorkspace(): Promise<WorkspaceCopy> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'posthorn-workspace-')))
  onTestFinished(() => rm(folder, { recursive: true }))
  const entries = (await readdir(ROOT)).filter((name) => name !== 'node_modules' && !NOT_SOURCE.has(name))
  for (const name of entries) {
    await cp(join(ROOT, name), join(folder, name), {
      recursive: true,
      // The links between packages are relative, so those of the copy lead into the copy.
      verbatimSymlinks: true,
      filter: (source) => !NOT_SOURCE.has(basename(source)),
    })
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const path = (file: string) => join(folder, file)
  // Tests that are run in the copy find the PostgreSQL of this run, and need not start another.
  await writeFile(path('vitest.globalSetup.ts'), 'export default () => {}\n')
  return {
    path,
    edit: async (file, change) => writeFile(path(file), change(await readFile(path(file), 'utf8').catch(() => ''))),
    run: (program, ...args) =>
      new Promise((resolve) => {
        const command = program.endsWith('.ts')
          ? [process.execPath, path(program)]
          : [path(`node_modules/.bin/${program}`)]
        const [file = '', ...before] = command
        const { HOME, PATH, [TEST_POSTGRES]: postgres } = process.env
        const env = { HOME, PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, [TEST_POSTGRES]: postgres }
        execFile(file, [...before, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
          resolve({ status: error === null ? 0 : 1, output: stdout + stderr }),
        )
      }),
  }
}
