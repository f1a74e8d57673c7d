import { randomUUID } from 'node:crypto'
import { connect, type Connection } from '@posthorn/db'
import { claim, enqueue, STREAMS } from '@posthorn/outbox'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import { leaseEndMs, type Held } from '../src/delivery/leases.ts'

export interface TestQueue extends Connection {
  database: TestDatabase
}

/** A database of the running test alone. */
export async function openQueue(): Promise<TestQueue> {
  const database = await testDatabase()
  const connection = connect(database.connectionString, { poolSize: 3 })
  onTestFinished(async () => {
    await connection.close()
    await database.drop()
  })
  return { ...connection, database }
}

export interface LeasedEmails {
  projectId: string
  ids: string[]
  token: string
}

/** So many emails of one project, leased under one token. */
export async function leasedEmails({ db }: TestQueue, count = 1): Promise<LeasedEmails> {
  const [projectId, token] = [randomUUID(), randomUUID()]
  const ids = Array.from({ length: count }, () => randomUUID())
  await sql`
    insert into emails (project_id, id, content_id, contact_id, from_email, to_email, subject, captured)
    select ${projectId}, id, id, id, 'a@example.com', 'b@example.com', 'Hello', false from unnest(${ids}::uuid[]) as id
  `.execute(db)
  await enqueue(
    db,
    ids.map((emailId) => ({ projectId, emailId, stream: STREAMS.transactional, sizeBytes: 1 })),
  )
  await claim(db, { projectId, stream: STREAMS.transactional, limit: count, token })
  return { projectId, ids, token }
}

/** The same emails as a worker has them. */
export function heldOf({ projectId, ids, token }: LeasedEmails, more: Partial<Held> = {}): Held[] {
  const claim = { projectId, token, announcedTo: 0, isNoted: false, left: 0, isInDoubt: false }
  return ids.map((emailId, index) => ({
    claim,
    emailId,
    place: index + 1,
    isHeld: true,
    isBegun: false,
    isSettled: false,
    heldUntilMs: leaseEndMs(),
    ...more,
  }))
}

/** Ends the connections of a test's database and lets nobody in, as when PostgreSQL is away. */
export async function shutOut({ database }: TestQueue): Promise<{ letIn: () => Promise<void> }> {
  const url = new URL(database.connectionString)
  const name = url.pathname.slice(1)
  url.pathname = 'postgres'
  const operator = connect(url.href, { poolSize: 1 })
  const allow = (allowed: boolean) =>
    sql.raw(`alter database ${name} allow_connections ${allowed}`).execute(operator.db)
  await allow(false)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`.execute(operator.db)
  return {
    async letIn() {
      await allow(true)
      await operator.close()
    },
  }
}
