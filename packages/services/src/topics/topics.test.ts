import { LIMITS, type WireInput } from '@posthorn/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importFile } from '../../test/import.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { changeConsent, chooseOfTopics, findRecipient } from '../consent/consent.ts'
import { recipientLinks } from '../consent/links.ts'
import { runProjectJob } from '../project-jobs/run.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
beforeEach(async () => {
  project = await instance.project()
})
afterAll(() => instance.close())

const create = (id: string, change: object = {}) =>
  project.call(['topics', 'create'], { id, name: `The ${id}`, ...change })
const upsert = (email: string, topics?: Record<string, boolean>, change: object = {}) =>
  project.call(['contacts', 'upsert'], { email, topics, ...change })
const statesOf = async (id: string) =>
  Object.fromEntries(
    (await project.call(['contacts', 'topics'], { id })).data.map(({ id: topic, state }) => [topic, state]),
  )
const logOf = async (id: string) => (await project.call(['contacts', 'consentLog'], { id })).data
const sign = { how: 'page' as const, ip: '192.0.2.1', userAgent: 'M' }

describe('topics', () => {
  test('are created, listed by name, changed and deleted, which the audit log says', async () => {
    await create('weekly', { description: 'Every Monday' })
    await create('alerts', { subscribedByDefault: true, visible: false })
    expect((await project.call(['topics', 'list'], {})).data).toMatchObject([
      { id: 'alerts', subscribedByDefault: true, visible: false },
      { id: 'weekly', description: 'Every Monday', subscribedByDefault: false, doubleOptIn: false, visible: true },
    ])
    const changed = await project.call(['topics', 'update'], { id: 'weekly', name: 'A', description: null })
    expect(changed).toMatchObject({ name: 'A', description: null, visible: true })
    await upsert('a@example.com', { weekly: true })
    await upsert('b@example.com', { weekly: false })
    expect(await project.call(['topics', 'get'], { id: 'weekly' })).toMatchObject({ chosenBy: 1, refusedBy: 1 })
    await project.call(['topics', 'delete'], { id: 'weekly' })
    await expect(project.call(['topics', 'get'], { id: 'weekly' })).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
    expect((await logOf('a@example.com')).map(({ topic }) => topic)).toEqual(['weekly'])
    const { data } = await project.call(['audit', 'list'], { action: 'topic.' })
    expect(data.map(({ action }) => action)).toEqual([
      'topic.deleted',
      'topic.changed',
      'topic.created',
      'topic.created',
    ])
  })

  test('that were deleted and come again have been left by who left them, and chosen by nobody', async () => {
    await create('weekly', { subscribedByDefault: true })
    await upsert('left@example.com', { weekly: false })
    await upsert('chose@example.com', { weekly: true })
    for (const subscribedByDefault of [true, false]) {
      await project.call(['topics', 'delete'], { id: 'weekly' })
      await create('weekly', { subscribedByDefault })
      expect(await project.call(['topics', 'get'], { id: 'weekly' })).toMatchObject({ chosenBy: 0, refusedBy: 1 })
      expect((await upsert('left@example.com', { weekly: true }))._meta.topics).toEqual({ weekly: 'opted-out' })
    }
    await upsert('left@example.com', { weekly: true }, { subscribed: true, consent: { source: 'desk' } })
    await project.call(['topics', 'delete'], { id: 'weekly' })
    await create('weekly')
    expect(await statesOf('left@example.com')).toEqual({ weekly: 'unsubscribed' })
  })

  test('are not to be confirmed by people who get them unasked', async () => {
    const both = { subscribedByDefault: true, doubleOptIn: true }
    const refusal = (field: string) => ({ code: 'VALIDATION_ERROR', errors: [{ field }] })
    await expect(create('both', both)).rejects.toMatchObject(refusal('doubleOptIn'))
    await create('asks', { doubleOptIn: true })
    const update = (id: string, change: object) => project.call(['topics', 'update'], { id, ...change })
    await expect(update('asks', { subscribedByDefault: true })).rejects.toMatchObject(refusal('subscribedByDefault'))
    await expect(update('asks', both)).rejects.toMatchObject(refusal('doubleOptIn'))
    await update('asks', { subscribedByDefault: true, doubleOptIn: false })
  })

  test('have an id once, and there are not endlessly many', async () => {
    await create('t0')
    await expect(create('t0')).rejects.toMatchObject({ code: 'TOPIC_EXISTS' })
    for (let nth = 1; nth < LIMITS.topicsPerProject; nth += 1) await create(`t${nth}`)
    await expect(create('one-more')).rejects.toMatchObject({ code: 'TOO_MANY_TOPICS' })
  })

  test.each(['Weekly', 'a b', '', '-a', 'a--b', 'a/b', '__proto__'])('have ids for addresses: not %j', async (id) => {
    await expect(create(id)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' })
  })

  test('of another project are none', async () => {
    await create('weekly')
    const other = await instance.project()
    const notFound = { code: 'TOPIC_NOT_FOUND' }
    await expect(other.call(['topics', 'get'], { id: 'weekly' })).rejects.toMatchObject(notFound)
    await expect(other.call(['topics', 'update'], { id: 'weekly', name: 'x' })).rejects.toMatchObject(notFound)
    await expect(other.call(['topics', 'delete'], { id: 'weekly' })).rejects.toMatchObject(notFound)
    const chosen = other.call(['contacts', 'upsert'], { email: 'a@example.com', topics: { weekly: true } })
    await expect(chosen).rejects.toMatchObject(notFound)
    await expect(other.call(['contacts', 'get'], { id: 'a@example.com' })).rejects.toMatchObject({ status: 404 })
    const linked = { projectId: other.id, contactId: (await upsert('a@example.com')).id, topic: 'weekly' }
    expect(await changeConsent(instance.db, { ...linked, subscribed: true, ...sign })).toBeUndefined()
  })
})

describe('what a contact gets', () => {
  test('is what it chose, or else what the topic begins with, while it is subscribed at all', async () => {
    await create('in', { subscribedByDefault: false })
    await create('out', { subscribedByDefault: true })
    const { id } = await upsert('a@example.com')
    expect(await statesOf(id)).toEqual({ in: 'unsubscribed', out: 'subscribed' })
    const { _meta } = await upsert('a@example.com', { in: true, out: false })
    expect(_meta.topics).toEqual({ in: 'subscribed', out: 'opted-out' })
    expect(await statesOf(id)).toEqual({ in: 'subscribed', out: 'opted-out' })
    await project.call(['contacts', 'update'], { id, subscribed: false })
    expect(await statesOf(id)).toEqual({ in: 'unsubscribed', out: 'opted-out' })
  })

  test('is kept as it was decided, once', async () => {
    await create('weekly')
    const consent = { source: 'form', text: 'v1' }
    for (const _ of [1, 2]) await upsert('a@example.com', { weekly: true }, { consent })
    expect(await logOf('a@example.com')).toMatchObject([
      { topic: 'weekly', subscribed: true, how: 'system', source: 'form', text: 'v1' },
    ])
  })

  test('does not come back by a consent from before the person left it once more', async () => {
    await create('weekly')
    await upsert('again@example.com', { weekly: false })
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(instance.db)
    await sql`select pg_sleep(0.005)`.execute(instance.db)
    await upsert('again@example.com', { weekly: false })
    const consent = { source: 'shop', at: rows[0]!.now.toISOString() }
    const { _meta } = await upsert('again@example.com', { weekly: true }, { consent })
    expect(_meta.topics).toEqual({ weekly: 'opted-out' })
  })

  test('does not come back by a call once the person left it, unless by a consent', async () => {
    await create('weekly')
    const { id } = await upsert('a@example.com', { weekly: true })
    const choose = { projectId: project.id, contactId: id, shown: ['weekly'], wanted: [], ...sign }
    expect((await chooseOfTopics(instance.db, choose))?.topics).toMatchObject([{ isChosen: false }])
    const topics = { weekly: true }
    expect((await upsert('a@example.com', topics))._meta.topics).toEqual({ weekly: 'opted-out' })
    await expect(project.call(['contacts', 'update'], { id, topics, data: { a: 1 } })).rejects.toMatchObject({
      code: 'CONTACT_OPTED_OUT',
    })
    expect((await project.call(['contacts', 'get'], { id })).data).toEqual({})
    const contacts = [{ email: 'a@example.com', topics }]
    const { results } = await project.call(['contacts', 'upsertMany'], { contacts })
    expect(results).toMatchObject([{ topics: { weekly: 'opted-out' } }])
    const older = { source: 'desk', at: '2020-01-01T00:00:00Z' }
    expect((await upsert('a@example.com', topics, { consent: older }))._meta.topics).toEqual({ weekly: 'opted-out' })
    await project.call(['contacts', 'update'], { id, topics, consent: { source: 'desk' } })
    expect(await statesOf(id)).toEqual({ weekly: 'subscribed' })
    expect((await logOf(id)).map(({ subscribed, how }) => [subscribed, how])).toEqual([
      [true, 'system'],
      [false, 'page'],
      [true, 'system'],
    ])
  })

  test('is chosen in a batch, where a topic that does not exist refuses its entry alone', async () => {
    await create('weekly')
    const contacts: WireInput<'contacts', 'upsertMany'>['contacts'] = [
      { email: 'a@example.com', topics: { weekly: true } },
      { email: 'b@example.com', topics: { nope: true } },
      { email: 'c@example.com' },
      { email: 'd@example.com', topics: { weekly: false } },
      { email: 'd@example.com', topics: { weekly: true } },
    ]
    const { results } = await project.call(['contacts', 'upsertMany'], { contacts })
    expect(results).toMatchObject([
      { status: 'created', topics: { weekly: 'subscribed' } },
      { status: 'refused', error: { field: 'topics.nope' } },
      { status: 'created' },
      { status: 'created', topics: { weekly: 'opted-out' } },
      { status: 'updated', topics: { weekly: 'opted-out' } },
    ])
    expect(JSON.stringify(results[2])).not.toContain('topics')
  })
})

describe('who left a topic, and is no contact any more,', () => {
  const email = 'left@example.com'
  const bulkDelete = async (id: string) => {
    const { jobId } = await project.call(['contacts', 'bulkDelete'], { mode: 'ids', contactIds: [id] })
    await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal: new AbortController().signal })
  }
  const move = (id: string, to: string) => project.call(['contacts', 'update'], { id, email: to })
  const kept = async () =>
    (await instance.db.selectFrom('refused_topics').select('at').where('project_id', '=', project.id).execute()).length

  beforeEach(async () => {
    await create('weekly', { subscribedByDefault: true })
    await create('news', { subscribedByDefault: true })
  })

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['deleted', (id) => project.call(['contacts', 'delete'], { id })],
    ['deleted with others', bulkDelete],
    ['moved', (id) => move(id, 'moved@example.com')],
  ])('by being %s, has left it when they come again, until they agree', async (_, go) => {
    const { id } = await upsert(email, { weekly: false })
    await go(id)
    await upsert(email, { weekly: true })
    expect(await statesOf(email)).toEqual({ weekly: 'opted-out', news: 'subscribed' })
    await project.call(['contacts', 'delete'], { id: email })
    await importFile(instance, project, `email\n${email}\n`)
    expect(await statesOf(email)).toEqual({ weekly: 'opted-out', news: 'subscribed' })
    await upsert(email, { weekly: true }, { consent: { source: 'desk' } })
    await project.call(['contacts', 'delete'], { id: email })
    await upsert(email)
    expect(await statesOf(email)).toEqual({ weekly: 'subscribed', news: 'subscribed' })
  })

  test('has left it also as the contact that gets their address, and until the topic is deleted', async () => {
    await project.call(['contacts', 'delete'], { id: (await upsert(email, { weekly: false })).id })
    const { id } = await upsert('other@example.com')
    await move(id, email)
    expect(await statesOf(id)).toEqual({ weekly: 'opted-out', news: 'subscribed' })
    await project.call(['contacts', 'delete'], { id })
    expect(await kept()).toBe(1)
    await project.call(['topics', 'delete'], { id: 'weekly' })
    expect(await kept()).toBe(0)
  })

  test('gets no mail of it as somebody new', async () => {
    await project.call(['contacts', 'delete'], { id: (await upsert(email, { weekly: false })).id })
    await project.call(['project', 'update'], { postalAddress: '1 Test Street' })
    await project.call(['templates', 'create'], { name: 'Digest', subject: 'S', body: 'B' })
    const send = (topic: string) =>
      project.call(['emails', 'send'], { to: email, template: 'Digest', topic, subscribed: true })
    await expect(send('weekly')).rejects.toMatchObject({ code: 'CONTACT_UNSUBSCRIBED' })
    await send('news')
    await expect(send('weekly')).rejects.toMatchObject({ code: 'CONTACT_UNSUBSCRIBED' })
  })
})

