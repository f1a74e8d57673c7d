import { LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }

const TABLES = ['contacts', 'emails', 'email_contents', 'email_attachments', 'outbox', 'idempotency_keys'] as const

async function countsOf({ id }: { id: string }): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of TABLES) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)} where project_id = ${id}`.execute(instance.db)
    counts[table] = rows[0]!.count
  }
  return counts
}

/** How many transactions stored the rows that a project has in a table. */
async function commitsOf(table: 'emails' | 'outbox' | 'events', ...ids: string[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct xmin::text)::int as count from ${sql.table(table)} where project_id = any(${ids})
  `.execute(instance.db)
  return rows[0]!.count
}

/** Makes the database refuse some rows, as a full disk or a fault would. */
async function refuse(table: 'emails' | 'outbox' | 'email_attachments', unless: string): Promise<void> {
  await sql`alter table ${sql.table(table)} add constraint refused check (${sql.raw(unless)}) not valid`.execute(
    instance.db,
  )
  onTestFinished(async () => {
    await sql`alter table ${sql.table(table)} drop constraint refused`.execute(instance.db)
  })
}

const NOTHING = Object.fromEntries(TABLES.map((table) => [table, 0]))

test('an accepted mail is stored whole, with its place in the queue', async () => {
  project = await instance.project()
  const receipt = await project.call(['emails', 'send'], {
    to: 'Ada <ada@example.com>',
    from: 'Bob <bob@example.org>',
    reply: { email: 'reply@example.org', name: 'Reply' },
    cc: ['cc@example.com'],
    bcc: ['Bcc <bcc@example.com>'],
    subject: 'Grüße 🦉',
    body: '<p>Hello</p>',
    text: 'Hello',
    headers: { 'X-Campaign': 'spring' },
    tags: ['welcome', 'b'],
    attachments: [
      { filename: 'a.txt', content: 'SGVsbG8=', contentType: 'text/plain' },
      { filename: 'logo.png', content: '/9j/', contentType: 'image/png', contentId: 'logo' },
    ],
  })
  expect(receipt).toEqual({
    emails: [{ contact: { id: expect.any(String), email: 'ada@example.com' }, email: expect.any(String) }],
    captured: true,
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  })
  const id = receipt.emails[0]!.email
  expect(await project.call(['emails', 'get'], { id })).toMatchObject({
    id,
    status: 'queued',
    captured: true,
    contactId: receipt.emails[0]!.contact.id,
    to: { email: 'ada@example.com', name: 'Ada' },
    from: { email: 'bob@example.org', name: 'Bob' },
    replyTo: { email: 'reply@example.org', name: 'Reply' },
    cc: [{ email: 'cc@example.com', name: null }],
    bcc: [{ email: 'bcc@example.com', name: 'Bcc' }],
    subject: 'Grüße 🦉',
    html: '<p>Hello</p>',
    text: 'Hello',
    headers: { 'X-Campaign': 'spring' },
    tags: ['welcome', 'b'],
    attachments: [
      { filename: 'a.txt', contentType: 'text/plain', sizeBytes: 5, contentId: null, disposition: 'attachment' },
      { filename: 'logo.png', contentType: 'image/png', sizeBytes: 3, contentId: 'logo', disposition: 'inline' },
    ],
  })
  const queued = await instance.db.selectFrom('outbox').selectAll().where('email_id', '=', id).executeTakeFirstOrThrow()
  expect(queued).toMatchObject({ project_id: project.id, attempts: 0, lease_token: null })
  const { rows } = await sql`select due_at <= now() as due, first_due_at = due_at as lives
    from outbox where email_id = ${id}`.execute(instance.db)
  expect(rows).toEqual([{ due: true, lives: true }])
})

test('fifty recipients are fifty emails that share one content and its attachments', async () => {
  project = await instance.project()
  const to = Array.from({ length: LIMITS.recipientsPerSend }, (_, index) => `r${index}@example.com`)
  const attachments = [
    { filename: 'a', content: 'AAAA' },
    { filename: 'b', content: 'AAAA' },
  ]
  const { emails } = await project.call(['emails', 'send'], { ...MAIL, to, attachments })
  expect(emails.map(({ contact }) => contact.email)).toEqual(to)
  expect(await countsOf(project)).toEqual({
    contacts: 50,
    emails: 50,
    email_contents: 1,
    email_attachments: 2,
    outbox: 50,
    idempotency_keys: 0,
  })
  expect(await commitsOf('emails', project.id)).toBe(1)
})

test('a burst of requests shares commits, whichever projects they are for', async () => {
  const projects = [await instance.project(), await instance.project()]
  const ids = projects.map(({ id }) => id)
  const burst = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        projects[index % 2]!.call(
          ['emails', 'send'],
          { ...MAIL, to: `r${index}@example.com` },
          { actor: keyActor(projects[index % 2]!.id) },
        ),
      ),
    )
  await burst(100)
  expect(await commitsOf('emails', ...ids)).toBe(1)
  expect(await commitsOf('outbox', ...ids)).toBe(1)
  await burst(250)
  expect(await commitsOf('emails', ...ids)).toBe(4)
  for (const one of projects) expect(await countsOf(one)).toMatchObject({ emails: 175, outbox: 175 })
})

test('events share commits too', async () => {
  project = await instance.project()
  await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      project.call(['events', 'track'], { event: `e${n}`, email: MAIL.to }, { actor: keyActor(project.id) }),
    ),
  )
  expect(await commitsOf('events', project.id)).toBe(1)
})

