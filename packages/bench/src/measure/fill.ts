import type { Endpoint } from '../contender.ts'
import type { Run } from '../run.ts'

/** Has this many mails accepted, as fast as the contender takes them. Returns how many that became. */
export async function fill(run: Run, endpoint: Endpoint, mails: number): Promise<number> {
  const { batch } = run.sizes
  const mailsPerRequest = endpoint.batch === undefined ? 1 : batch.mails
  const connections = endpoint.batch === undefined ? run.sizes.connections : batch.connections
  const requests = Math.ceil(mails / mailsPerRequest)
  await run.load({ endpoint, connections, mailsPerRequest, extent: { requests } })
  return requests * mailsPerRequest
}
