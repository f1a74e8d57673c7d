import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importFile } from '../../test/import.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { runProjectJob } from '../project-jobs/run.ts'
import { changeConsent } from './consent.ts'
import { confirm, findConfirmation } from './confirm.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})
beforeEach(async () => {
  project = await instance.project('Acme')
  await project.call(['project', 'update'], { doubleOptIn: true })
})
afterAll(() => instance.close())

const EMAIL = 'ada@example.com'
const upsert = (change: object = {}) => project.call(['contacts', 'upsert'], { email: EMAIL, ...change })
const stateOf = async () => {
  const { subscribed, optedOutAt } = await project.call(['contacts', 'get'], { id: EMAIL })
  return subscribed ? 'in' : optedOutAt === null ? 'not in' : 'out'
}
const logOf = async () => (await project.call(['contacts', 'consentLog'], { id: EMAIL })).data

async function mails(to = EMAIL) {
  const { data } = await project.call(['emails', 'list'], { to, tag: 'confirmation' })
  return Promise.all(data.map(({ id }) => project.call(['emails', 'get'], { id })))
}

/** The question that the newest mail asks. */
async function asked() {
  const [mail] = await mails()
  const token = /\/confirm\/([\w-]{64})/.exec(mail?.text ?? '')?.[1] ?? ''
  const linked = instance.runtime.links.read('confirm', { token })
  return { projectId: linked!.projectId, id: linked!.contactId }
}

const press = async (question?: { projectId: string; id: string }) =>
  confirm(instance.db, {
    ...(question ?? (await asked())),
    ip: '192.0.2.9',
    userAgent: 'Hers',
    text: 'Newsletters of Acme?',
  })

const publicActor = () => ({
  ...keyActor(project.id),
  keyKind: 'public' as const,
  sender: { ...keyActor(project.id).sender, projectName: 'Acme', doubleOptIn: true },
})
const keyed = (keyKind: 'public' | 'secret') => ({ actor: { ...publicActor(), keyKind } })

const WAYS = {
  'an upsert': async (change: object) => void (await upsert({ subscribed: true, ...change })),
  'an upsert that says nothing of it': async (change: object) => void (await upsert(change)),
  'a batch': async (change: object) => {
    const contacts = [{ email: EMAIL, subscribed: true, ...change }]
    await project.call(['contacts', 'upsertMany'], { contacts })
  },
  'an event': async (change: object) =>
    void (await project.call(['events', 'track'], { event: 'e', email: EMAIL, ...change }, keyed('secret'))),
  'an event of a public key': async (change: object) =>
    void (await project.call(
      ['events', 'track'],
      { event: 'e', email: EMAIL, subscribed: true, ...change },
      keyed('public'),
    )),
  'a batch of events': async (change: object) => {
    const events = [{ event: 'e', email: EMAIL, subscribed: true, ...change }]
    await project.call(['events', 'trackBatch'], { events }, keyed('public'))
  },
  'a mail that says so': async () => {
    const mail = { to: EMAIL, subject: 'S', text: 'T', subscribed: true }
    await project.call(['emails', 'send'], mail, keyed('secret'))
  },
}

describe.each(Object.entries(WAYS))('somebody new, by %s', (_, subscribe) => {
  test('is asked, and subscribed once they press the button', async () => {
    await subscribe({})
    expect(await stateOf()).toBe('not in')
    expect((await mails()).map(({ subject }) => subject)).toEqual(['Please confirm your subscription to Acme'])
    expect(await logOf()).toEqual([])
    expect(await press()).toMatchObject({ state: 'confirmed' })
    expect(await stateOf()).toBe('in')
    expect(await logOf()).toMatchObject([
      {
        subscribed: true,
        how: 'confirmation',
        actor: null,
        ip: '192.0.2.9',
        userAgent: 'Hers',
        text: 'Newsletters of Acme?',
      },
    ])
  })
})

test('the mail is in the language of the contact, from the sender of the project, and answers to nobody', async () => {
  await upsert({ data: { locale: 'de-AT' } })
  const [mail] = await mails()
  expect(mail).toMatchObject({ stream: 'transactional', headers: { 'Auto-Submitted': 'auto-generated' } })
  expect(mail?.subject).toBe('Bitte bestätigen Sie Ihre Anmeldung bei Acme')
  expect(mail?.html).toContain('<html lang="de">')
  const { defaultSender } = await project.call(['project', 'get'], {})
  expect(mail?.from).toEqual(defaultSender)
})

