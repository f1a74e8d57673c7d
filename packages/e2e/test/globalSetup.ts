import { buildDashboard } from '@posthorn/dashboard/build'
import type { TestProject } from 'vitest/node'
import { launchChromium } from '../src/browser/launch.ts'

/** Where the browser of the whole run takes commands, or why there is none. */
export type BrowserPlace = { endpoint: string } | { problem: string }

declare module 'vitest' {
  export interface ProvidedContext {
    browser: BrowserPlace
  }
}

/** One browser for the whole run. A problem fails the tests that need it, and no others. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    await buildDashboard()
    const server = await launchChromium(process.env['CHROME_PATH'])
    project.provide('browser', { endpoint: server.wsEndpoint() })
    return () => server.close()
  } catch (error) {
    project.provide('browser', { problem: error instanceof Error ? error.message : String(error) })
    return undefined
  }
}
