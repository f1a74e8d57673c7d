import { setTimeout as sleep } from 'node:timers/promises'
import { createAccounting } from '../accounting.ts'
import type { Stage } from '../contender.ts'
import type { Run } from '../run.ts'
import { arrivals } from './arrivals.ts'

/** SQL statements and WAL for each mail, counted by PostgreSQL itself. */
export async function measureStatements(run: Run, stage: Stage): Promise<Record<string, number>> {
  if (stage.database === undefined) return {}
  const { connections, statements } = run.sizes
  const accounting = createAccounting(run.cluster, stage.database)
  await stage.reset()
  const endpoint = await stage.startApi()
  const send = (requests: number) => run.load({ endpoint, connections, mailsPerRequest: 1, extent: { requests } })
  await send(statements.warmMails)
  await accounting.start()
  await send(statements.mails)
  await stage.stop()
  const accepted = await accounting.stop()

  const waiting = statements.warmMails + statements.mails
  await accounting.start()
  await stage.startWorker()
  await arrivals({ sink: run.sink, stage }, { from: 1, until: waiting })
  // The last settlements come after the last message.
  await sleep(1000)
  await stage.stop()
  const drained = await accounting.stop()
  return {
    acceptStatements: accepted.statements / statements.mails,
    acceptWal: accepted.walBytes / statements.mails,
    drainStatements: drained.statements / waiting,
    drainWal: drained.walBytes / waiting,
  }
}
