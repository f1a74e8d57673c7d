import { randomUUID } from 'node:crypto'
import { connect, type Connection } from '@posthorn/db'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { expireLeases, outboxRow, leased, queued } from '../test/queue.ts'
import { claim } from './claim.ts'
import { enqueue } from './enqueue.ts'
import { STREAMS, WAKE_CHANNEL } from './streams.ts'
import { postpone, withdraw } from './withdraw.ts'

let database: TestDatabase
let connection: Connection
beforeAll(async () => {
  database = await testDatabase()
  connection = connect(database.connectionString)
})
afterAll(async () => {
  await connection.close()
  await database.drop()
})

const waiting = (dueAt?: Date) => ({
  projectId: randomUUID(),
  emailId: randomUUID(),
  stream: STREAMS.transactional,
  sizeBytes: 1,
  dueAt,
})
const inMs = (ms: number) => new Date(Date.now() + ms)

test('mail without a time is due at once, and its life begins now', async () => {
  const mail = waiting()
  await enqueue(connection.db, [mail])
  const row = await outboxRow(connection.db, mail.emailId)
  expect(row?.due_in_seconds).toBeLessThanOrEqual(0)
  expect(row?.first_due_at).toEqual(row?.due_at)
})

test('scheduled mail is due at its time, and its life begins then', async () => {
  const mail = waiting(inMs(3600_000))
  await enqueue(connection.db, [mail])
  const row = await outboxRow(connection.db, mail.emailId)
  expect(row?.due_at).toEqual(mail.dueAt)
  expect(row?.first_due_at).toEqual(row?.due_at)
})

test('a time that has passed is now, so that old mail does not come first or die early', async () => {
  const mail = waiting(inMs(-3600_000))
  await enqueue(connection.db, [mail])
  const row = await outboxRow(connection.db, mail.emailId)
  expect(row?.due_in_seconds).toBeGreaterThan(-60)
  expect(row?.first_due_at).toEqual(row?.due_at)
})

test('workers are woken by the commit, and a rollback leaves neither mail nor a call', async () => {
  const listener = connection.openClient()
  await listener.connect()
  let calls = 0
  listener.on('notification', () => void (calls += 1))
  await listener.query(`listen ${WAKE_CHANNEL}`)
  try {
    const gone = waiting()
    const rolledBack = connection.db.transaction().execute(async (trx) => {
      await enqueue(trx, [gone])
      throw new Error('something later failed')
    })
    await expect(rolledBack).rejects.toThrow('something later failed')
    expect(await outboxRow(connection.db, gone.emailId)).toBeUndefined()

    await connection.db.transaction().execute(async (trx) => {
      await enqueue(trx, [waiting(), waiting()])
      // A connection reads what it was told before it answers, so a call before the commit would be seen here.
      await listener.query('select 1')
      expect(calls).toBe(0)
    })
    await vi.waitFor(() => expect(calls).toBe(1))
  } finally {
    await listener.end()
  }
})

test('mail that waits can be withdrawn, and is then never claimed', async () => {
  const { projectId, ids } = await queued(connection.db, 2)
  expect(await withdraw(connection.db, projectId, ids[0]!)).toBe(true)
  expect(await withdraw(connection.db, projectId, ids[0]!)).toBe(false)
  const lane = { projectId, stream: STREAMS.transactional, limit: 10, token: randomUUID() }
  expect(await claim(connection.db, lane)).toMatchObject([{ emailId: ids[1] }])
})

test('mail that waits can be moved to another time, and its life with it', async () => {
  const { projectId, ids } = await queued(connection.db, 1)
  const dueAt = inMs(7200_000)
  expect(await postpone(connection.db, projectId, { emailId: ids[0]!, dueAt })).toBe(true)
  const row = await outboxRow(connection.db, ids[0]!)
  expect(row?.due_at).toEqual(dueAt)
  expect(row?.first_due_at).toEqual(row?.due_at)
})

test('mail that a worker has can neither be withdrawn nor moved', async () => {
  const { projectId, emailId } = await leased(connection.db)
  const before = await connection.db.selectFrom('outbox').selectAll().where('email_id', '=', emailId).execute()
  expect(await withdraw(connection.db, projectId, emailId)).toBe(false)
  expect(await postpone(connection.db, projectId, { emailId, dueAt: inMs(1000) })).toBe(false)
  const after = await connection.db.selectFrom('outbox').selectAll().where('email_id', '=', emailId).execute()
  expect(after).toEqual(before)
})

test('withdrawing or moving one mail touches no other, of its project or of any', async () => {
  const { projectId, ids } = await queued(connection.db, 3)
  const { ids: foreign } = await queued(connection.db, 3)
  const others = [ids[2]!, ...foreign]
  const rows = () =>
    connection.db.selectFrom('outbox').selectAll().where('email_id', 'in', others).orderBy('email_id').execute()
  const before = await rows()
  expect(before).toHaveLength(others.length)
  expect(await withdraw(connection.db, projectId, ids[0]!)).toBe(true)
  expect(await postpone(connection.db, projectId, { emailId: ids[1]!, dueAt: inMs(1000) })).toBe(true)
  expect(await rows()).toEqual(before)
})

test('mail whose worker died can be withdrawn or moved, and is then nobody’s', async () => {
  const [first, second] = [await leased(connection.db), await leased(connection.db)]
  for (const { projectId } of [first, second]) await expireLeases(connection.db, projectId)
  expect(await withdraw(connection.db, first.projectId, first.emailId)).toBe(true)
  const dueAt = inMs(3600_000)
  expect(await postpone(connection.db, second.projectId, { emailId: second.emailId, dueAt })).toBe(true)
  expect(await outboxRow(connection.db, second.emailId)).toMatchObject({ due_at: dueAt, lease_token: null })
})

test('another project can neither withdraw nor move it', async () => {
  const { ids } = await queued(connection.db, 1)
  expect(await withdraw(connection.db, randomUUID(), ids[0]!)).toBe(false)
  expect(await postpone(connection.db, randomUUID(), { emailId: ids[0]!, dueAt: inMs(1000) })).toBe(false)
  expect(await outboxRow(connection.db, ids[0]!)).toBeDefined()
})
