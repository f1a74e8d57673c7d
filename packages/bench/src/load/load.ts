import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Processes } from '../processes.ts'
import type { LoadPlan, LoadResult } from './plan.ts'

const requestsEndWithinMs = 120_000
const answersEndWithinMs = 20_000
const program = join(import.meta.dirname, 'main.ts')

export type Load = (plan: Omit<LoadPlan, 'firstMail'>) => Promise<LoadResult>

/** Each call is a process of its own, and its mails are numbered on from those before. */
export function createLoad(processes: Processes): Load {
  let firstMail = 0
  return async (plan) => {
    const generator = await processes.start({ name: 'load', args: [program] })
    const answer = new Promise<LoadResult>((resolve) => {
      // Safe because load/main.ts sends nothing but its result.
      generator.child.once('message', (message) => resolve(message as LoadResult))
    })
    generator.send({ ...plan, firstMail })
    firstMail = (firstMail + 10_000_000) % 900_000_000
    const result = await Promise.race([answer, generator.failure, late(plan)])
    await generator.stop()
    if (result.refused > 0) {
      throw new Error(
        `${result.refused} of ${result.requests} requests were refused, the first with:\n${result.refusal}`,
      )
    }
    return result
  }
}

async function late({ extent }: Pick<LoadPlan, 'extent'>): Promise<never> {
  const planned = 'requests' in extent ? requestsEndWithinMs : extent.warmMs + extent.measureMs
  await sleep(planned + answersEndWithinMs, undefined, { ref: false })
  throw new Error('The load generator did not end: requests stay without an answer')
}
