import { existsSync } from 'node:fs'
import { bundledChromium } from './bundled.ts'

export interface Chromium {
  name: string
  executablePath: string
  /** What it needs in its environment besides what is there. */
  env?: Record<string, string>
}

/** Where systems and people install one. */
const WELL_KNOWN = [
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/microsoft-edge-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** In the order in which to try them; the one from npm is unpacked only when it is its turn. */
export function candidates(chosen: string | undefined): (() => Promise<Chromium>)[] {
  if (chosen !== undefined) return [() => Promise.resolve({ name: 'CHROME_PATH', executablePath: chosen })]
  const installed = WELL_KNOWN.filter((path) => existsSync(path))
  return [
    ...installed.map((executablePath) => () => Promise.resolve({ name: executablePath, executablePath })),
    bundledChromium,
  ]
}
