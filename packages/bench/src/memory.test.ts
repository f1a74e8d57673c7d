import { spawn } from 'node:child_process'
import { expect, onTestFinished, test, vi } from 'vitest'
import { memoryOfTrees } from './memory.ts'

test('descendants are counted with their root', async () => {
  const hold = 'globalThis.kept = Buffer.alloc(100e6, 1); process.stdin.resume()'
  const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hold)}], { stdio: ['pipe', 'inherit', 'inherit'] }); process.stdin.resume()`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'inherit', 'inherit'] })
  onTestFinished(() => void child.kill())
  await vi.waitFor(() => expect(memoryOfTrees([child.pid ?? 0])).toBeGreaterThan(130), {
    timeout: 10_000,
    interval: 100,
  })
})