test('what was said of the consent is kept with the confirmation', async () => {
  const consent = { source: 'https://acme.example/join', text: 'v3', ip: '203.0.113.5' }
  expect((await upsert({ subscribed: true, consent }))._meta.consent).toBe('pending')
  await press()
  expect(await logOf()).toMatchObject([{ source: consent.source, text: 'v3', ip: '192.0.2.9', how: 'confirmation' }])
})

test('a link works once, and asking again after leaving needs a new one', async () => {
  await upsert()
  const question = await asked()
  await press(question)
  const { id: contactId } = await project.call(['contacts', 'get'], { id: EMAIL })
  const left = {
    projectId: project.id,
    contactId,
    subscribed: false,
    how: 'page' as const,
    ip: undefined,
    userAgent: undefined,
  }
  await changeConsent(instance.db, left)
  expect(await press(question)).toMatchObject({ state: 'confirmed' })
  expect(await stateOf()).toBe('out')
  expect((await logOf()).map(({ subscribed }) => subscribed)).toEqual([false, true])
})

test('pressed by several at once, it counts once', async () => {
  await upsert()
  const question = await asked()
  await Promise.all(Array.from({ length: 10 }, () => press(question)))
  expect([await stateOf(), (await logOf()).length]).toEqual(['in', 1])
})

test('a link is over when it is old, when the address is another, and when the person left meanwhile', async () => {
  await upsert()
  const question = await asked()
  const change = (set: string) =>
    sql`update confirmations set ${sql.raw(set)} where project_id = ${project.id}`.execute(instance.db)
  await change(`expires_at = now()`)
  expect(await press(question)).toMatchObject({ state: 'over' })
  await change(`expires_at = now() + interval '1 day'`)
  await project.call(['contacts', 'update'], { id: EMAIL, email: 'other@example.com' })
  expect(await press(question)).toMatchObject({ state: 'over' })
  await project.call(['contacts', 'update'], { id: 'other@example.com', email: EMAIL })
  const { id: contactId } = await project.call(['contacts', 'get'], { id: EMAIL })
  await changeConsent(instance.db, {
    projectId: project.id,
    contactId,
    subscribed: false,
    how: 'one-click',
    ip: undefined,
    userAgent: undefined,
  })
  expect(await press(question)).toMatchObject({ state: 'over' })
  expect(await stateOf()).toBe('out')
})

test('a question of another project, or of a contact that is gone, is none', async () => {
  await upsert()
  const question = await asked()
  const other = await instance.project()
  expect(await press({ ...question, projectId: other.id })).toBeUndefined()
  await project.call(['contacts', 'delete'], { id: EMAIL })
  expect(await findConfirmation(instance.db, question)).toBeUndefined()
  expect(await press(question)).toBeUndefined()
})

test('nobody is mailed more than once in a while and three times a day, also with a public key', async () => {
  const ask = () => WAYS['an event of a public key']({})
  await Promise.all(Array.from({ length: 20 }, ask))
  expect(await mails()).toHaveLength(1)
  const later = (interval: string) =>
    sql`update confirmations set mailed_at = mailed_at - ${interval}::interval, day_began = day_began - ${interval}::interval
      where project_id = ${project.id}`.execute(instance.db)
  for (let nth = 0; nth < 5; nth += 1) {
    await later('11 minutes')
    await ask()
  }
  expect(await mails()).toHaveLength(3)
  const links = (await mails()).map(({ text }) => /\/confirm\/[\w-]+/.exec(text ?? '')?.[0])
  expect(new Set(links).size).toBe(1)
  await later('1 day')
  await ask()
  expect(await mails()).toHaveLength(4)
  expect(await press()).toMatchObject({ state: 'confirmed' })
})

test('who opted out is asked again where the call brings a consent, and by nothing else', async () => {
  await upsert({ subscribed: false })
  for (const subscribe of Object.values(WAYS)) await subscribe({})
  await expect(project.call(['contacts', 'update'], { id: EMAIL, subscribed: true })).rejects.toMatchObject({
    code: 'CONTACT_OPTED_OUT',
  })
  expect(await mails()).toEqual([])
  const consent = { source: 'form' }
  await WAYS['an event of a public key']({ consent })
  await WAYS['a batch of events']({ consent: { ...consent, confirmed: true } })
  expect(await mails()).toEqual([])
  await WAYS['an upsert']({ consent })
  expect([await stateOf(), (await mails()).length]).toEqual(['out', 1])
  await press()
  expect(await stateOf()).toBe('in')
})

