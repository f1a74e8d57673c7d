import { LIMITS } from '@posthorn/contracts/limits'
import { projectsWith, type Db } from '@posthorn/db'
import { sql } from 'kysely'

const BATCH = 500

/** Deletes messages that are over the age or the number per project of `LIMITS`. Answers with how many went. */
export async function pruneInbox(db: Db): Promise<number> {
  let deleted = 0
  for (const projectId of await projectsWith(db, 'inbox_messages')) {
    let batch
    do {
      batch = await pruneBatch(db, projectId)
      deleted += batch
    } while (batch === BATCH)
  }
  return deleted
}

/** Ids begin with their time (RFC 9562), so one bound on the id says both how old and how many. */
async function pruneBatch(db: Db, projectId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    with bound as (
      select greatest(
        (select id from inbox_messages where project_id = ${projectId} order by id desc offset ${LIMITS.inboxMessagesPerProject} limit 1),
        rpad(lpad(to_hex((extract(epoch from now() - make_interval(days => ${LIMITS.inboxDays})) * 1000)::bigint), 12, '0'), 32, '0')::uuid
      ) as id
    ), doomed as (
      select inbox_messages.id from inbox_messages, bound
      where project_id = ${projectId} and inbox_messages.id <= bound.id
      order by inbox_messages.id limit ${BATCH}
    )
    delete from inbox_messages using doomed
    where inbox_messages.project_id = ${projectId} and inbox_messages.id = doomed.id
  `.execute(db)
  return Number(numAffectedRows ?? 0n)
}
