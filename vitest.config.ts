import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './vitest.sequencer.ts'

const projects = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const root = join(import.meta.dirname, folder, name)
      const globalSetup = [join(root, 'test/globalSetup.ts')].filter((file) => existsSync(file))
      const include = ['{src,test,scripts}/**/*.test.{ts,tsx}']
      // A story is many steps before a browser. Nothing else takes long, but machines can be half as fast as others.
      const testTimeout = name === 'e2e' ? 90_000 : 40_000
      // A browser may meet a machine that is busy with something else: once more before it counts.
      const retry = name === 'e2e' ? 1 : 0
      return { extends: true as const, root, test: { name, include, globalSetup, testTimeout, retry } }
    }),
)

export default defineConfig({
  test: {
    projects,
    globalSetup: './vitest.globalSetup.ts',
    reporters: ['default', './vitest.reporter.ts'],
    pool: 'forks',
    // The files of a project share modules, which take longer to load than most tests do: a test leaves no global
    // behind, and what it changes for itself it gives back.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Tests mostly wait: for PostgreSQL, SMTP, processes and a browser. One worker more than cores keeps those busy.
    maxWorkers: availableParallelism() + 1,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
})
