import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importFile, run, startImport } from '../../test/import.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { memberContext, testMember } from '../../test/people.ts'
import type { Context } from '../context.ts'
import { runProjectJob } from '../project-jobs/run.ts'
import { changeConsent } from './consent.ts'
import { hashOfAddress } from './refused.ts'

let instance: TestInstance
let project: TestProject
let byHand: Context

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
  const { session } = await testMember(instance, project.id, 'member')
  byHand = await memberContext(instance, session, project.id)
})

afterAll(() => instance.close())

const secret = () => ({ actor: keyActor(project.id) })
const asPublic = () => ({
  actor: { ...keyActor(project.id), keyKind: 'public' as const },
  ip: '192.0.2.7',
  userAgent: 'A browser',
})

const keyed: TestProject['call'] = (name, input, context) => project.call(name, input, { ...secret(), ...context })

interface Word {
  email: string
  id: string
  consent: { source: string; text: string; at?: string | undefined } | undefined
}

/** Given before anybody here left. */
const OLDER = { source: 'https://acme.example/join', text: 'v3', at: '2020-01-02T03:04:05.000Z' }

/** Given just now; a file has to say so. */
const newer = (way: string) => ({ ...OLDER, at: way === 'an import' ? new Date().toISOString() : undefined })

const never = new AbortController().signal

/** All ways by which a caller can say that somebody is subscribed, and how each says what came of it. */
const WAYS: Record<string, (word: Word) => Promise<unknown>> = {
  async 'an upsert'({ email, consent }) {
    const { _meta } = await project.call(['contacts', 'upsert'], { email, subscribed: true, consent }, secret())
    return _meta.consent
  },
  async 'an upsert in the dashboard'({ email, consent }) {
    const { _meta } = await project.call(['contacts', 'upsert'], { email, subscribed: true, consent }, byHand)
    return _meta.consent
  },
  async 'an update'({ id, consent }) {
    const changed = project.call(['contacts', 'update'], { id, subscribed: true, consent }, secret())
    return changed.then(({ subscribed }) => (subscribed ? 'subscribed' : 'unsubscribed')).catch(codeOf)
  },
  async 'an update in the dashboard'({ email, consent }) {
    const changed = project.call(['contacts', 'update'], { id: email, subscribed: true, consent }, byHand)
    return changed.then(({ subscribed }) => (subscribed ? 'subscribed' : 'unsubscribed')).catch(codeOf)
  },
  async 'a batch'({ email, consent }) {
    const contacts = [{ email, subscribed: true, consent }]
    const { results } = await project.call(['contacts', 'upsertMany'], { contacts }, secret())
    return results[0]?.status === 'updated' ? results[0].consent : results[0]
  },
  async 'bulk subscribing'({ id, consent }) {
    const asked = { mode: 'ids' as const, contactIds: [id], consent }
    const { jobId } = await project.call(['contacts', 'bulkSubscribe'], asked, secret())
    await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal: never, batchRows: 10 })
    const { result } = await project.call(['contacts', 'bulkJob'], { jobId })
    return result?.errors[0]?.code ?? 'subscribed'
  },
  async 'an event'({ email, consent }) {
    await project.call(['events', 'track'], { event: 'seen', email, subscribed: true, consent }, secret())
  },
  async 'a batch of events'({ email, consent }) {
    const events = [{ event: 'seen', email, subscribed: true, consent }]
    await project.call(['events', 'trackBatch'], { events }, secret())
  },
  async 'an import'({ email, consent }) {
    await importFile(instance, { ...project, call: keyed }, `email,subscribed\n${email},yes\n`, { consent })
  },
}

const IN_A_MINUTE = () => new Date(Date.now() + 60_000).toISOString()

const codeOf = (error: { code: string }) => error.code

