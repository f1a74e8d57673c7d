import { LIMITS } from '@posthorn/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testInstance, type TestInstance } from '../../test/instance.ts'
import type { Context } from '../context.ts'
import { renderBudget, unhurried } from './render-budget.ts'

let instance: TestInstance
let ctx: Context

beforeAll(async () => {
  instance = await testInstance()
})
afterAll(() => instance.close())
beforeEach(async () => {
  ctx = (await instance.project()).context()
})

const PIECE_MS = 100

/** Works for so long, and not only waits. */
function work(): void {
  const before = process.threadCpuUsage()
  const used = () => {
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
  while (used() < PIECE_MS);
}

const pieces = LIMITS.renderRequestMs / PIECE_MS

test('all mails of a request together have so much time, and each adds to it', async () => {
  const budget = renderBudget(ctx, 100)
  for (let done = 0; done < pieces * 1.5; done += 1) await budget(work)
  await expect(
    (async () => {
      for (;;) await budget(work)
    })(),
  ).rejects.toMatchObject({ code: 'TEMPLATE_INVALID', suggestion: expect.any(String) })
})

test('others have their turn between pieces that take long', async () => {
  let turns = 0
  const ticks = setInterval(() => (turns += 1), 1)
  const pace = unhurried(ctx)
  for (let done = 0; done < 5; done += 1) await pace(work)
  clearInterval(ticks)
  expect(turns).toBeGreaterThanOrEqual(4)
})

test('a piece that fails counts all the same', async () => {
  const budget = renderBudget(ctx, 0)
  const failing = async () =>
    budget(() => {
      work()
      throw new Error('a mistake')
    })
  for (let done = 0; done < pieces; done += 1) await expect(failing()).rejects.toThrow('a mistake')
  await expect(failing()).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' })
})
