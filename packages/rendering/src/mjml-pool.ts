import type { Piscina } from 'piscina'
import { RENDER_LIMITS } from './limits.ts'
import type { MadeHtml } from './mjml-thread.ts'
import { BusyError, takingTurns, type Turn } from './turns.ts'

const NO_DOCUMENT = '<mjml><mj-body></mj-body></mjml>'
const START_MS = 30_000

let pool: Piscina<string, MadeHtml> | undefined

const inTurn = takingTurns({
  waitingEach: RENDER_LIMITS.mjmlWaiting,
  waitingInAll: RENDER_LIMITS.mjmlWaitingInAll,
})

/**
 * Makes HTML of MJML in a thread, which is ended where it takes too long: MJML never lets others work in between, and
 * some documents keep it busy for minutes. One document at a time, and each has its whole time to itself. Throws BusyError.
 */
export const htmlInThread = (mjml: string, turn: Turn): Promise<MadeHtml> => inTurn(turn, () => run(mjml))

async function run(mjml: string): Promise<MadeHtml> {
  // Documents in MJML are few, and what runs them takes long to load.
  pool ??= new (await import('piscina')).Piscina({
    filename: new URL('mjml-thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 60_000,
    resourceLimits: { maxOldGenerationSizeMb: RENDER_LIMITS.mjmlMemoryMb },
  })
  // A thread that is new has its time to read MJML itself.
  if (pool.threads.length === 0) {
    const start = AbortSignal.timeout(START_MS)
    await pool.run(NO_DOCUMENT, { signal: start }).catch((error: unknown) => {
      // The machine is to blame and not the document.
      throw start.aborted ? new BusyError({ isOwn: false }) : error
    })
  }
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