const LEFT = {
  'by the page': (contactId: string) => leave(contactId, 'page'),
  'by one click': (contactId: string) => leave(contactId, 'one-click'),
  'through the API': (id: string) => project.call(['contacts', 'update'], { id, subscribed: false }, secret()),
  'with a mail that said so': async (id: string) => {
    const { email } = await project.call(['contacts', 'get'], { id })
    await project.call(['emails', 'send'], { to: email, subject: 'S', text: 'T', subscribed: false }, secret())
  },
}

const leave = (contactId: string, how: 'page' | 'one-click') =>
  changeConsent(instance.db, {
    projectId: project.id,
    contactId,
    subscribed: false,
    how,
    ip: '192.0.2.1',
    userAgent: 'M',
  })

let made = 0
async function somebodyWho(left: keyof typeof LEFT) {
  const { id, email } = await project.call(['contacts', 'upsert'], { email: `left-${(made += 1)}@example.com` })
  await LEFT[left](id)
  return { id, email }
}

const stateOf = async (id: string) => {
  const { subscribed, optedOutAt } = await project.call(['contacts', 'get'], { id })
  return { subscribed, isOut: optedOutAt !== null }
}

const logOf = async (id: string) => (await project.call(['contacts', 'consentLog'], { id })).data

describe.each(Object.keys(LEFT) as (keyof typeof LEFT)[])('who left %s', (left) => {
  test.each(Object.keys(WAYS))('is not brought back by %s, which says so', async (way) => {
    const { id, email } = await somebodyWho(left)
    const before = await logOf(id)
    for (const consent of [undefined, OLDER]) {
      const said = await WAYS[way]!({ id, email, consent })
      expect([undefined, 'opted-out', 'CONTACT_OPTED_OUT']).toContain(said)
      expect(await stateOf(id)).toEqual({ subscribed: false, isOut: true })
      expect(await logOf(id)).toEqual(before)
    }
  })

  test.each(Object.keys(WAYS))('comes back by %s with a consent, which is kept', async (way) => {
    const { id, email } = await somebodyWho(left)
    const said = await WAYS[way]!({ id, email, consent: newer(way) })
    expect([undefined, 'subscribed']).toContain(said)
    expect(await stateOf(id)).toEqual({ subscribed: true, isOut: false })
    const [first] = await logOf(id)
    expect(first).toMatchObject({ subscribed: true, topic: null, source: 'https://acme.example/join', text: 'v3' })
    expect(first?.actor?.id).toEqual(expect.any(String))
    expect(JSON.stringify(first)).not.toMatch(/sk_|pk_/)
  })

  test('is never flipped with a public key, whatever comes along, and nothing is kept of it', async () => {
    const { id, email } = await somebodyWho(left)
    const before = await logOf(id)
    const consent = { source: 'form', confirmed: true }
    await project.call(['events', 'track'], { event: 'e', email, subscribed: true, consent }, asPublic())
    const events = [{ event: 'e', email, subscribed: true, consent }]
    await project.call(['events', 'trackBatch'], { events }, asPublic())
    expect(await stateOf(id)).toEqual({ subscribed: false, isOut: true })
    expect(await logOf(id)).toEqual(before)
  })

  test('gets no marketing by a send that says they are subscribed', async () => {
    await project.call(['project', 'update'], { postalAddress: '1 Test Street' })
    const { id: template } = await project.call(['templates', 'create'], { name: `T${made}`, subject: 'S', body: 'B' })
    const { id, email } = await somebodyWho(left)
    const sending = project.call(['emails', 'send'], { to: email, template, subscribed: true }, secret())
    await expect(sending).rejects.toMatchObject({ code: 'CONTACT_UNSUBSCRIBED' })
    expect(await stateOf(id)).toEqual({ subscribed: false, isOut: true })
  })
})

const erase = async (id: string) => {
  const { jobId } = await project.call(['contacts', 'erase'], { id })
  await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal: never })
}

