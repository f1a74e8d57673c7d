import { expect, test } from 'vitest'
import { launchChromium } from './launch.ts'

test('where no Chromium runs one sentence says so, and what to do', async () => {
  const launching = launchChromium('/nowhere/chromium')
  await expect(launching).rejects.toThrow(
    /^The browser tests need a Chromium and none runs here: install one or set CHROME_PATH to one \(CHROME_PATH: .+\)\.$/,
  )
})