test('one that the database refuses fails alone; those that came with it are kept', async () => {
  project = await instance.project()
  await refuse('emails', `subject <> 'poison'`)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      project.call(['emails', 'send'], {
        ...MAIL,
        to: `r${index}@example.com`,
        subject: index === 7 ? 'poison' : `Hello ${index}`,
      }),
    ),
  )
  expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? index : []))).toEqual([7])
  expect(await countsOf(project)).toMatchObject({ emails: 19, outbox: 19, email_contents: 19, contacts: 19 })
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'rejected') continue
    const { subject } = await project.call(['emails', 'get'], { id: outcome.value.emails[0]!.email })
    expect(subject).toBe(`Hello ${index}`)
  }
})

test.each([
  ['outbox', 'project_id is null'],
  ['email_attachments', `filename <> 'a'`],
] as const)('when the %s cannot be written, nothing of the mail is stored', async (table, unless) => {
  project = await instance.project()
  await refuse(table, unless)
  const attachments = [{ filename: 'a', content: 'AAAA' }]
  const request = project.call(['emails', 'send'], { ...MAIL, attachments }, { idempotencyKey: 'k' })
  await expect(request).rejects.toThrow(/violates check constraint/)
  const batch = project.call(['emails', 'sendBatch'], { emails: [{ ...MAIL, attachments }, MAIL] })
  await expect(batch).rejects.toThrow(/violates check constraint/)
  expect(await countsOf(project)).toEqual(NOTHING)
})

test('a send within the caller’s transaction is undone with it', async () => {
  project = await instance.project()
  const undone = instance.db.transaction().execute(async (db) => {
    const { emails } = await project.call(['emails', 'send'], MAIL, { db })
    const id = emails[0]!.email
    expect((await project.call(['emails', 'get'], { id }, { db })).status).toBe('queued')
    throw new Error('undo')
  })
  await expect(undone).rejects.toThrow('undo')
  expect(await countsOf(project)).toEqual(NOTHING)
})

describe('sendBatch', () => {
  test('stores its mails in one commit and answers in their order', async () => {
    project = await instance.project()
    const emails = Array.from({ length: LIMITS.emailsPerBatch }, (_, index) => ({
      to: `r${index % 40}@example.com`,
      subject: `Mail ${index}`,
      text: 'Hello',
    }))
    const receipt = await project.call(['emails', 'sendBatch'], { emails })
    expect(receipt).toMatchObject({ accepted: 100, refused: 0, captured: true })
    expect(await commitsOf('emails', project.id)).toBe(1)
    const { rows } = await sql<{ id: string; subject: string }>`
      select id, subject from emails where project_id = ${project.id}`.execute(instance.db)
    const subjects = new Map(rows.map(({ id, subject }) => [id, subject]))
    const order = receipt.results.map((result) => result.status === 'accepted' && subjects.get(result.email))
    expect(order).toEqual(emails.map(({ subject }) => subject))
  })

  test('refuses a malformed mail with its place, and stores nothing of the batch', async () => {
    project = await instance.project()
    const past = '2020-01-01T00:00:00Z'
    for (const [wrong, field] of [
      [{ ...MAIL, scheduledAt: past }, 'emails.1.scheduledAt'],
      [{ ...MAIL, to: 'nobody' }, 'emails.1.to'],
    ] as const) {
      await expect(project.call(['emails', 'sendBatch'], { emails: [MAIL, wrong, MAIL] })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        errors: [{ field }],
      })
    }
    expect(await countsOf(project)).toEqual(NOTHING)
  })
})

describe('a time to send at', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()
  const DAY = 86_400

  test.each([
    ['has passed', -3_600, 'This time has passed.'],
    ['lies too far ahead', LIMITS.scheduleAheadDays * DAY + 60, 'At most 366 days ahead.'],
  ])('that %s is refused', async (_, seconds, message) => {
    project = await instance.project()
    const scheduledAt = inSeconds(seconds)
    await expect(project.call(['emails', 'send'], { ...MAIL, scheduledAt })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'scheduledAt', message, code: 'custom' }],
    })
    expect(await countsOf(project)).toEqual(NOTHING)
  })

  test('lets the mail wait until then, and its life begins then', async () => {
    project = await instance.project()
    const scheduledAt = inSeconds(LIMITS.scheduleAheadDays * DAY - 60)
    const { emails } = await project.call(['emails', 'send'], { ...MAIL, scheduledAt })
    const email = await project.call(['emails', 'get'], { id: emails[0]!.email })
    expect(email).toMatchObject({ status: 'scheduled', scheduledAt, nextAttemptAt: scheduledAt })
    const { rows } = await sql`select first_due_at = due_at as lives from outbox
      where email_id = ${email.id}`.execute(instance.db)
    expect(rows).toEqual([{ lives: true }])
  })

  test('that is a little behind, as by a slow clock, means now', async () => {
    project = await instance.project()
    const { emails } = await project.call(['emails', 'send'], { ...MAIL, scheduledAt: inSeconds(-30) })
    expect((await project.call(['emails', 'get'], { id: emails[0]!.email })).status).toBe('queued')
    const { rows } = await sql`select due_at > now() - interval '20 seconds' as fresh from outbox
      where email_id = ${emails[0]!.email}`.execute(instance.db)
    expect(rows).toEqual([{ fresh: true }])
  })
})
