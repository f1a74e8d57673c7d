import { connect, type Connection } from '@posthorn/db'
import { STREAMS } from '@posthorn/outbox'
import { testDatabase, type TestDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from './ids.ts'
import { waitingEmails, type WaitingEmail } from './waiting.ts'

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

interface Queued {
  projectId: string
  /** From now, of the database. */
  dueInSeconds: number
  reason?: string
  attempts?: number
  leased?: boolean
  scheduled?: boolean
}

async function queue(
  { projectId, dueInSeconds, reason, attempts = 0, leased, scheduled }: Queued,
  count = 1,
): Promise<string[]> {
  const ids = Array.from({ length: count }, newId)
  await sql`
    with due as (select id, now() + make_interval(secs => ${dueInSeconds}) as at from unnest(${ids}::uuid[]) as id),
    stored as (
      insert into emails (project_id, id, content_id, contact_id, from_email, to_email, subject, captured, scheduled_at)
      select ${projectId}::uuid, id, id, id, 'a@example.com', 'b@example.com', 'Hello', false, case when ${scheduled ?? false} then at end
      from due
    )
    insert into outbox (project_id, email_id, stream, due_at, first_due_at, attempts, lease_token, reason, size_bytes)
    select ${projectId}::uuid, id, ${STREAMS.transactional}, at, at, ${attempts}, ${leased ? newId() : null}::uuid, ${reason ?? null}, 1
    from due
  `.execute(connection.db)
  return ids
}

async function collect(projectId?: string): Promise<WaitingEmail[]> {
  const found: WaitingEmail[] = []
  for await (const email of waitingEmails(connection.db, projectId)) found.push(email)
  return found
}

async function whyOf(queued: Omit<Queued, 'projectId'>): Promise<WaitingEmail | undefined> {
  const projectId = newId()
  await queue({ ...queued, projectId })
  const [found] = await collect(projectId)
  return found
}

test.each<[string, Omit<Queued, 'projectId'>, Partial<WaitingEmail>]>([
  ['is due', { dueInSeconds: -1 }, { status: 'queued', why: 'It is due and waits for its turn.' }],
  [
    'nobody takes',
    { dueInSeconds: -190 },
    { status: 'queued', why: 'It has been due for 3 min and still waits for a worker.' },
  ],
  ['is scheduled', { dueInSeconds: 600, scheduled: true }, { status: 'scheduled', why: 'It is scheduled for later.' }],
  [
    'was put off',
    { dueInSeconds: 60, attempts: 2, reason: 'The mailbox is full.' },
    { status: 'deferred', why: 'The mailbox is full.', attempts: 2 },
  ],
  [
    'was put off and is now overdue',
    { dueInSeconds: -130, attempts: 1, reason: 'The mailbox is full.' },
    { status: 'deferred', why: 'The mailbox is full. It has been due for 2 min and still waits for a worker.' },
  ],
  [
    'is being sent',
    { dueInSeconds: 50, leased: true, attempts: 1, reason: 'Earlier.' },
    { status: 'sending', why: expect.stringMatching(/^A worker is sending it/) },
  ],
])('mail that %s says so', async (_, queued, expected) => {
  const found = await whyOf(queued)
  expect(found).toMatchObject({ to: 'b@example.com', subject: 'Hello', ...expected })
  expect(found?.nextAttemptAt).toBeInstanceOf(Date)
})

test('every mail of every project is told once, over any number of pages', async () => {
  await sql`delete from outbox`.execute(connection.db)
  const [one, other] = [newId(), newId()]
  const ids = await queue({ projectId: one, dueInSeconds: 10 }, 1_000)
  const others = await queue({ projectId: other, dueInSeconds: 10 }, 3)
  const found = await collect()
  expect(found.map(({ id }) => id)).toEqual([...ids.toSorted(), ...others.toSorted()])
  expect(await collect(other)).toHaveLength(3)
})
