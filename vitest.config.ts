import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const projects = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      extends: true as const,
      root: join(import.meta.dirname, folder, name),
      test: { name, include: ['{src,test,scripts}/**/*.test.{ts,tsx}'] },
    })),
)

export default defineConfig({
  test: {
    projects,
    globalSetup: './vitest.globalSetup.ts',
    reporters: ['default', './vitest.reporter.ts'],
    pool: 'forks',
    // The default leaves one core free, which on two cores means one worker; tests mostly wait for PostgreSQL and SMTP.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
