import { LIMITS } from '@posthorn/contracts'
import { connect } from '@posthorn/db'
import { testDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { startMaintenance } from '../src/maintenance.ts'
import { openOffice } from './office.ts'

afterEach(() => void vi.useRealTimers())

test('a chore that fails is told, and keeps none of the others from being done', async () => {
  await using database = await testDatabase()
  const { db, close } = connect(database.connectionString, { poolSize: 1 })
  await sql`alter table idempotency_keys rename to idempotency_keys_gone`.execute(db)
  await sql`
    insert into email_tallies (project_id, quarter, streams, template_ids, domains, accepted)
    values (uuidv7(), date_bin('15 minutes', now(), 'epoch'), '{0}', '{null}', '{example.com}', '{1}')
  `.execute(db)
  await sql`
    insert into contact_fields values (uuidv7(), 'gone', 0, 1, 0, 0, 0, 0, 0)
  `.execute(db)
  await sql`insert into contact_fields select project_id, name, 1, -1, 0, 0, 0, 0, 0 from contact_fields`.execute(db)
  const faults: unknown[] = []
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const maintenance = startMaintenance(db, { apiLogDays: 7, onFault: (error) => faults.push(error) })
  vi.advanceTimersByTime(LIMITS.inboxPruneMinutes * 60_000)
  await maintenance.stop()
  expect(await db.selectFrom('email_stats').select(['accepted', 'name']).orderBy('dimension').execute()).toEqual([
    { accepted: 1, name: '' },
    { accepted: 1, name: 'example.com' },
    { accepted: 1, name: '' },
  ])
  expect(await db.selectFrom('contact_fields').selectAll().execute()).toEqual([])
  expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining('idempotency_keys') })])
  await close()
})

test('while many contacts are being written, they are sorted into the index again and again', async () => {
  const office = await openOffice()
  const { id: projectId } = await office.project()
  const addMany = (who: string) =>
    sql`
      insert into contacts (project_id, id, email, data, subscribed)
      select ${projectId}::uuid, uuidv7(), ${who} || number || '@example.com', jsonb_build_object('number', number), true
      from generate_series(1, 6000) as number
    `.execute(office.db)
  const sorted: number[] = []
  const db = office.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      const pages = (result.rows[0] as { pages?: number } | undefined)?.pages
      if (pages !== undefined) sorted.push(pages)
      return result
    },
  })
  await addMany('first')
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const maintenance = startMaintenance(db, { apiLogDays: 7, onFault: (error) => expect.unreachable(String(error)) })
  const adding = addMany('second')
  vi.advanceTimersByTime(1_000)
  vi.useRealTimers()
  await adding
  // It has come to its end where next to nothing was new.
  await vi.waitFor(() => expect(sorted.at(-1)).toBeLessThan(8), 10_000)
  expect(sorted[0]).toBeGreaterThan(100)
  expect(sorted.length).toBeGreaterThan(1)
  await maintenance.stop()
})
