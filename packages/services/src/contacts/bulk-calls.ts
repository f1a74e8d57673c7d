import type { Input, JobKind } from '@posthorn/contracts'
import { originOf } from '../consent/proof.ts'
import { requireConfirmed } from '../consent/wish.ts'
import { inTransaction, type Context } from '../context.ts'
import type { Handlers } from '../handlers.ts'
import { getJob, percentOf } from '../project-jobs/jobs.ts'
import { startProjectJob } from '../project-jobs/start.ts'
import type { Facts } from '../project-jobs/step.ts'
import type { BulkResult } from './bulk.ts'
import { selectionOf } from './selection.ts'

const KINDS = {
  bulkSubscribe: { kind: 'contacts.subscribe', message: 'The contacts are being subscribed.' },
  bulkUnsubscribe: { kind: 'contacts.unsubscribe', message: 'The contacts are being unsubscribed.' },
  bulkDelete: { kind: 'contacts.delete', message: 'The contacts are being deleted.' },
} as const satisfies Record<string, { kind: JobKind; message: string }>

const start = (verb: keyof typeof KINDS) => (ctx: Context, input: Input<'contacts', 'bulkSubscribe'>) =>
  inTransaction(ctx, async (ctx) => {
    if (verb === 'bulkSubscribe') await requireConfirmed(ctx, input.consent)
    const { kind, message } = KINDS[verb]
    return { message, jobId: await startProjectJob(ctx, kind, { ...selectionOf(input), ...saidOf(ctx, input) }) }
  })

/** Who says it and how the contacts agreed, as the job keeps it for their proofs. */
function saidOf(ctx: Context, { consent }: Input<'contacts', 'bulkSubscribe'>): Facts {
  const { at, ...rest } = consent ?? {}
  // Safe because an origin is texts and a stored actor, which is kept as JSON.
  const origin = originOf(ctx, 'bulk') as unknown as Facts
  if (consent === undefined) return { origin }
  return { origin, consent: JSON.parse(JSON.stringify({ ...rest, at })) as Facts }
}

const STATES = {
  waiting: 'waiting',
  running: 'active',
  succeeded: 'completed',
  failed: 'failed',
  cancelled: 'failed',
} as const

type BulkVerb = keyof typeof KINDS | 'bulkJob'

/** What can be done to many contacts at once; each is a job. */
export const bulkCalls: Pick<Handlers<'contacts'>, BulkVerb> = {
  bulkSubscribe: start('bulkSubscribe'),
  bulkUnsubscribe: start('bulkUnsubscribe'),
  bulkDelete: start('bulkDelete'),

  async bulkJob(ctx, { jobId }) {
    const job = await getJob(
      ctx,
      jobId,
      Object.values(KINDS).map(({ kind }) => kind),
    )
    return {
      id: job.id,
      state: STATES[job.status],
      progress: percentOf(job) ?? 0,
      result: job.finished_at === null ? null : (job.result as BulkResult | null), // Safe because its steps store such.
      failedReason: job.status === 'cancelled' ? 'It was cancelled.' : job.error,
    }
  },
}
