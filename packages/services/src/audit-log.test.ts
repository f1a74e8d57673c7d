import { PERMISSIONS } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { emailStates } from '../test/email-states.ts'
import { insertAudit } from './audit.ts'
import type { Actor } from './context.ts'
import { newId } from './ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const ADA = { kind: 'user', id: '01890a5d-ac96-774b-bcce-b302099a8057', name: 'Ada' } as const

const note = (action: string, more: object = {}) =>
  insertAudit(instance.db, {
    projectId: project.id,
    actor: ADA,
    action,
    target: 'a target',
    ip: '203.0.113.7',
    ...more,
  })

const listed = async (filter: object) =>
  (await project.call(['audit', 'list'], filter)).data.map(({ action }) => action)

test('what was done is listed with who, when and from where, newest first', async () => {
  await note('member.invited', { detail: { email: 'grace@example.com', roles: ['viewer'] } })
  const { data } = await project.call(['audit', 'list'], {})
  expect(data).toMatchObject([
    {
      actor: ADA,
      action: 'member.invited',
      target: 'a target',
      detail: { email: 'grace@example.com', roles: ['viewer'] },
      ip: '203.0.113.7',
      at: expect.any(String),
    },
    { actor: { kind: 'system', id: null, name: null }, action: 'project.created', ip: null },
  ])
})

test('one entry is found by its id, in its own project alone', async () => {
  await note('key.created', { detail: { name: 'CI' } })
  const [entry] = (await project.call(['audit', 'list'], {})).data
  const id = entry?.id ?? ''
  expect(await project.call(['audit', 'get'], { id })).toEqual(entry)
  const other = await instance.project('Other')
  const refused = (by: TestProject, of: string) =>
    by.call(['audit', 'get'], { id: of }).catch((error: unknown) => error)
  expect(await refused(other, id)).toMatchObject({ code: 'AUDIT_ENTRY_NOT_FOUND' })
  expect(await refused(project, ADA.id)).toMatchObject({ code: 'AUDIT_ENTRY_NOT_FOUND' })
})

test('the list can be narrowed to who, what, to what and when', async () => {
  await note('key.created')
  await note('key.revoked', { actor: { kind: 'key', id: 'k1', name: 'x' }, target: 'k2' })
  await note('keyring.x')
  expect(await listed({ actor: ADA.id })).toEqual(['keyring.x', 'key.created'])
  expect(await listed({ actor: 'key' })).toEqual(['key.revoked'])
  expect(await listed({ actor: 'k1' })).toEqual(['key.revoked'])
  expect(await listed({ actor: 'system' })).toEqual(['project.created'])
  expect(await listed({ action: 'key.created' })).toEqual(['key.created'])
  expect(await listed({ action: 'key.' })).toEqual(['key.revoked', 'key.created'])
  expect(await listed({ action: 'k_y.' })).toEqual([])
  expect(await listed({ target: 'k2' })).toEqual(['key.revoked'])
  await sql`
    insert into audit_log (project_id, id, at, actor, action)
    select ${project.id}, uuidv7(age), now() + age, '{"kind": "system"}', 'earlier' from (select interval '-1 day') a (age)
  `.execute(instance.db)
  const anHourAgo = new Date(Date.now() - 3_600_000).toISOString()
  expect(await listed({ until: anHourAgo })).toEqual(['earlier'])
  expect(await listed({ since: anHourAgo })).toHaveLength(4)
})

test('the pages of an export are one file, with the names of the columns once', async () => {
  for (let index = 0; index < 4; index += 1) await note(`act.${index}`)
  let csv = ''
  let cursor: string | undefined
  let pages = 0
  do {
    const page = await project.call(['audit', 'export'], { limit: 2, action: 'act.', ...(cursor && { cursor }) })
    csv += page.csv
    cursor = page.cursor ?? undefined
    pages += 1
  } while (cursor !== undefined)
  expect(pages).toBe(2)
  const lines = csv.split('\r\n')
  expect(lines[0]).toBe('id,at,actor_kind,actor_id,actor_name,action,target,detail,ip')
  expect(lines.slice(1).map((line) => line.split(',')[5])).toEqual(['act.3', 'act.2', 'act.1', 'act.0', undefined])
})

test('an export runs nothing in a spreadsheet, and loses nothing', async () => {
  const name = '=HYPERLINK("https://evil.example","x")'
  await note('act.1', { actor: { ...ADA, name }, target: '@SUM(A1)', detail: { text: 'a,"b"\nc' } })
  const { csv } = await project.call(['audit', 'export'], { action: 'act.1' })
  expect(csv).toContain(`,"'=HYPERLINK(""https://evil.example"",""x"")",act.1,'@SUM(A1),`)
  expect(csv).toContain(String.raw`"{""text"":""a,\""b\""\nc""}"`)
})

