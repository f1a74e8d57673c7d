import type { Stage } from '../contender.ts'
import type { Run } from '../run.ts'
import { arrivals } from './arrivals.ts'
import { fill } from './fill.ts'

/** Mails are waiting, then the worker starts; counted at the sink, from the first mail after the warm-up. */
export async function measureDrain(run: Run, stage: Stage): Promise<Record<string, number>> {
  const { warmMails, mails } = run.sizes.drain
  await stage.reset()
  const waiting = await fill(run, await stage.startApi(), warmMails + mails)
  await stage.stop()
  if (stage.database !== undefined) await run.cluster.query('vacuum analyze', stage.database)
  const from = warmMails + 1
  await stage.startWorker()
  const { fromNs, untilNs } = await arrivals({ sink: run.sink, stage }, { from, until: waiting })
  return { drainPerSecond: (waiting - from) / (Number(untilNs - fromNs) / 1e9) }
}
