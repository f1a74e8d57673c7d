import { connect } from '@posthorn/db'
import { testDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { startMaintenance } from '../src/maintenance.ts'

afterEach(() => void vi.useRealTimers())

test('a chore that fails is told, and keeps none of the others from being done', async () => {
  await using database = await testDatabase()
  const { db, close } = connect(database.connectionString, { poolSize: 1 })
  await sql`alter table idempotency_keys rename to idempotency_keys_gone`.execute(db)
  await sql`
    insert into email_stats (project_id, quarter, shard, accepted)
    values (uuidv7(), date_bin('15 minutes', now() - interval '3 hours', 'epoch'), 5, 1)
  `.execute(db)
  const faults: unknown[] = []
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const maintenance = startMaintenance(db, { apiLogDays: 7, onFault: (error) => faults.push(error) })
  vi.advanceTimersToNextTimer()
  await maintenance.stop()
  expect(await db.selectFrom('email_stats').select(['shard', 'accepted']).execute()).toEqual([
    { shard: 0, accepted: 1 },
  ])
  expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining('idempotency_keys') })])
  await close()
})
