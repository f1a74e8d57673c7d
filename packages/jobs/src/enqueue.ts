import type { Db } from '@posthorn/db'
import { JOBS, type JobDefinition, type JobInput, type JobName } from './catalogue.ts'

/** The schema of PostgreSQL that holds the jobs. */
export const JOBS_SCHEMA = 'jobs'

/** What is due earlier comes first, so priorities fall with time. An integer of PostgreSQL has room for it until 2106. */
const PRIORITY_OF_1970 = 2_147_483_647

/**
 * Queues a job within the caller's transaction. Answers with its id, or undefined where one with the same key waits
 * or runs already.
 */
export async function enqueueJob<Name extends JobName>(
  db: Db,
  name: Name,
  input: JobInput<Name>,
): Promise<string | undefined> {
  // Not before there is a job, since it takes long to load.
  const { fromKysely, PgBoss } = await import('pg-boss')
  // Never started: it holds no connection and no timer.
  const boss = new PgBoss({
    db: fromKysely(db),
    schema: JOBS_SCHEMA,
    supervise: false,
    schedule: false,
    migrate: false,
  })
  const { key, due, group }: JobDefinition = JOBS[name]
  const payload = JOBS[name].payload.parse(input)
  const options = {
    singletonKey: key(payload as never),
    ...(due && { priority: PRIORITY_OF_1970 - due(payload as never) }),
    ...(group && { group: { id: group.of(payload as never) } }),
  }
  return (await boss.send(name, payload, options)) ?? undefined
}
