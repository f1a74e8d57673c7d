import { STREAMS } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { mergeContacts } from './contacts/merge.ts'
import { acceptEmails } from './emails/accept.ts'
import { recordEvents } from './events/record.ts'

let instance: TestInstance
let project: TestProject
const ROWS = 5_000

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
  await sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${project.id}, gen_random_uuid(), 'person' || n || '@example.com', '{}', true
    from generate_series(1, ${sql.lit(ROWS)}) n
  `.execute(instance.db)
  await sql`
    insert into idempotency_keys (project_id, key, operation, request_hash, response)
    select ${project.id}, 'key ' || n, 'emails.send', '', '{}' from generate_series(1, ${sql.lit(ROWS)}) n
  `.execute(instance.db)
  // Then the planner knows that there are so few that to read them all looks cheap.
  await sql`analyze contacts, idempotency_keys`.execute(instance.db)
})
afterAll(() => instance.close())

const wishOf = (n: number) => ({
  projectId: project.id,
  email: `person${n}@example.com`,
  patch: { plan: 'pro' },
  subscribed: undefined,
  subscribedWhenNew: true,
})
const mailTo = (n: number) => ({
  recipients: [{ email: `person${n}@example.com` }],
  from: { email: 'news@example.com', name: null },
  replyTo: null,
  cc: [],
  bcc: [],
  subject: 'Hello',
  html: null,
  text: 'Hello',
  headers: {},
  attachments: [],
  data: {},
  contactData: { plan: 'free' },
  subscribed: undefined,
  tags: [],
  scheduledAt: null,
  stream: STREAMS.transactional,
  templateId: null,
})

async function rowsReadIn(table: string): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(instance.db)
  const { rows } = await sql<{ read: number }>`
    select seq_tup_read::int as read from pg_stat_user_tables where relname = ${table}`.execute(instance.db)
  return rows[0]!.read
}

async function expectNoReading(table: string, work: (n: number) => Promise<unknown>) {
  const before = await rowsReadIn(table)
  // After five of them the planner keeps a plan for all values.
  for (let n = 1; n <= 8; n += 1) await work(n)
  expect((await rowsReadIn(table)) - before).toBeLessThan(ROWS)
}

test.each([
  ['an event', (n: number) => recordEvents(instance.db, [{ contact: wishOf(n), name: 'visited', data: {} }])],
  [
    'a mail',
    (n: number) => acceptEmails(instance.db, [{ projectId: project.id, captured: false, mails: [mailTo(n)] }]),
  ],
  ['a contact that is saved', (n: number) => mergeContacts(instance.db, [wishOf(n)])],
])('%s reads no other contacts, however few there are', (_, work) => expectNoReading('contacts', work))

test.each(['new', 'repeated'])(
  'a call with a %s Idempotency-Key reads no other keys, however few there are',
  (kind) => {
    const upsert = (n: number) =>
      project.call(['contacts', 'upsert'], { email: `keyed${n}@example.com` }, { idempotencyKey: `${kind} ${n}` })
    return expectNoReading('idempotency_keys', async (n) => {
      await upsert(n)
      if (kind === 'repeated') await upsert(n)
    })
  },
)
