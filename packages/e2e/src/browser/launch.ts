import { chromium, type Browser } from 'playwright-core'
import { candidates, type Chromium } from './candidates.ts'

const START_MS = 20_000

/**
 * Starts the first Chromium that runs here: `chosen` if given, else an installed one, else the one from npm. Rejects
 * with one sentence that names what was tried.
 */
export async function launchChromium(chosen: string | undefined): Promise<Browser> {
  const failures: string[] = []
  for (const candidate of candidates(chosen)) {
    try {
      return await launch(await candidate())
    } catch (error) {
      failures.push(firstLine(error))
    }
  }
  throw new Error(
    `The browser tests need a Chromium and none runs here: install one or set CHROME_PATH to one (${failures.join('; ')}).`,
  )
}

async function launch({ name, executablePath, env = {} }: Chromium): Promise<Browser> {
  const start = (chromiumSandbox: boolean) =>
    chromium.launch({
      executablePath,
      chromiumSandbox,
      timeout: START_MS,
      env: { ...process.env, ...env },
      // Containers give little shared memory; and what one page of somebody has compiled serves the next.
      args: ['--disable-dev-shm-usage', '--process-per-site'],
    })
  try {
    // Chromium refuses to be sandboxed as root; and a container may forbid the namespaces that the sandbox is made of.
    if (process.getuid?.() === 0) return await start(false)
    return await start(true).catch((error: unknown) => {
      if (!/sandbox|namespace/i.test(String(error))) throw error
      return start(false)
    })
  } catch (error) {
    throw new Error(`${name}: ${firstLine(error)}`, { cause: error })
  }
}

/** Playwright adds a whole log to its messages; the first line that says why is enough. */
function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n')
  return lines.find((line) => /error while loading|Permission denied|ENOENT|not found/i.test(line)) ?? lines[0] ?? ''
}
