import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '@posthorn/db'
import { enqueueJob } from '@posthorn/jobs'
import { sql } from 'kysely'
import { rememberDeleted } from './deleted-projects.ts'

const BATCH_ROWS = 10_000
/** Fewer where a row can be megabytes, so that no batch takes long. */
const BATCH_ROWS_OF: Record<string, number> = {
  email_attachments: 100,
  email_contents: 1_000,
  images: 50,
  inbox_messages: 500,
}

/**
 * Rows of the project that are not deleted with the others: the audit log is kept, what the bucket still has goes when it
 * is gone from there, and the progress goes last.
 */
const KEPT = ['audit_log', 'deleted_projects', 'image_removals', 'project_deletions']

/**
 * For how long after its end calls that began before it may still write to a project: longer than any answer may take,
 * and than a worker may hold a mail.
 */
const AFTERGLOW_SECONDS = 180

/**
 * Ends a project at once, in the transaction of the caller: no key of it is good, nobody is its member, and its mail
 * is claimed no more. All else goes in the background, by `deleteProject`.
 */
export async function startDeletion(db: Db, projectId: string, askedBy: string | null): Promise<void> {
  const now = sql<Date>`now()`
  await db.updateTable('projects').set({ deleted_at: now }).where('id', '=', projectId).execute()
  await rememberDeleted(db, projectId)
  await db
    .updateTable('api_keys')
    .set({ revoked_at: now })
    .where('project_id', '=', projectId)
    .where('revoked_at', 'is', null)
    .execute()
  await db.deleteFrom('members').where('project_id', '=', projectId).execute()
  await db.deleteFrom('invitations').where('project_id', '=', projectId).execute()
  await db
    .insertInto('project_deletions')
    .values({ project_id: projectId, asked_by: askedBy, total_rows: await countRows(db, projectId) })
    .execute()
}

export interface DeletionOptions {
  signal: AbortSignal
  afterglowSeconds?: number
  /** At most so many in one transaction. */
  batchRows?: number
}

/**
 * Deletes the rows of a project that has ended, in batches that each are a transaction with its progress, and in the
 * end the project itself. Can be stopped or killed anywhere, and begun again.
 */
export async function deleteProject(
  db: Db,
  projectId: string,
  { signal, afterglowSeconds = AFTERGLOW_SECONDS, batchRows = BATCH_ROWS }: DeletionOptions,
): Promise<void> {
  const tables = await tenantTables(db)
  for (;;) {
    const secondsLeft = await afterglow(db, projectId, afterglowSeconds)
    // Gone, or never ended: a project that lives is left alone.
    if (secondsLeft === undefined) return
    for (const table of tables) await emptyTable(db, { table, projectId, batchRows, signal })
    if (secondsLeft <= 0) break
    await db
      .updateTable('project_deletions')
      .set({ emptied_at: sql<Date>`now()` })
      .where('project_id', '=', projectId)
      .execute()
    await sleep(secondsLeft * 1000, undefined, { signal })
  }
  await sql`delete from projects where id = ${projectId} and deleted_at is not null`.execute(db)
}

/** Queues the deletion of every project that has ended and whose job got lost; one that waits or runs is left as it is. */
export async function resumeDeletions(db: Db): Promise<void> {
  const ended = await db.selectFrom('projects').select('id').where('deleted_at', 'is not', null).execute()
  for (const { id } of ended) await enqueueJob(db, 'project-deletion', { projectId: id })
}

/**
 * Read from the catalog, so that no table is forgotten: whatever says of each row whose it is. The queue comes first, and
 * contacts come before what counts them.
 */
export async function tenantTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class join pg_attribute on attrelid = pg_class.oid
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
      and attname = 'project_id' and not relname = any(${KEPT})
    order by relname <> 'outbox', relname <> 'contacts', relname
  `.execute(db)
  return rows.map(({ name }) => name)
}

async function afterglow(db: Db, projectId: string, seconds: number): Promise<number | undefined> {
  const { rows } = await sql<{ left: number }>`
    select (${seconds} - extract(epoch from now() - deleted_at))::float8 as left
    from projects where id = ${projectId} and deleted_at is not null
  `.execute(db)
  return rows[0]?.left
}

interface Emptying {
  table: string
  projectId: string
  batchRows: number
  signal: AbortSignal
}

async function emptyTable(db: Db, { table, projectId, batchRows, signal }: Emptying): Promise<void> {
  let deleted
  do {
    signal.throwIfAborted()
    deleted = await db.transaction().execute(async (trx) => {
      // By place, since the tables have no key in common; a row that is locked keeps its place.
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where project_id = ${projectId} and ctid = any(array(
          select ctid from ${sql.table(table)} where project_id = ${projectId} limit ${Math.min(batchRows, BATCH_ROWS_OF[table] ?? batchRows)} for update))
      `.execute(trx)
      await sql`
        update project_deletions set done_rows = done_rows + ${numAffectedRows} where project_id = ${projectId}
      `.execute(trx)
      return numAffectedRows
    })
  } while (deleted > 0n)
}

const COUNTED_AT_MOST = 100_000

/** How many rows there are, exactly where they are few and as PostgreSQL reckons where they are many. */
async function countRows(db: Db, projectId: string): Promise<number> {
  let total = 0
  for (const table of await tenantTables(db)) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from (
        select from ${sql.table(table)} where project_id = ${projectId} limit ${COUNTED_AT_MOST}) counted
    `.execute(db)
    const { count = 0 } = rows[0] ?? {}
    total += count < COUNTED_AT_MOST ? count : Math.max(count, await reckonedRows(db, { table, projectId }))
  }
  return total
}

async function reckonedRows(db: Db, { table, projectId }: Pick<Emptying, 'table' | 'projectId'>): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) select from ${sql.table(table)} where project_id = ${sql.lit(projectId)}::uuid
  `.execute(db)
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
}