/** All ways by which an address comes to be nobody's. */
const GONE = {
  'was deleted': (id: string) => project.call(['contacts', 'delete'], { id }),
  'was deleted with others': async (id: string) => {
    const { jobId } = await project.call(['contacts', 'bulkDelete'], { mode: 'ids', contactIds: [id] })
    await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal: never })
  },
  'was erased': erase,
  'was erased under another address': async (id: string) => {
    await GONE['got another address'](id)
    await erase(id)
  },
  'got another address': (id: string) =>
    project.call(['contacts', 'update'], { id, email: `moved-${(made += 1)}@example.com` }),
}

/** The ways that need no contact. */
const BACK = Object.keys(WAYS).filter((way) => !/update|bulk/.test(way))

describe.each(Object.keys(GONE) as (keyof typeof GONE)[])('who opted out and then %s', (gone) => {
  test.each(BACK)('is not brought back by %s', async (way) => {
    const { id, email } = await somebodyWho('by the page')
    await GONE[gone](id)
    for (const consent of [OLDER, undefined]) {
      await WAYS[way]!({ id, email, consent })
      // An import leaves such people out.
      const out = way === 'an import' ? 'CONTACT_NOT_FOUND' : { subscribed: false, isOut: true }
      expect(await stateOf(email).catch(codeOf)).toEqual(out)
    }
  })

  test.each(BACK)('comes back by %s with a consent, for good', async (way) => {
    const { id, email } = await somebodyWho('by the page')
    await GONE[gone](id)
    await WAYS[way]!({ id, email, consent: newer(way) })
    expect(await stateOf(email)).toEqual({ subscribed: true, isOut: false })
    await project.call(['contacts', 'delete'], { id: email })
    await project.call(['contacts', 'upsert'], { email, subscribed: true })
    expect(await stateOf(email)).toEqual({ subscribed: true, isOut: false })
  })

  test('makes a contact refuse that gets the address, unless a consent comes along', async () => {
    const { id, email } = await somebodyWho('by the page')
    await GONE[gone](id)
    const other = await project.call(['contacts', 'upsert'], { email: `onto-${(made += 1)}@example.com` })
    const move = (word: object = {}) => project.call(['contacts', 'update'], { id: other.id, email, ...word })
    await expect(move({ subscribed: true })).rejects.toMatchObject({ code: 'CONTACT_OPTED_OUT' })
    expect(await stateOf(other.id)).toEqual({ subscribed: true, isOut: false })
    expect(await move()).toMatchObject({ email, subscribed: false, optedOutAt: expect.any(String) })
    expect(await logOf(other.id)).toMatchObject([{ subscribed: false, how: 'system' }])
    await move({ email: other.email })
    const consent = { source: 'desk' }
    expect(await move({ subscribed: true, consent })).toMatchObject({ email, subscribed: true, optedOutAt: null })
    await project.call(['contacts', 'delete'], { id: email })
    expect(await project.call(['contacts', 'upsert'], { email })).toMatchObject({ subscribed: true })
  })

  test('comes back by their own page to the contact that has their address now', async () => {
    const { id, email } = await somebodyWho('by the page')
    await GONE[gone](id)
    const { id: contactId } = await project.call(['contacts', 'upsert'], { email, subscribed: true })
    await changeConsent(instance.db, {
      projectId: project.id,
      contactId,
      subscribed: true,
      how: 'page',
      ip: undefined,
      userAgent: undefined,
    })
    await project.call(['contacts', 'delete'], { id: contactId })
    expect(await project.call(['contacts', 'upsert'], { email })).toMatchObject({ subscribed: true })
  })
})

