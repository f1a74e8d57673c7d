import { STREAMS } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { acceptEmails } from '../emails/accept.ts'
import { recordEvents } from '../events/record.ts'
import { mergeContacts } from './merge.ts'

let instance: TestInstance
let project: TestProject
const PEOPLE = 5_000

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
  await sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${project.id}, gen_random_uuid(), 'person' || n || '@example.com', '{}', true
    from generate_series(1, ${sql.lit(PEOPLE)}) n
  `.execute(instance.db)
  // Then the planner knows that there are so few that to read them all looks cheap.
  await sql`analyze contacts`.execute(instance.db)
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

test.each([
  ['an event', (n: number) => recordEvents(instance.db, [{ contact: wishOf(n), name: 'visited', data: {} }])],
  [
    'a mail',
    (n: number) => acceptEmails(instance.db, [{ projectId: project.id, captured: false, mails: [mailTo(n)] }]),
  ],
  ['a contact that is saved', (n: number) => mergeContacts(instance.db, [wishOf(n)])],
])('%s reads no other contacts, however few there are', async (_, work) => {
  const rowsRead = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(instance.db)
    const { rows } = await sql<{ read: number }>`
      select seq_tup_read::int as read from pg_stat_user_tables where relname = 'contacts'`.execute(instance.db)
    return rows[0]!.read
  }
  const before = await rowsRead()
  // After five of them the planner keeps a plan for all values.
  for (let n = 1; n <= 8; n += 1) await work(n)
  expect((await rowsRead()) - before).toBeLessThan(PEOPLE)
})
