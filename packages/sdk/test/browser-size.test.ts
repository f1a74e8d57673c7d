import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundleBrowser } from '../scripts/bundle-browser.ts'

test.each(['esm', 'iife'] as const)(
  'the tracker for browsers is less than 1,000 bytes, packed, as %s',
  async (format) => {
    const code = await bundleBrowser(format)
    expect(code).toContain('/v1/track/batch')
    expect(gzipSync(code).length).toBeLessThan(1_000)
  },
)
