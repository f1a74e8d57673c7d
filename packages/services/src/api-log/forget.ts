import { projectsWith, type Db } from '@posthorn/db'
import { sql } from 'kysely'
import { firstIdAt } from '../search.ts'

const DAY_MS = 86_400_000
const BATCH = 5_000

/** Deletes requests that are older than so many days, in batches that lock little. Answers with how many went. */
export async function forgetRequests(db: Db, keptDays: number): Promise<number> {
  let deleted = 0
  const end = firstIdAt(Date.now() - keptDays * DAY_MS)
  for (const projectId of await projectsWith(db, 'api_requests')) {
    let batch
    do {
      batch = await forgetBatch(db, projectId, end)
      deleted += batch
    } while (batch === BATCH)
  }
  return deleted
}

async function forgetBatch(db: Db, projectId: string, end: string): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with doomed as (
      select id from api_requests where project_id = ${projectId} and id < ${end} order by id limit ${BATCH}
    )
    delete from api_requests using doomed
    where api_requests.project_id = ${projectId} and api_requests.id = doomed.id
  `.execute(db)
  return Number(numAffectedRows)
}
