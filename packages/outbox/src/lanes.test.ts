import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { expireLeases, leased, queued, testQueue } from '../test/queue.ts'
import { lanes } from './lanes.ts'
import { STREAMS } from './streams.ts'

async function emptyQueue() {
  const queue = await testQueue()
  onTestFinished(() => queue.close())
  return queue.db
}

test('an empty queue has no lanes', async () => {
  expect(await lanes(await emptyQueue())).toEqual([])
})

test('every lane is told once, with the time until its first mail is due', async () => {
  const db = await emptyQueue()
  const { projectId: one } = await queued(db, 3, { dueInSeconds: -5 })
  await queued(db, 2, { projectId: one, dueInSeconds: 100 })
  await queued(db, 2, { projectId: one, stream: STREAMS.campaign, dueInSeconds: 40 })
  const { projectId: other } = await queued(db, 2, { stream: STREAMS.workflow, dueInSeconds: 20 })

  const found = await lanes(db)
  const about = (projectId: string, stream: number, dueInSeconds: number) => ({
    projectId,
    stream,
    dueInMs: expect.closeTo(dueInSeconds * 1000, -4),
  })
  expect(found).toHaveLength(3)
  expect(found).toEqual(expect.arrayContaining([about(one, 0, -5), about(one, 2, 40), about(other, 1, 20)]))
  expect(found.map(({ dueInMs }) => dueInMs <= 0).filter(Boolean)).toHaveLength(1)
})

test('mail under lease is due when its lease ends', async () => {
  const db = await emptyQueue()
  const { projectId } = await leased(db)
  expect((await lanes(db))[0]?.dueInMs).toBeGreaterThan(50_000)
  await expireLeases(db, projectId)
  expect((await lanes(db))[0]?.dueInMs).toBeLessThanOrEqual(0)
})

test('the cost grows with the lanes, not with the mail that waits in them', async () => {
  const db = await emptyQueue()
  const [projects, mailsEach] = [200, 50]
  await sql`
    insert into outbox (project_id, email_id, stream, due_at, first_due_at, size_bytes)
    select md5('project ' || project)::uuid, gen_random_uuid(), 0, now() - make_interval(secs => mail), now(), 1
    from generate_series(1, ${projects}::int) as project, generate_series(1, ${mailsEach}::int) as mail
  `.execute(db)
  await sql`analyze outbox`.execute(db)
  await db.transaction().execute(async (trx) => {
    const startedAt = performance.now()
    expect(await lanes(trx)).toHaveLength(projects)
    expect(performance.now() - startedAt).toBeLessThan(250)
    const { rows } = await sql<{ steps: number; fetched: number; scanned: number }>`
      select idx_scan::int as steps, idx_tup_fetch::int as fetched, seq_tup_read::int as scanned
      from pg_stat_xact_user_tables where relname = 'outbox'
    `.execute(trx)
    // One step to the first lane, one to each further, and one to see that there is none.
    expect(rows).toEqual([{ steps: projects + 1, fetched: expect.closeTo(projects, -1), scanned: 0 }])
  })
})