/** All ways by which a caller can say that somebody refuses. */
const REFUSALS: Record<string, () => Promise<unknown>> = {
  'an upsert': () => upsert({ subscribed: false }),
  'a batch': () => project.call(['contacts', 'upsertMany'], { contacts: [{ email: EMAIL, subscribed: false }] }),
  'an update': () => project.call(['contacts', 'update'], { id: EMAIL, subscribed: false }),
  'an event': () => project.call(['events', 'track'], { event: 'e', email: EMAIL, subscribed: false }),
  'a mail that says so': () =>
    project.call(['emails', 'send'], { to: EMAIL, subject: 'S', text: 'T', subscribed: false }, keyed('secret')),
  'an import': () =>
    importFile(instance, project, `email,subscribed\n${EMAIL},no\n`, { consent: { source: 'desk', confirmed: true } }),
  async 'bulk unsubscribing'() {
    const { jobId } = await project.call(['contacts', 'bulkUnsubscribe'], { mode: 'query', filter: {} })
    await runProjectJob(instance.db, { projectId: project.id, jobId }, { signal: new AbortController().signal })
  },
}

describe.each(Object.entries(REFUSALS))('a link that asked before %s refused', (_, refuse) => {
  test('is over, however often it is refused', async () => {
    await upsert()
    const first = await asked()
    await refuse()
    expect(await press(first)).toMatchObject({ state: 'over' })
    await sql`update confirmations set mailed_at = mailed_at - interval '11 minutes' where project_id = ${project.id}`.execute(
      instance.db,
    )
    await upsert({ subscribed: true, consent: { source: 'form' } })
    const second = await asked()
    await refuse()
    expect(await press(second)).toMatchObject({ state: 'over' })
    expect(await stateOf()).toBe('out')
  })
})

test('of one batch, who refuses after all is not asked', async () => {
  const wants = { email: EMAIL, subscribed: true, consent: { source: 'form' } }
  const refuses = { email: EMAIL, subscribed: false }
  await project.call(['contacts', 'upsertMany'], { contacts: [wants, refuses] })
  expect([await stateOf(), await mails()]).toEqual(['out', []])
  await project.call(['contacts', 'upsertMany'], { contacts: [refuses, wants] })
  expect([await stateOf(), (await mails()).length]).toEqual(['out', 1])
})

test('a link that asked before the person was to be erased is over', async () => {
  await upsert()
  const question = await asked()
  await project.call(['contacts', 'erase'], { id: EMAIL })
  expect(await press(question)).toMatchObject({ state: 'over' })
})

describe('a subscribed contact that gets another address', () => {
  const other = 'other@example.com'
  const confirmed = { source: 'old list', confirmed: true }
  const move = (word: object = {}) => project.call(['contacts', 'update'], { id: EMAIL, email: other, ...word })

  test.each([{}, { subscribed: true }, { subscribed: true, consent: { source: 'form' } }])(
    'has to confirm that one, with %j',
    async (word) => {
      const { id } = await upsert()
      await press()
      expect(await move(word)).toMatchObject({ email: other, subscribed: false, optedOutAt: null })
      const [mail] = await mails(other)
      expect((await project.call(['contacts', 'consentLog'], { id })).data).toMatchObject([
        { subscribed: false, source: null },
        { subscribed: true },
      ])
      const token = /\/confirm\/([\w-]{64})/.exec(mail?.text ?? '')?.[1] ?? ''
      const question = instance.runtime.links.read('confirm', { token })
      await press({ projectId: project.id, id: question!.contactId })
      expect(await project.call(['contacts', 'get'], { id })).toMatchObject({ email: other, subscribed: true })
    },
  )

  test('is subscribed where the caller vouches for it, and asked nothing where it was not', async () => {
    await upsert({ subscribed: true, consent: confirmed })
    expect(await move({ subscribed: true, consent: confirmed })).toMatchObject({ email: other, subscribed: true })
    await upsert({ subscribed: false })
    const moved = await project.call(['contacts', 'update'], { id: EMAIL, email: 'third@example.com' })
    expect(moved).toMatchObject({ subscribed: false, optedOutAt: expect.any(String) })
    expect([...(await mails(other)), ...(await mails('third@example.com'))]).toEqual([])
  })
})

test('a secret key that vouches for it, and a contact that is subscribed already, need no mail', async () => {
  expect(await upsert({ subscribed: true, consent: { source: 'old list', confirmed: true } })).toMatchObject({
    subscribed: true,
    _meta: { consent: 'subscribed' },
  })
  await upsert({ subscribed: true })
  expect(await mails()).toEqual([])
})

