import { Piscina } from 'piscina'
import { RENDER_LIMITS } from './limits.ts'
import type { MadeHtml } from './mjml-thread.ts'

const NO_DOCUMENT = '<mjml><mj-body></mj-body></mjml>'
const START_MS = 30_000

let pool: Piscina<string, MadeHtml> | undefined
let turn: Promise<unknown> = Promise.resolve()
let waiting = 0

/** So many documents wait that one more would wait too long. */
export class MjmlBusyError extends Error {}

/**
 * Makes HTML of MJML in a thread, which is ended where it takes too long: MJML never lets others work in between, and
 * some documents keep it busy for minutes. One document at a time, and each has its whole time to itself.
 */
export async function htmlInThread(mjml: string): Promise<MadeHtml> {
  if (waiting >= RENDER_LIMITS.mjmlWaiting) throw new MjmlBusyError()
  waiting += 1
  const made = turn.then(() => run(mjml))
  turn = made.catch(() => undefined)
  try {
    return await made
  } finally {
    waiting -= 1
  }
}

async function run(mjml: string): Promise<MadeHtml> {
  pool ??= new Piscina({
    filename: new URL('mjml-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: RENDER_LIMITS.mjmlMemoryMb },
  })
  // A thread that is new has its time to read MJML itself.
  if (pool.threads.length === 0) await pool.run(NO_DOCUMENT, { signal: AbortSignal.timeout(START_MS) })
  const signal = AbortSignal.timeout(RENDER_LIMITS.mjmlMs)
  try {
    return await pool.run(mjml, { signal })
  } catch (error) {
    if (signal.aborted) {
      throw new Error(`It takes MJML longer than ${RENDER_LIMITS.mjmlMs} ms.`, { cause: error })
    }
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      throw new Error('It takes MJML too much memory.', { cause: error })
    }
    throw error
  }
}
