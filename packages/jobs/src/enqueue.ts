import type { Db } from '@posthorn/db'
import { fromKysely, PgBoss } from 'pg-boss'
import { JOBS, type JobDefinition, type JobName, type JobPayload } from './catalogue.ts'

/** The schema of PostgreSQL that holds the jobs. */
export const JOBS_SCHEMA = 'jobs'

/**
 * Queues a job within the caller's transaction. Answers with its id, or undefined where one with the same key waits
 * or runs already.
 */
export async function enqueueJob<Name extends JobName>(
  db: Db,
  name: Name,
  payload: JobPayload<Name>,
): Promise<string | undefined> {
  // Never started: it holds no connection and no timer.
  const boss = new PgBoss({
    db: fromKysely(db),
    schema: JOBS_SCHEMA,
    supervise: false,
    schedule: false,
    migrate: false,
  })
  const { key, group }: JobDefinition = JOBS[name]
  const options = {
    singletonKey: key(payload as never),
    ...(group && { group: { id: group.of(payload as never) } }),
  }
  return (await boss.send(name, JOBS[name].payload.parse(payload), options)) ?? undefined
}