describe('a topic that is chosen while it is deleted', () => {
  /** Does it while the topic is deleted, and answers what came of it. */
  async function meanwhile<T>(act: () => Promise<T>): Promise<T | string> {
    const waiting = await instance.db.transaction().execute(async (trx) => {
      await project.call(['topics', 'delete'], { id: 'weekly' }, { db: trx })
      const acting = act().catch((error: { code: string }) => error.code)
      await expect
        .poll(async () => (await sql`select from pg_locks where not granted`.execute(instance.db)).rows.length)
        .toBe(1)
      return { acting }
    })
    return waiting.acting
  }
  const linked = async () => ({ projectId: project.id, contactId: (await upsert('a@example.com')).id, ...sign })

  beforeEach(() => create('weekly', { subscribedByDefault: true }))

  test('is one that there is not', async () => {
    expect(await meanwhile(() => upsert('a@example.com', { weekly: true }))).toBe('TOPIC_NOT_FOUND')
  })

  test('is passed over by the page', async () => {
    const choose = { ...(await linked()), shown: ['weekly'], wanted: [] }
    expect(await meanwhile(() => chooseOfTopics(instance.db, choose))).toMatchObject({ subscribed: true })
  })

  test('is left with all else by the link of its mail', async () => {
    const leave = { ...(await linked()), topic: 'weekly', subscribed: false }
    expect(await meanwhile(() => changeConsent(instance.db, leave))).toMatchObject({ subscribed: false })
  })
})

