import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '../contender.ts'
import type { Arrival, Sink } from '../sink/sink.ts'

const stalledAfterMs = 20_000

/** Waits for mails at the sink; gives up when none has arrived for a while or the contender has ended. */
export async function arrivals(
  at: { sink: Sink; stage: Stage },
  messages: { from: number; until: number },
): Promise<Arrival> {
  const done = new AbortController()
  try {
    return await Promise.race([at.sink.expect(messages), at.stage.failure(), stalled(at.sink, done.signal)])
  } finally {
    done.abort()
  }
}

async function stalled(sink: Sink, done: AbortSignal): Promise<never> {
  let count = 0
  let lastProgress = performance.now()
  while (!done.aborted) {
    await sleep(1000, undefined, { signal: done }).catch(() => {})
    if (done.aborted) break
    const now = await sink.count()
    if (now > count) lastProgress = performance.now()
    count = now
    if (performance.now() - lastProgress > stalledAfterMs) {
      throw new Error(`No mail arrived for ${stalledAfterMs / 1000} s; ${count} had arrived before`)
    }
  }
  return await new Promise<never>(() => {})
}
