import type { JobKind } from '@posthorn/contracts'
import { auditPerson, storedActor } from '../audit.ts'
import { announce } from '../changes.ts'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { queueTurn } from './queue.ts'
import type { Facts } from './step.ts'

/** Begins long work in the transaction of the caller, and answers with the id of the job. */
export async function startProjectJob(ctx: Context, kind: JobKind, input: Facts): Promise<string> {
  const { projectId } = ctx.actor
  const jobId = newId()
  await ctx.db
    .insertInto('project_jobs')
    .values({
      project_id: projectId,
      id: jobId,
      kind,
      input: JSON.stringify(input),
      asked_by: JSON.stringify(storedActor(ctx.actor)),
    })
    .execute()
  await queueTurn(ctx.db, { projectId, jobId })
  await announce(ctx.db, projectId, 'jobs')
  await auditPerson(ctx, { action: 'job.started', target: jobId, detail: { kind } })
  return jobId
}