test('bulk subscribing asks nobody, so it takes the word of the caller that they confirmed', async () => {
  const all = { mode: 'query' as const, filter: {} }
  await expect(project.call(['contacts', 'bulkSubscribe'], all)).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    errors: [{ field: 'consent.confirmed' }],
  })
  await project.call(['contacts', 'bulkSubscribe'], { ...all, consent: { source: 'old list', confirmed: true } })
})

describe('a topic that is to be confirmed', () => {
  beforeEach(async () => {
    await project.call(['topics', 'create'], { id: 'weekly', name: 'Weekly', doubleOptIn: true })
    await project.call(['topics', 'create'], { id: 'news', name: 'News' })
  })
  const topicsNow = async () =>
    Object.fromEntries(
      (await project.call(['contacts', 'topics'], { id: EMAIL })).data.map(({ id, state }) => [id, state]),
    )

  test('is asked about together with all else, in one mail', async () => {
    const { _meta } = await upsert({ subscribed: true, topics: { weekly: true, news: true } })
    expect(_meta).toMatchObject({ consent: 'pending', topics: { weekly: 'pending', news: 'unsubscribed' } })
    expect(await topicsNow()).toEqual({ weekly: 'pending', news: 'unsubscribed' })
    expect(await mails()).toHaveLength(1)
    expect(await findConfirmation(instance.db, await asked())).toMatchObject({ subscribes: true, topics: ['Weekly'] })
    await press()
    expect([await stateOf(), await topicsNow()]).toEqual(['in', { weekly: 'subscribed', news: 'subscribed' }])
  })

  test('is asked about by itself where the project asks about nothing', async () => {
    await project.call(['project', 'update'], { doubleOptIn: false })
    const { _meta } = await upsert({ topics: { weekly: true } })
    expect(_meta).toMatchObject({ consent: 'subscribed', topics: { weekly: 'pending' } })
    await press()
    expect(await topicsNow()).toEqual({ weekly: 'subscribed', news: 'unsubscribed' })
    expect(await logOf()).toMatchObject([{ topic: 'weekly', how: 'confirmation', subscribed: true }])
  })

  test('is not asked about where the person refuses, but by a consent, and then brings them back to all', async () => {
    await project.call(['project', 'update'], { doubleOptIn: false })
    await upsert({ subscribed: false })
    const wish = { topics: { weekly: true } }
    expect((await upsert(wish))._meta.topics).toEqual({ weekly: 'opted-out' })
    await expect(project.call(['contacts', 'update'], { id: EMAIL, ...wish })).rejects.toMatchObject({
      code: 'CONTACT_OPTED_OUT',
    })
    await project.call(['contacts', 'delete'], { id: EMAIL })
    expect((await upsert(wish))._meta.topics).toEqual({ weekly: 'opted-out' })
    const consent = { source: 'form' }
    await upsert({ ...wish, consent: { ...consent, at: '2020-01-01T00:00:00Z' } })
    expect(await mails()).toEqual([])
    expect((await upsert({ ...wish, consent }))._meta.topics).toEqual({ weekly: 'pending' })
    expect(await findConfirmation(instance.db, await asked())).toMatchObject({ subscribes: true, topics: ['Weekly'] })
    await press()
    expect([await stateOf(), await topicsNow()]).toEqual(['in', { weekly: 'subscribed', news: 'unsubscribed' }])
  })

  test('is not confirmed any more once it was left or deleted', async () => {
    await project.call(['project', 'update'], { doubleOptIn: false })
    await upsert({ topics: { weekly: true } })
    const question = await asked()
    await upsert({ topics: { weekly: false } })
    await press(question)
    expect(await topicsNow()).toEqual({ weekly: 'opted-out', news: 'unsubscribed' })
    await project.call(['topics', 'delete'], { id: 'weekly' })
    expect(await press(question)).toMatchObject({ topics: [] })
  })
})

test('the change and its mail are one: where the mail cannot be queued, nothing is changed', async () => {
  await sql`update projects set default_sender_email = 'a@elsewhere.example' where id = ${project.id}`.execute(
    instance.db,
  )
  const runtime = { ...instance.runtime, captures: false }
  const failing = project.call(['contacts', 'upsert'], { email: EMAIL }, { runtime })
  await expect(failing).rejects.toMatchObject({ code: 'SENDER_UNVERIFIED' })
  await expect(project.call(['contacts', 'get'], { id: EMAIL })).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
})
