import type { Stage } from '../contender.ts'
import type { Run } from '../run.ts'

/** Single mails over many connections, no worker running. */
export async function measureAccept(run: Run, stage: Stage): Promise<Record<string, number>> {
  await stage.reset()
  const endpoint = await stage.startApi()
  const { connections, accept } = run.sizes
  const result = await run.load({ endpoint, connections, mailsPerRequest: 1, extent: accept })
  return { acceptPerSecond: result.perSecond, acceptP50: result.p50, acceptP99: result.p99 }
}

/** One event in each request, over many connections, half of them of somebody new. */
export async function measureTrack(run: Run, stage: Stage): Promise<Record<string, number>> {
  await stage.reset()
  const endpoint = await stage.startApi()
  if (endpoint.trackPath === undefined) return {}
  const { connections, accept } = run.sizes
  const result = await run.load({ endpoint, connections, mailsPerRequest: 1, areEvents: true, extent: accept })
  return { trackPerSecond: result.perSecond, trackP99: result.p99 }
}

/** Many mails in each request, over a few connections. */
export async function measureBatch(run: Run, stage: Stage): Promise<Record<string, number>> {
  await stage.reset()
  const endpoint = await stage.startApi()
  if (endpoint.batch === undefined) return {}
  const { connections, mails, ...extent } = run.sizes.batch
  const result = await run.load({ endpoint, connections, mailsPerRequest: mails, extent })
  return { batchPerSecond: result.perSecond * mails }
}