test('another project sees none of it, and a key needs the scope', async () => {
  await note('act.1')
  const other = await instance.project('Other')
  const { data } = await other.call(['audit', 'list'], { action: 'act.1' })
  expect(data).toEqual([])
  expect((await other.call(['audit', 'export'], {})).csv).not.toContain('act.1')
  const actor = keyActor(project.id, ['project:read'])
  for (const verb of ['list', 'export'] as const) {
    await expect(project.call(['audit', verb], {}, { actor })).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
  }
})

describe('what people do by hand', () => {
  const person = (): Actor => ({
    kind: 'user',
    projectId: project.id,
    role: 'owner',
    scopes: new Set(PERMISSIONS),
    person: {
      userId: ADA.id,
      sessionId: 'session',
      name: ADA.name,
      email: 'ada@example.com',
      emailVerified: true,
      isInstanceOwner: false,
      provenAt: new Date(),
    },
  })
  const newEntries = async (actor: Actor) => (await project.call(['audit', 'list'], { actor: actor.kind })).data

  async function everything(actor: Actor) {
    const mail = emailStates(instance, () => project)
    const as = { actor, ip: '203.0.113.7' }
    const [cancelled, moved] = [await mail.make.scheduled(), await mail.make.scheduled()]
    await project.call(['emails', 'cancel'], { id: cancelled }, as)
    await project.call(['emails', 'cancel'], { id: cancelled }, as)
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString()
    await project.call(['emails', 'reschedule'], { id: moved, scheduledAt }, as)
    await project.call(['emails', 'retryNow'], { id: moved }, as)
    const { id: copy } = await project.call(['emails', 'sendAgain'], { id: moved }, as)
    const mailTo = (...to: string[]) => ({ to, subject: 'Hello', body: '<p>Hello</p>' })
    const { emails } = await project.call(['emails', 'send'], mailTo('a@example.com', 'b@example.com'), as)
    const batch = [{ ...mailTo(), to: 'a@example.com' }]
    const { results } = await project.call(['emails', 'sendBatch'], { emails: batch }, as)
    const sent = emails.map(({ email }) => email)
    const inBatch = results.flatMap((result) => ('email' in result ? [result.email] : []))
    const { event } = await project.call(['events', 'track'], { event: 'tried', email: 'a@example.com' }, as)
    const once = { ...as, idempotencyKey: `once ${newId()}` }
    const repeated = await project.call(['emails', 'send'], mailTo('a@example.com'), once)
    await project.call(['emails', 'send'], mailTo('a@example.com'), once)
    const { id: contact } = await project.call(['contacts', 'upsert'], { email: 'new@example.com' }, as)
    await project.call(['contacts', 'upsert'], { email: 'new@example.com', subscribed: false }, as)
    const contacts = ['new@example.com', 'newer@example.com', 'malformed'].map((email) => ({ email }))
    await project.call(['contacts', 'upsertMany'], { contacts }, as)
    await project.call(['contacts', 'upsertMany'], { contacts: [{ email: 'malformed' }] }, as)
    await sql`
      insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
      values (${project.id}, uuidv7(), ${moved}, '', '{}', '', 1, '')
    `.execute(instance.db)
    await project.call(['inbox', 'clear'], {}, as)
    await project.call(['inbox', 'clear'], {}, as)
    await project.call(['audit', 'export'], { action: 'key.' }, as)
    return { cancelled, moved, scheduledAt, copy, sent, inBatch, event, once: repeated.emails[0]?.email, contact }
  }

  test('is kept, each act once', async () => {
    const { cancelled, moved, scheduledAt, copy, sent, inBatch, event, once, contact } = await everything(person())
    const entries = await newEntries(person())
    expect(entries.map(({ action, target, detail }) => [action, target, detail]).toReversed()).toEqual([
      ['email.cancelled', cancelled, {}],
      ['email.rescheduled', moved, { scheduledAt }],
      ['email.retried', moved, {}],
      ['email.sent-again', moved, { copy }],
      ['email.sent', sent[0], { emails: sent }],
      ['email.sent', inBatch[0], { emails: inBatch }],
      ['event.tracked', event, { name: 'tried' }],
      ['email.sent', once, { emails: [once] }],
      ['contact.added', contact, {}],
      ['contact.changed', contact, {}],
      ['contact.batch-saved', contact, { created: 1, updated: 1 }],
      ['inbox.cleared', project.id, { deleted: 1 }],
      ['audit.exported', project.id, { action: 'key.' }],
    ])
    expect(entries[0]).toMatchObject({ actor: ADA, ip: '203.0.113.7' })
  })

  test('is not kept of keys, whose traffic the log of the API has', async () => {
    const key = keyActor(project.id)
    await everything(key)
    expect(await newEntries(key)).toEqual([])
  })
})
