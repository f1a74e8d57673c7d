import { randomUUID } from 'node:crypto'
import { connect, type Db } from '@posthorn/db'
import { testDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { claim } from '../src/claim.ts'
import { enqueue } from '../src/enqueue.ts'
import { STREAMS, type Stream } from '../src/streams.ts'

export interface TestQueue {
  db: Db
  close(): Promise<void>
}

/** An empty queue in a database of its own. */
export async function testQueue(poolSize = 4): Promise<TestQueue> {
  const database = await testDatabase()
  const { db, close } = connect(database.connectionString, { poolSize })
  return {
    db,
    async close() {
      await close()
      await database.drop()
    },
  }
}

export interface Wanted {
  projectId?: string
  stream?: Stream
  /** From now, on the database's clock. */
  dueInSeconds?: number
}

/** Emails of one project that wait in the queue, the first of them due first. */
export async function queued(
  db: Db,
  count: number,
  wanted: Wanted = {},
): Promise<{ projectId: string; ids: string[] }> {
  const { projectId = randomUUID(), stream = STREAMS.transactional, dueInSeconds = -60 } = wanted
  const ids = Array.from({ length: count }, () => randomUUID())
  await sql`
    insert into emails (project_id, id, content_id, contact_id, from_email, to_email, subject, captured)
    select ${projectId}, id, id, id, 'a@example.com', 'b@example.com', 'Hello', false from unnest(${ids}::uuid[]) as id
  `.execute(db)
  await enqueue(
    db,
    ids.map((emailId) => ({ projectId, emailId, stream, sizeBytes: 1 })),
  )
  await sql`
    update outbox set due_at = now() + make_interval(secs => ${dueInSeconds} + wanted.place * 0.001)
    from unnest(${ids}::uuid[]) with ordinality as wanted (id, place)
    where project_id = ${projectId} and email_id = wanted.id
  `.execute(db)
  return { projectId, ids }
}

/** One email that a worker has, and the worker's token. */
export async function leased(db: Db): Promise<{ projectId: string; emailId: string; token: string }> {
  const { projectId } = await queued(db, 1)
  const token = randomUUID()
  const [email] = await claim(db, { projectId, stream: STREAMS.transactional, limit: 1, token })
  // Safe because one was queued and is due.
  return { projectId, emailId: email!.emailId, token }
}

/** Ends all leases of a project, as if their time had passed. */
export async function expireLeases(db: Db, projectId: string): Promise<void> {
  await sql`
    update outbox set due_at = now() - interval '1 second' where project_id = ${projectId} and lease_token is not null
  `.execute(db)
}

export const outboxRow = (db: Db, emailId: string) =>
  db
    .selectFrom('outbox')
    .selectAll()
    .select(sql<number>`extract(epoch from due_at - now())::float8`.as('due_in_seconds'))
    .where('email_id', '=', emailId)
    .executeTakeFirst()

export const emailRow = (db: Db, emailId: string) =>
  db.selectFrom('emails').selectAll().where('id', '=', emailId).executeTakeFirstOrThrow()

export const attemptRows = (db: Db, emailId: string) =>
  db.selectFrom('email_attempts').selectAll().where('email_id', '=', emailId).orderBy('number').execute()
