import type { Db } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { confirm } from './consent/confirm.ts'
import { changeConsent } from './consent/consent.ts'
import { changeContact } from './contacts/change.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
beforeEach(async () => {
  project = await instance.project()
  await project.call(['project', 'update'], { doubleOptIn: true })
  await project.call(['topics', 'create'], { id: 'weekly', name: 'Weekly', subscribedByDefault: true })
})
afterAll(() => instance.close())

interface Asked {
  id: string
  email: string
  question: string
}

const EMAIL = 'ada@example.com'

/** A contact that has not answered yet. */
async function asked(): Promise<Asked> {
  const { id } = await project.call(['contacts', 'upsert'], { email: EMAIL, subscribed: true })
  return { id, email: EMAIL, question: await questionOf(id) }
}

async function questionOf(contactId: string): Promise<string> {
  const row = instance.db.selectFrom('confirmations').select('id').where('contact_id', '=', contactId)
  return (await row.executeTakeFirstOrThrow()).id
}

const SIGN = { ip: '192.0.2.1', userAgent: 'A mail program' }

const leave = (contactId: string, topic?: string) =>
  changeConsent(instance.db, { projectId: project.id, contactId, topic, subscribed: false, how: 'one-click', ...SIGN })

/** All ways by which what somebody was asked is written together with their contact. */
const WRITERS: Record<string, (contact: Asked) => Promise<unknown>> = {
  'one click': ({ id }) => leave(id),
  'one click that leaves a topic': ({ id }) => leave(id, 'weekly'),
  'a confirmation': ({ question }) =>
    confirm(instance.db, { projectId: project.id, id: question, ...SIGN, text: 'Yes' }),
  'an update': ({ id }) => project.call(['contacts', 'update'], { id, subscribed: false }),
  'an update of all there is': ({ id }) =>
    project.call(['contacts', 'update'], { id, email: 'b@example.com', subscribed: false, topics: { weekly: false } }),
  'an upsert': ({ email }) =>
    project.call(['contacts', 'upsert'], { email, subscribed: false, topics: { weekly: false } }),
  'a batch': ({ email }) => {
    const contacts = [{ email, subscribed: false, topics: { weekly: false } }, { email: 'cy@example.com' }]
    return project.call(['contacts', 'upsertMany'], { contacts })
  },
}

const lockContact = (db: Db, id: string) =>
  sql`select from contacts where project_id = ${project.id} and id = ${id} for update`.execute(db)

async function oneWaits(): Promise<void> {
  await vi.waitFor(async () => {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
    `.execute(instance.db)
    expect(rows).toHaveLength(1)
  }, 10_000)
}

test.each(Object.keys(WRITERS))('the contact is taken first, and what it was asked after that: %s', async (writer) => {
  const contact = await asked()
  // Who refuses already is known, and still has to be taken first.
  if (writer === 'an upsert' || writer === 'a batch') {
    await leave(contact.id)
    const consent = { source: 'form' }
    await project.call(['contacts', 'upsert'], { email: EMAIL, subscribed: true, consent })
  }
  const other = await instance.db.startTransaction().execute()
  await lockContact(other, contact.id)
  const writing = WRITERS[writer]!(contact)
  writing.catch(() => {})
  await oneWaits()
  // Had the writer taken it, each would wait for the other now.
  await sql`
    select from confirmations where project_id = ${project.id} and contact_id = ${contact.id} for update nowait
  `.execute(other)
  await other.commit().execute()
  await writing
  const { subscribed, optedOutAt } = await project.call(['contacts', 'get'], { id: contact.id })
  const isIn = writer === 'a confirmation'
  const isOut = !isIn && writer !== 'one click that leaves a topic'
  expect({ subscribed, isOut: optedOutAt !== null }).toEqual({ subscribed: isIn, isOut })
})

test('who opts out is not brought back by a confirmation that began before and comes after', async () => {
  const { id, question } = await asked()
  const other = await instance.db.startTransaction().execute()
  await sql`lock table projects in access exclusive mode`.execute(other)
  const confirming = confirm(instance.db, { projectId: project.id, id: question, ...SIGN, text: 'Yes' })
  await oneWaits()
  const origin = { how: 'one-click' as const, actor: null, ip: null, userAgent: null }
  await instance.db.transaction().execute(async (trx) => {
    await changeContact(trx, { projectId: project.id, id, subscribed: false, origin })
  })
  await other.rollback().execute()
  expect(await confirming).toMatchObject({ state: 'over' })
  const { subscribed, optedOutAt } = await project.call(['contacts', 'get'], { id })
  expect({ subscribed, isOut: optedOutAt !== null }).toEqual({ subscribed: false, isOut: true })
})

/** Has the database end the next transactions that write a contact, as it does where others are in their way. */
async function inTheWay(code: '40P01' | '40001'): Promise<void> {
  await sql`drop sequence if exists tries cascade`.execute(instance.db)
  await sql`create sequence tries`.execute(instance.db)
  await sql`
    create or replace function be_in_the_way() returns trigger language plpgsql as ${sql.raw(`$$
      begin
        if nextval('tries') <= 2 then raise exception 'in the way' using errcode = '${code}'; end if;
        return new;
      end $$`)}
  `.execute(instance.db)
  await sql`
    create or replace trigger in_the_way before insert or update on contacts
      for each row execute function be_in_the_way()
  `.execute(instance.db)
}

const MAIL = { subject: 'Hello', text: 'Hello' }
let keys = 0
const once = () => ({ idempotencyKey: `key ${(keys += 1)}` })

const { 'one click that leaves a topic': _, ...WRITERS_OF_CONTACTS } = WRITERS

const DOORS: Record<string, (contact: Asked) => Promise<unknown>> = {
  ...WRITERS_OF_CONTACTS,
  'a call that happens once': ({ id }) => project.call(['contacts', 'update'], { id, subscribed: false }, once()),
  'a send': () => project.call(['emails', 'send'], { ...MAIL, to: 'new@example.com' }),
  'a send that happens once': () => project.call(['emails', 'send'], { ...MAIL, to: 'new@example.com' }, once()),
  'a send that names the contact': () =>
    project.call(['emails', 'send'], { ...MAIL, to: 'new@example.com', text: '{{ unsubscribeUrl }}' }),
  'an event': () => project.call(['events', 'track'], { event: 'seen', email: 'new@example.com' }),
  'a batch of events': () =>
    project.call(['events', 'trackBatch'], { events: [{ event: 'seen', email: 'new@example.com' }] }),
}

test.each(Object.keys(DOORS))('what the database ends for the sake of others is done again: %s', async (door) => {
  const contact = await asked()
  await inTheWay(door === 'an update' ? '40001' : '40P01')
  try {
    await DOORS[door]!(contact)
    const { rows } = await sql<{ tries: string }>`select last_value as tries from tries`.execute(instance.db)
    expect(Number(rows[0]?.tries)).toBeGreaterThan(2)
  } finally {
    await sql`drop trigger in_the_way on contacts`.execute(instance.db)
  }
  const mails = await project.call(['emails', 'list'], { to: 'new@example.com' })
  expect(mails.data).toHaveLength(/send|event/.test(door) ? 1 : 0)
})
