import { setImmediate } from 'node:timers/promises'
import { LIMITS } from '@posthorn/contracts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { STRETCH_MS } from './render-turns.ts'

/** Does one piece of work, and lets others have the thread before it where the pieces before took long. */
export type Paced = <Result>(work: () => Result) => Promise<Result>

/** For work whose pieces are few or known to be short. */
export const unhurried = (ctx: Context): Paced => paced(ctx, Number.POSITIVE_INFINITY)

/** For all mails of one request together: each may be slow, but not all of them. */
export const renderBudget = (ctx: Context, mails: number): Paced =>
  paced(ctx, LIMITS.renderRequestMs + mails * LIMITS.renderRequestMsPerMail)

/** Counts what this thread works, so that nobody is refused because the machine is busy. */
function paced({ runtime, actor, db, ended }: Context, limitMs: number): Paced {
  let usedMs = 0
  let stretchMs = 0
  const turn = {
    of: actor.projectId,
    since: performance.now(),
    signal: ended?.(),
    canWait: !db.isTransaction,
    onUsed(ms: number) {
      usedMs += ms
      stretchMs += ms
    },
  }
  return async (work) => {
    if (usedMs > limitMs) throw tooMuch(limitMs)
    if (stretchMs > STRETCH_MS) {
      stretchMs = 0
      await setImmediate()
    }
    return runtime.inRenderTurn(turn, work)
  }
}

function tooMuch(limitMs: number): ApiError {
  const message = `Filling in the mails of this request takes more than ${limitMs} ms of work.`
  return new ApiError('TEMPLATE_INVALID', message, {
    errors: [{ field: 'body', message, code: 'template' }],
    suggestion: 'Send to fewer recipients with one request, or make the loops of the template shorter.',
  })
}
