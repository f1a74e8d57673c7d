import { LIMITS } from '@posthorn/contracts/limits'
import { connect, type Connection } from '@posthorn/db'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { v7 } from 'uuid'
import { pruneInbox } from './prune.ts'

let database: TestDatabase
let connection: Connection

beforeAll(async () => {
  database = await testDatabase()
  connection = connect(database.connectionString, { poolSize: 2 })
})

afterAll(async () => {
  await connection.close()
  await database.drop()
})

const HOUR_MS = 3_600_000

/** Messages that came one each second, the first of them some hours ago. */
async function fill(projectId: string, { count, hoursAgo }: { count: number; hoursAgo: number }): Promise<void> {
  const begun = Date.now() - hoursAgo * HOUR_MS
  const ids = Array.from({ length: count }, (_, index) => v7({ msecs: begun + index * 1000 }))
  await sql`
    insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
    select ${projectId}, id, id, 'a@example.com', '{b@example.com}', 'Hello', 0, '' from unnest(${ids}::uuid[]) as id
  `.execute(connection.db)
}

async function kept(projectId: string): Promise<{ count: number; oldest: string | null }> {
  const { rows } = await sql<{ count: number; oldest: string | null }>`
    select count(*)::int as count, min(id::text) as oldest from inbox_messages where project_id = ${projectId}
  `.execute(connection.db)
  return rows[0] ?? { count: 0, oldest: null }
}

test('each project keeps its newest messages, up to the limit of number and of age', async () => {
  const [busy, old, quiet] = [v7(), v7(), v7()]
  await fill(busy, { count: LIMITS.inboxMessagesPerProject + 1_200, hoursAgo: 3 })
  await fill(old, { count: 3, hoursAgo: LIMITS.inboxDays * 24 + 1 })
  await fill(old, { count: 2, hoursAgo: LIMITS.inboxDays * 24 - 1 })
  await fill(quiet, { count: 4, hoursAgo: 1 })

  expect(await pruneInbox(connection.db)).toBe(1_200 + 3)

  const { count, oldest } = await kept(busy)
  expect(count).toBe(LIMITS.inboxMessagesPerProject)
  expect(Number.parseInt(oldest?.replaceAll('-', '').slice(0, 12) ?? '', 16)).toBeGreaterThan(
    Date.now() - 2.7 * HOUR_MS,
  )
  expect((await kept(old)).count).toBe(2)
  expect((await kept(quiet)).count).toBe(4)
  expect(await pruneInbox(connection.db)).toBe(0)
})

test('an empty inbox has nothing to prune', async () => {
  await sql`delete from inbox_messages`.execute(connection.db)
  expect(await pruneInbox(connection.db)).toBe(0)
})