test.each<[string, (email: string) => Promise<{ subscribed: boolean }>]>([
  [
    'makes them anew',
    (email) => project.call(['contacts', 'upsert'], { email, subscribed: true, data: { a: 1 } }, secret()),
  ],
  [
    'gives another contact their address',
    async (email) => {
      const { id } = await project.call(['contacts', 'upsert'], { email: `onto-${(made += 1)}@example.com` })
      return project.call(['contacts', 'update'], { id, email }, secret())
    },
  ],
])('who is deleted in the very moment in which somebody %s still refuses', async (_, make) => {
  const { id, email } = await somebodyWho('by the page')
  const waiting = await instance.db.transaction().execute(async (trx) => {
    await project.call(['contacts', 'delete'], { id }, { db: trx })
    const making = make(email)
    await expect
      .poll(async () => {
        const { rows } = await sql`select from pg_locks where not granted`.execute(instance.db)
        return rows.length
      })
      .toBe(1)
    return { making }
  })
  expect(await waiting.making).toMatchObject({ subscribed: false })
  expect(await stateOf(email)).toEqual({ subscribed: false, isOut: true })
})

test('who leaves while a job waits stays out, whatever consent came with it', async () => {
  const consent = { source: 'fair' }
  const { id, email } = await project.call(['contacts', 'upsert'], { email: 'waiting@example.com' })
  const later = { ...consent, at: IN_A_MINUTE() }
  const begun = await startImport(project, `email,subscribed\n${email},yes\n`, { consent: later })
  const asked = { mode: 'ids' as const, contactIds: [id], consent: later }
  const { jobId } = await project.call(['contacts', 'bulkSubscribe'], asked)
  await leave(id, 'one-click')
  await run(instance.db, project, begun)
  await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal: never })
  expect(await stateOf(id)).toEqual({ subscribed: false, isOut: true })
  expect((await project.call(['imports', 'get'], { id: begun.id })).counts).toMatchObject({ keptOut: 1, updated: 0 })
  const { result } = await project.call(['contacts', 'bulkJob'], { jobId })
  expect(result).toMatchObject({ failureCount: 1, errors: [{ code: 'CONTACT_OPTED_OUT' }] })
})

/** How somebody who is out already says no once more. */
const AGAIN: Record<string, (who: { id: string; email: string }) => Promise<unknown>> = {
  'with one click': ({ id }) => leave(id, 'one-click'),
  'by an upsert': ({ email }) => project.call(['contacts', 'upsert'], { email, subscribed: false }, secret()),
  'by an update': ({ id }) => project.call(['contacts', 'update'], { id, subscribed: false }, secret()),
  'by being erased': ({ id }) =>
    project.call(['contacts', 'erase'], { id }, { actor: keyActor(project.id, ['contacts:erase']) }),
  async 'by a file that says since when'({ email }) {
    const { rows } = await sql<{ now: string }>`select now()::text as now`.execute(instance.db)
    await importFile(instance, project, `email,unsubscribed_at\n${email},${new Date(rows[0]!.now).toISOString()}\n`)
  },
}

test.each(Object.keys(AGAIN))('a consent from before somebody says no again %s brings nobody back', async (how) => {
  const { id, email } = await project.call(['contacts', 'upsert'], { email: `again-${(made += 1)}@example.com` })
  await project.call(['contacts', 'update'], { id, subscribed: false }, secret())
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(instance.db)
  await sql`select pg_sleep(0.005)`.execute(instance.db)
  await AGAIN[how]!({ id, email })
  const consent = { source: 'shop', at: rows[0]!.now.toISOString() }
  const back = await project.call(['contacts', 'upsert'], { email, subscribed: true, consent }, secret())
  expect(back).toMatchObject({ subscribed: false, _meta: { consent: 'opted-out' } })
})

test('nobody agrees in the future, but for clocks that differ a little', async () => {
  const given = (at: string) => ({ email: 'later@example.com', subscribed: true, consent: { source: 'form', at } })
  await expect(project.call(['contacts', 'upsert'], given('2099-01-01T00:00:00Z'))).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    errors: [{ field: 'consent.at', message: expect.stringMatching(/future/) }],
  })
  await project.call(['contacts', 'upsert'], given(IN_A_MINUTE()))
})

test('of one batch, a consent that is older brings nobody back who refuses in it', async () => {
  const email = 'batch@example.com'
  const contacts = [
    { email, subscribed: false },
    { email, subscribed: true, consent: OLDER },
  ]
  await project.call(['contacts', 'upsertMany'], { contacts })
  expect(await stateOf(email)).toEqual({ subscribed: false, isOut: true })
})

