import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { SCOPES } from '@posthorn/contracts'
import { ACCEPTED, emailStates, MAIL } from '../../test/email-states.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject
let mail: ReturnType<typeof emailStates>

beforeAll(async () => {
  instance = await testInstance()
  mail = emailStates(instance, () => project)
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const list = (input: object = {}) => project.call(['activity', 'list'], input)
const typesOf = ({ data }: Awaited<ReturnType<typeof list>>) => data.map(({ type }) => type)

/** One of everything, in this order. */
async function everything() {
  const { id: contactId } = await project.call(['contacts', 'upsert'], { email: 'ada@example.com' })
  const template = await project.call(['templates', 'create'], {
    name: `Hi ${newId()}`,
    type: 'TRANSACTIONAL',
    subject: 'Hi',
    body: '<p>Hi</p>',
  })
  const { emails } = await project.call(['emails', 'send'], { to: 'ada@example.com', template: template.id })
  const emailId = emails[0]!.email
  await mail.finish(emailId, { next: { end: 'sent' }, attempt: ACCEPTED })
  const { event: eventId } = await project.call(['events', 'track'], { event: 'paid', email: 'ada@example.com' })
  await project.call(['contacts', 'update'], { id: contactId, subscribed: false })
  const { jobId } = await project.call(['contacts', 'bulkUnsubscribe'], { mode: 'ids', contactIds: [contactId] })
  return { contactId, templateId: template.id, emailId, eventId, jobId }
}

test('the feed has all that happened, newest first, with how it stands now', async () => {
  const { contactId, templateId, emailId, eventId, jobId } = await everything()
  const { data, hasMore } = await list({ limit: 50 })
  expect(hasMore).toBe(false)
  const first = new Map(data.map((item) => [item.type, item]))
  expect([...first.keys()]).toEqual(['job', 'consent', 'event', 'email', 'template', 'contact'])
  const contact = { contactId, contactEmail: 'ada@example.com' }
  expect(first.get('contact')).toMatchObject({ id: contactId, ...contact })
  expect(first.get('template')).toMatchObject({ templateId, name: expect.stringContaining('Hi'), version: 1 })
  expect(first.get('email')).toMatchObject({
    id: emailId,
    ...contact,
    subject: 'Hi',
    status: 'sent',
    stream: 'transactional',
    templateId,
    endedAt: expect.stringMatching(/Z$/),
  })
  expect(first.get('event')).toMatchObject({ id: eventId, ...contact, name: 'paid', data: {} })
  expect(first.get('consent')).toMatchObject({ ...contact, subscribed: false, topic: null, how: 'system' })
  expect(first.get('job')).toMatchObject({ id: jobId, kind: 'contacts.unsubscribe', status: 'waiting' })
})

test('pages of one leave nothing out and show nothing twice, also while more comes', async () => {
  await everything()
  await everything()
  const whole = await list({ limit: 100 })
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({ limit: 1, ...(cursor !== null && { cursor }) })
    seen.push(...page.data.map(({ id }) => id))
    cursor = page.cursor
    await mail.send()
  } while (cursor !== null)
  expect(seen).toEqual(whole.data.map(({ id }) => id))
  expect(new Set(seen).size).toBe(seen.length)
})

test('it can be narrowed to a type, a contact, a template and a span', async () => {
  const { contactId, templateId } = await everything()
  await project.call(['events', 'track'], { event: 'paid', email: 'grace@example.com' })
  expect(typesOf(await list({ type: 'event' }))).toEqual(['event', 'event'])
  expect(new Set(typesOf(await list({ contact: contactId })))).toEqual(
    new Set(['consent', 'event', 'email', 'contact']),
  )
  expect(typesOf(await list({ contact: 'grace@example.com' }))).toEqual(['event', 'contact'])
  expect(typesOf(await list({ template: templateId }))).toEqual(['email', 'template'])
  expect(typesOf(await list({ template: templateId, type: 'job' }))).toEqual([])
  await sql`update events set created_at = now() - interval '30 seconds' where project_id = ${project.id}`.execute(
    instance.db,
  )
  const since = new Date(Date.now() - 10_000).toISOString()
  expect(typesOf(await list({ since }))).not.toContain('event')
  expect(new Set(typesOf(await list({ until: since })))).toEqual(new Set(['event']))
  await expect(list({ contact: newId() })).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
})

test('it can be asked for in the words of Plunk, and for several types', async () => {
  const { contactId } = await everything()
  expect(typesOf(await list({ types: 'event, email' }))).toEqual(['event', 'email'])
  expect(typesOf(await list({ types: 'email.sent,event.triggered,event' }))).toEqual(['event', 'email'])
  expect(typesOf(await list({ types: 'email.opened' }))).toEqual([])
  expect(typesOf(await list({ types: 'job,event', contactId }))).toEqual(['event'])
  const [today, tomorrow] = [0, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10))
  expect(typesOf(await list({ types: 'event', startDate: today, endDate: tomorrow }))).toEqual(['event'])
  expect(typesOf(await list({ endDate: today }))).toEqual([])
  expect(typesOf(await list({ startDate: new Date(Date.now() + 60_000).toISOString() }))).toEqual([])
  await expect(list({ types: '' })).rejects.toMatchObject({ errors: [{ field: 'types' }] })
  await expect(list({ types: 'event', type: 'job' })).rejects.toMatchObject({ errors: [{ field: 'types' }] })
  await expect(list({ contact: 'ada@example.com', contactId })).rejects.toMatchObject({
    errors: [{ field: 'contactId' }],
  })
  const actor = keyActor(project.id, ['project:read', 'events:read', 'emails:read'])
  const call = (types: string) => project.call(['activity', 'list'], { types }, { actor })
  expect((await call('event,email')).data).toHaveLength(2)
  await expect(call('event,contact')).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
})