describe('mail of a topic', () => {
  const send = (to: string, change: object = {}) =>
    project.call(['emails', 'send'], { to, template: 'Digest', topic: 'weekly', ...change }, { actor: sender() })
  const sender = () => ({
    ...keyActor(project.id),
    sender: { ...keyActor(project.id).sender, postalAddress: '1 Test Street' },
  })

  beforeEach(async () => {
    await create('weekly')
    await project.call(['templates', 'create'], { name: 'Digest', subject: 'S', body: '<p>{{ unsubscribeUrl }}</p>' })
  })

  test('reaches those who chose it, and nobody else', async () => {
    await upsert('in@example.com', { weekly: true })
    await upsert('silent@example.com')
    expect((await send('in@example.com')).emails).toHaveLength(1)
    const out = {
      code: 'CONTACT_UNSUBSCRIBED',
      errors: [{ message: 'silent@example.com does not get the topic `weekly`.' }],
    }
    await expect(send('silent@example.com')).rejects.toMatchObject(out)
    await expect(send('new@example.com', { subscribed: true })).rejects.toMatchObject({ code: 'CONTACT_UNSUBSCRIBED' })
    await project.call(['topics', 'update'], { id: 'weekly', subscribedByDefault: true })
    expect((await send('silent@example.com')).emails).toHaveLength(1)
    await expect(send('in@example.com', { topic: 'nope' })).rejects.toMatchObject({ code: 'TOPIC_NOT_FOUND' })
    await project.call(['contacts', 'update'], { id: 'in@example.com', subscribed: false })
    await expect(send('in@example.com')).rejects.toMatchObject({ code: 'CONTACT_UNSUBSCRIBED' })
  })

  test('has links that leave the topic and nothing else', async () => {
    const { id } = await upsert('in@example.com', { weekly: true })
    const { emails } = await send('in@example.com')
    const { html, headers } = await project.call(['emails', 'get'], { id: emails[0]!.email })
    const { unsubscribeUrl } = recipientLinks(instance.runtime, { projectId: project.id, contactId: id }, 'weekly')
    expect(html).toContain(`<p>${unsubscribeUrl}</p>`)
    expect(headers['List-Unsubscribe']).toBe(`<${unsubscribeUrl}>`)
    const linked = { projectId: project.id, contactId: id, topic: 'weekly' }
    await changeConsent(instance.db, { ...linked, subscribed: false, ...sign, how: 'one-click' })
    expect(await statesOf(id)).toEqual({ weekly: 'opted-out' })
    expect(await findRecipient(instance.db, linked)).toMatchObject({ subscribed: true, topic: { isChosen: false } })
    expect((await logOf(id))[0]).toMatchObject({ topic: 'weekly', subscribed: false, how: 'one-click' })
  })

  test('is marketing, so no other mail names one', async () => {
    const plain = project.call(['emails', 'send'], { to: 'a@example.com', subject: 'S', text: 'T', topic: 'weekly' })
    await expect(plain).rejects.toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ field: 'topic' }] })
  })
})
