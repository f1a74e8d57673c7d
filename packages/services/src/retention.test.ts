import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ACCEPTED, emailStates, MAIL } from '../test/email-states.ts'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { applyRetention, forgetInvitations } from './retention.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
  await project.call(['project', 'update'], { retentionDays: 30 })
})

afterAll(() => instance.close())

const never = new AbortController().signal
const apply = (batch?: number) => applyRetention(instance.db, never, batch)

/** Makes everything of the project older, as if it had come that long ago: its ids tell the time as well. */
async function age(days: number, of: TestProject = project): Promise<void> {
  const older = (column: string) => sql`
    lpad(to_hex(('x' || left(replace(${sql.ref(column)}::text, '-', ''), 12))::bit(48)::bigint - ${days}::bigint * 86400000), 12, '0')
      || right(replace(${sql.ref(column)}::text, '-', ''), 20)`
  const ids = { emails: ['id', 'content_id'], email_contents: ['id'], email_attachments: ['content_id'] }
  for (const [table, columns] of Object.entries({
    ...ids,
    events: ['id'],
    email_attempts: ['email_id'],
    outbox: ['email_id'],
    inbox_messages: ['email_id'],
  })) {
    for (const column of columns) {
      await sql`
        update ${sql.table(table)} set ${sql.ref(column)} = (${older(column)})::uuid where project_id = ${of.id}
      `.execute(instance.db)
    }
  }
  await sql`
    update emails set created_at = created_at - make_interval(days => ${days}),
      ended_at = ended_at - make_interval(days => ${days}) where project_id = ${of.id}
  `.execute(instance.db)
}

const count = async (table: string, of: TestProject = project) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(table)} where project_id = ${of.id}
  `.execute(instance.db)
  return rows[0]!.count
}

const ATTACHED = { ...MAIL, attachments: [{ filename: 'a.txt', content: 'aGk=' }] }
const SENT = { next: { end: 'sent' }, attempt: ACCEPTED } as const

async function sendOne(change: object = {}): Promise<string> {
  const { send, finish } = emailStates(instance, () => project)
  const id = await send({ ...ATTACHED, ...change })
  await finish(id, SENT)
  return id
}

test('mails that ended too long ago go, with their attempts, contents and attachments; the rest stays', async () => {
  await sendOne()
  await age(31)
  const kept = await sendOne()
  await apply()
  const emails = await instance.db.selectFrom('emails').select('id').where('project_id', '=', project.id).execute()
  expect(emails).toEqual([{ id: kept }])
  for (const table of ['email_attempts', 'email_contents', 'email_attachments']) expect(await count(table)).toBe(1)
  expect(await count('contacts')).toBe(1)
  expect(await count('audit_log')).toBeGreaterThan(0)
})

test('a content stays as long as one mail needs it', async () => {
  const { emails } = await project.call(['emails', 'send'], { ...ATTACHED, to: ['a@example.com', 'b@example.com'] })
  const { take, finish } = emailStates(instance, () => project)
  const token = await take()
  await finish(emails[0]!.email, SENT, token)
  await age(31)
  await apply()
  expect([await count('emails'), await count('email_contents'), await count('email_attachments')]).toEqual([1, 1, 1])
  const [left] = await instance.db
    .selectFrom('outbox')
    .select(['email_id', 'lease_token'])
    .where('project_id', '=', project.id)
    .execute()
  await finish(left!.email_id, SENT, left!.lease_token!)
  await apply()
  expect(await count('emails')).toBe(1)
  await age(31)
  await apply()
  expect([await count('emails'), await count('email_contents'), await count('email_attachments')]).toEqual([0, 0, 0])
})

test('mail that waits is never deleted, however old it is', async () => {
  const { make } = emailStates(instance, () => project)
  for (const state of ['queued', 'scheduled', 'sending', 'deferred'] as const) await make[state]()
  await age(365)
  await apply()
  expect(await count('emails')).toBe(4)
  expect(await count('outbox')).toBe(4)
})

test('events that are too old go, and in batches', async () => {
  const track = () => project.call(['events', 'track'], { event: 'signed-up', email: 'ada@example.com' })
  for (let index = 0; index < 5; index += 1) await track()
  await age(31)
  const { event } = await track()
  for (let index = 0; index < 5; index += 1) await sendOne()
  await apply(2)
  expect((await project.call(['events', 'list'], {})).data.map(({ id }) => id)).toEqual([event])
  expect(await count('emails')).toBe(5)
  await age(31)
  await apply(2)
  expect([await count('emails'), await count('events')]).toEqual([0, 0])
})

test('a project that keeps everything is left alone', async () => {
  await project.call(['project', 'update'], { retentionDays: null })
  await sendOne()
  await project.call(['events', 'track'], { event: 'signed-up', email: 'ada@example.com' })
  await age(3_000)
  await apply()
  expect([await count('emails'), await count('events')]).toEqual([1, 1])
})

test('it stops between two batches when it is told to', async () => {
  await sendOne()
  await age(31)
  await expect(applyRetention(instance.db, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop')
  expect(await count('emails')).toBe(1)
})

test('invitations are forgotten a month after they expired', async () => {
  await sql`
    insert into invitations (project_id, id, email, role, token_hash, expires_at)
    select ${project.id}, uuidv7(), days || '@example.com', 'viewer', sha256(uuidv7()::text::bytea),
      now() - make_interval(days => days)
    from unnest(array[-7, 1, 29, 31]) as days
  `.execute(instance.db)
  await forgetInvitations(instance.db)
  const left = await instance.db.selectFrom('invitations').select('email').orderBy('expires_at').execute()
  expect(left.map(({ email }) => email)).toEqual(['29@example.com', '1@example.com', '-7@example.com'])
})