test('what came just after a span does not hide what lies in it', async () => {
  await project.call(['events', 'track'], { event: 'early', email: 'ada@example.com' })
  await sql`update events set created_at = now() - interval '30 seconds' where project_id = ${project.id}`.execute(
    instance.db,
  )
  for (let count = 0; count < 5; count += 1) {
    await project.call(['events', 'track'], { event: 'late', email: 'ada@example.com' })
  }
  const until = new Date(Date.now() - 10_000).toISOString()
  expect((await list({ type: 'event', until, limit: 1 })).data).toMatchObject([{ name: 'early' }])
})

test('nobody sees there what they may not read by itself, nor what is of another project', async () => {
  const { contactId, templateId } = await everything()
  const actor = keyActor(
    project.id,
    SCOPES.filter((scope) => scope !== 'contacts:read'),
  )
  await expect(project.call(['activity', 'list'], {}, { actor })).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
  const events = await project.call(['activity', 'list'], { type: 'event' }, { actor })
  expect(events.data).toHaveLength(1)
  const other = await instance.project('Other')
  expect((await other.call(['activity', 'list'], {})).data).toEqual([])
  expect((await other.call(['activity', 'list'], { template: templateId })).data).toEqual([])
  await expect(other.call(['activity', 'list'], { contact: contactId })).rejects.toMatchObject({
    code: 'CONTACT_NOT_FOUND',
  })
})

test('mail to the addresses that a contact had before is its activity too', async () => {
  const first = await mail.send({ to: 'ada@example.com' })
  const { contactId } = await project.call(['emails', 'get'], { id: first })
  await project.call(['contacts', 'update'], { id: contactId, email: 'ada@new.example' })
  const second = await mail.send({ to: 'ada@new.example' })
  await project.call(['contacts', 'update'], { id: contactId, email: 'ada@newest.example' })
  // Somebody else has the first address now.
  await mail.send({ to: 'ada@example.com' })
  const emailsOf = async (call: Promise<{ data: { type: string; id: string }[] }>) =>
    (await call).data.filter(({ type }) => type === 'email').map(({ id }) => id)
  expect(await emailsOf(project.call(['contacts', 'activity'], { id: contactId }))).toEqual([second, first])
  expect(await emailsOf(list({ contact: contactId }))).toEqual([second, first])
  await project.call(['contacts', 'delete'], { id: contactId })
  const { rows } = await sql`select from contact_addresses where project_id = ${project.id}`.execute(instance.db)
  expect(rows).toEqual([])
})

test('a page reads each source by an index, and no further than the page is long', async () => {
  await sql`
    insert into events (project_id, id, contact_id, name)
    select ${project.id}, uuidv7(interval '-1 second' * step), uuidv7(), 'old' from generate_series(1, 20000) step
  `.execute(instance.db)
  await project.call(['emails', 'send'], MAIL)
  await sql`analyze events`.execute(instance.db)
  await instance.db.transaction().execute(async (trx) => {
    await sql`set local enable_seqscan = off`.execute(trx)
    const before = await reads(trx)
    await project.call(['activity', 'list'], { limit: 20 }, { db: trx })
    expect((await reads(trx)) - before).toBeLessThan(100)
  })
})

async function reads(db: TestInstance['db']): Promise<number> {
  const { rows } = await sql<{ reads: number }>`
    select (pg_stat_get_xact_tuples_returned('events'::regclass) + pg_stat_get_xact_tuples_fetched('events'::regclass)
      + coalesce((select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index
        where indrelid = 'events'::regclass), 0))::int as reads
  `.execute(db)
  return rows[0]?.reads ?? 0
}
