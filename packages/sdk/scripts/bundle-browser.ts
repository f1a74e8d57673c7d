import { join } from 'node:path'
import { rolldown } from 'rolldown'

const SOURCE = join(import.meta.dirname, '../src/browser.ts')

/** The tracker for browsers as one small file: a module, or a script that makes `posthorn.createTracker`. */
export async function bundleBrowser(format: 'esm' | 'iife'): Promise<string> {
  const bundle = await rolldown({ input: SOURCE, logLevel: 'warn' })
  try {
    const { output } = await bundle.generate({ format, name: 'posthorn', minify: true })
    return output[0].code
  } finally {
    await bundle.close()
  }
}
