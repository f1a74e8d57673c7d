import { buildDashboard } from '@posthorn/dashboard/build'
import type { TestProject } from 'vitest/node'
import { launchChromium } from '../src/browser/launch.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Why there is nothing to test with, if so. */
    browser: { problem: string | undefined }
  }
}

/** Sees that there is a browser, and what it is to show. A problem fails the tests that need them, and no others. */
export default async function setup(project: TestProject): Promise<void> {
  const problem = await Promise.all([
    buildDashboard(),
    launchChromium(process.env['CHROME_PATH']).then((browser) => browser.close()),
  ]).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  project.provide('browser', { problem })
}