test('who refuses with the update that changes their address refuses at both', async () => {
  const { id, email } = await project.call(['contacts', 'upsert'], { email: 'both@example.com' })
  await project.call(['contacts', 'update'], { id, email: 'both-now@example.com', subscribed: false })
  expect(await project.call(['contacts', 'upsert'], { email, subscribed: true })).toMatchObject({ subscribed: false })
})

test('who is subscribed and deleted begins as anybody new', async () => {
  const email = 'gladly@example.com'
  await project.call(['contacts', 'upsert'], { email, subscribed: true })
  await project.call(['contacts', 'delete'], { id: email })
  expect(await project.call(['contacts', 'upsert'], { email })).toMatchObject({ subscribed: true, optedOutAt: null })
})

test('who was never subscribed and is said not to be refuses from then on', async () => {
  const email = 'silent@example.com'
  await project.call(['emails', 'send'], { to: email, subject: 'S', text: 'T' })
  const { id, optedOutAt } = await project.call(['contacts', 'get'], { id: email })
  expect(optedOutAt).toBeNull()
  await project.call(['contacts', 'upsert'], { email, subscribed: false })
  expect(await stateOf(id)).toEqual({ subscribed: false, isOut: true })
  expect(await logOf(id)).toMatchObject([{ subscribed: false, how: 'system', ip: null }])
})

test('of one batch, what comes behind a refusal does not undo it, unless it brings a consent', async () => {
  const entries = (consent?: { source: string }) => [
    { email: 'torn@example.com', subscribed: false },
    { email: 'torn@example.com', subscribed: true, consent },
  ]
  const save = (contacts: ReturnType<typeof entries>) => project.call(['contacts', 'upsertMany'], { contacts })
  expect((await save(entries())).results).toMatchObject([{ consent: 'opted-out' }, { consent: 'opted-out' }])
  expect((await save(entries({ source: 'desk' }))).results).toMatchObject([{}, { consent: 'subscribed' }])
})

test('what begins a contact is kept where somebody says so, with where the browser was for a public key', async () => {
  await project.call(['events', 'track'], { event: 'e', email: 'b1@example.com', subscribed: true }, asPublic())
  expect(await logOf('b1@example.com')).toMatchObject([
    { subscribed: true, how: 'api', actor: { kind: 'key' }, ip: '192.0.2.7', userAgent: 'A browser' },
  ])
  const consent = { source: 'till', ip: '2001:db8::1', userAgent: 'Till', at: '2026-01-02T03:04:05.000Z' }
  const about = { email: 'b2@example.com', subscribed: true, consent }
  await project.call(['contacts', 'upsert'], about, byHand)
  await project.call(['contacts', 'upsert'], { email: 'b3@example.com' }, secret())
  expect(await logOf('b2@example.com')).toMatchObject([
    { how: 'dashboard', actor: { kind: 'user' }, ip: '2001:db8::1', userAgent: 'Till', givenAt: consent.at },
  ])
  expect(await logOf('b3@example.com')).toEqual([])
})

