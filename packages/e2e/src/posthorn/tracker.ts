import { join } from 'node:path'

interface Bundler {
  bundleBrowser(format: 'esm' | 'iife'): Promise<string>
}

/** The tracker for browsers as a script, as it is packed. */
export async function trackerScript(): Promise<string> {
  const bundler = join(import.meta.dirname, '../../../sdk/scripts/bundle-browser.ts')
  return ((await import(bundler)) as Bundler).bundleBrowser('iife')
}
