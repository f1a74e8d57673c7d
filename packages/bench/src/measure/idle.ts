import { setTimeout as sleep } from 'node:timers/promises'
import { mailTemplate, numbering } from '../mail.ts'
import { memoryOfTrees } from '../memory.ts'
import { percentile } from '../numbers.ts'
import type { Endpoint, Stage } from '../contender.ts'
import type { Run } from '../run.ts'
import { arrivals } from './arrivals.ts'

/** Everything runs and nothing is asked of it. */
export async function measureMemory(run: Run, stage: Stage): Promise<Record<string, number>> {
  await stage.reset()
  const roots = await stage.startIdle()
  await sleep(run.sizes.idle.settleMs)
  return { memory: memoryOfTrees(roots) }
}

/** Single mails with pauses between them, from the request's start to the message's end at the sink. */
export async function measureLatency(run: Run, stage: Stage): Promise<Record<string, number>> {
  const { warmMails, mails } = run.sizes.idle
  await stage.reset()
  const endpoint = await stage.startApi()
  await stage.startWorker()
  const taken: number[] = []
  for (let mail = 0; mail < warmMails + mails; mail++) {
    const arrival = arrivals({ sink: run.sink, stage }, { from: 1, until: 1 })
    const startedNs = process.hrtime.bigint()
    await Promise.all([sendOne(endpoint, mail), arrival])
    const { untilNs } = await arrival
    if (mail >= warmMails) taken.push(Number(untilNs - startedNs) / 1e6)
    // Uneven pauses, so that no polling worker is met at the same point of its interval each time.
    await sleep(50 + ((mail * 37) % 150))
  }
  return { latencyP50: percentile(taken, 50), latencyP95: percentile(taken, 95) }
}

async function sendOne(endpoint: Endpoint, mail: number): Promise<void> {
  const bytes = Buffer.from(mailTemplate())
  numbering(bytes, 1)(mail)
  const response = await fetch(`http://127.0.0.1:${endpoint.port}${endpoint.path}`, {
    method: 'POST',
    headers: { authorization: endpoint.authorization, 'content-type': 'application/json' },
    body: bytes,
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`The mail was refused: ${response.status} ${answer.slice(0, 500)}`)
}