test('somebody who was erased begins as one who refuses, however they come, and comes back by a consent', async () => {
  const erase = (email: string) =>
    instance.db
      .insertInto('refused_addresses')
      .values({ project_id: project.id, hash: hashOfAddress(project.id, email) })
      .execute()
  for (const name of ['e1', 'e2', 'e3', 'e4']) await erase(`${name}@example.com`)
  const other = await instance.project()
  expect(await other.call(['contacts', 'upsert'], { email: 'e1@example.com' })).toMatchObject({ subscribed: true })
  const upserted = await project.call(['contacts', 'upsert'], { email: 'e1@example.com', subscribed: true })
  expect(upserted).toMatchObject({ subscribed: false, _meta: { isNew: true, consent: 'opted-out' } })
  await project.call(['events', 'track'], { event: 'e', email: 'e2@example.com' }, asPublic())
  await project.call(['emails', 'send'], { to: 'e3@example.com', subject: 'S', text: 'T', subscribed: true })
  for (const email of ['e2@example.com', 'e3@example.com']) {
    expect(await stateOf(email)).toEqual({ subscribed: false, isOut: true })
  }
  await project.call(['project', 'update'], { postalAddress: '1 Test Street' })
  const { id } = await project.call(['templates', 'create'], { name: 'To the erased', subject: 'S', body: 'B' })
  const sending = project.call(['emails', 'send'], { to: 'e4@example.com', template: id, subscribed: true })
  await expect(sending).rejects.toMatchObject({ code: 'CONTACT_UNSUBSCRIBED' })
  const consent = { source: 'came back' }
  const back = await project.call(['contacts', 'upsert'], { email: 'e1@example.com', subscribed: true, consent })
  expect(back).toMatchObject({ subscribed: true, optedOutAt: null })
})

test('the log of one contact stays bounded, whoever fills it', async () => {
  const email = 'often@example.com'
  for (let nth = 0; nth < 103; nth += 1) {
    await project.call(['contacts', 'upsert'], { email, subscribed: true, consent: { source: `s${nth}` } })
  }
  const { data, hasMore } = await project.call(['contacts', 'consentLog'], { id: email, limit: 100 })
  const sources = [data[0], data.at(-2), data.at(-1)].map((decision) => decision?.source)
  // The proof that they once agreed is never pushed out.
  expect([data.length, hasMore, ...sources]).toEqual([100, false, 's102', 's4', 's0'])

  // Nor by a topic that they choose and leave.
  await project.call(['topics', 'create'], { id: 'often', name: 'Often' })
  await sql`
    insert into consent_log (project_id, contact_id, id, topic, subscribed, how)
    select project_id, id, uuidv7(), 'often', n % 2 = 0, 'page' from contacts, generate_series(1, 100) n
    where project_id = ${project.id} and email = ${email}
  `.execute(instance.db)
  await project.call(['contacts', 'upsert'], { email, topics: { often: true } })
  const { rows } = await sql`
    select topic, count(*)::int from consent_log join contacts on contacts.id = contact_id
    where contacts.project_id = ${project.id} and email = ${email} group by topic order by topic
  `.execute(instance.db)
  expect(rows).toEqual([
    { topic: 'often', count: 100 },
    { topic: null, count: 100 },
  ])
})

test('two who subscribe and leave at the same time leave a log that says what is', async () => {
  const { id, email } = await project.call(['contacts', 'upsert'], { email: 'race@example.com' })
  await Promise.all([
    leave(id, 'one-click'),
    ...Array.from({ length: 8 }, () => WAYS['an upsert']!({ id, email, consent: undefined })),
    ...Array.from({ length: 8 }, () => WAYS['an update']!({ id, email, consent: undefined })),
  ])
  expect(await stateOf(id)).toEqual({ subscribed: false, isOut: true })
  expect(await logOf(id)).toMatchObject([{ subscribed: false, how: 'one-click' }])
})

test('a consent goes with what it is given to, and a refusal has none', async () => {
  const consent = { source: 'form' }
  const about = { errors: [{ field: 'consent' }] }
  const email = 'bare@example.com'
  await expect(project.call(['contacts', 'upsert'], { email, consent })).rejects.toMatchObject(about)
  await expect(project.call(['contacts', 'upsert'], { email, subscribed: false, consent })).rejects.toMatchObject(about)
  await expect(project.call(['contacts', 'update'], { id: email, consent })).rejects.toMatchObject(about)
  await expect(project.call(['events', 'track'], { event: 'e', email, consent })).rejects.toMatchObject(about)
  const contacts = [{ email, consent }]
  const { results } = await project.call(['contacts', 'upsertMany'], { contacts })
  expect(results).toMatchObject([{ status: 'refused', error: { field: 'consent' } }])
})
