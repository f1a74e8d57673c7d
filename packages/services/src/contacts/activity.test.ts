import { SCOPES } from '@posthorn/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

const ADA = 'ada@example.com'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const track = async (event: string, email = ADA) =>
  (await project.call(['events', 'track'], { event, email, data: { from: event } })).event
const send = async (subject: string, to = ADA) =>
  (await project.call(['emails', 'send'], { to, subject, text: 'Hi' })).emails[0]?.email ?? ''
const activity = (more: object = {}) => project.call(['contacts', 'activity'], { id: ADA, ...more })
const ids = async (id = ADA) => (await activity({ id })).data.map((one) => one.id)

test('emails and events of a contact stand in one list, newest first, each with what is known of it', async () => {
  const first = await track('signed-up')
  const mail = await send('Welcome')
  const second = await track('clicked')
  await send('For Bob', 'bob@example.com')
  await track('signed-up', 'bob@example.com')
  const { data, cursor, hasMore } = await activity()
  const [email] = (await project.call(['emails', 'list'], { to: ADA })).data
  expect(data).toEqual([
    { type: 'event', id: second, name: 'clicked', data: { from: 'clicked' }, createdAt: expect.any(String) },
    { type: 'email', ...email, id: mail },
    { type: 'event', id: first, name: 'signed-up', data: { from: 'signed-up' }, createdAt: expect.any(String) },
  ])
  expect([cursor, hasMore]).toEqual([null, false])
  const { id } = await project.call(['contacts', 'get'], { id: ADA })
  expect((await activity({ id })).data).toEqual(data)
})

test('it is read page by page, without gap or repeat, while more happens', async () => {
  const all: string[] = []
  for (let index = 0; index < 11; index += 1) {
    all.push(await (index % 4 === 0 ? send(`Mail ${index}`) : track(`event-${index}`)))
  }
  const seen: string[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await activity({ limit: 3, ...(cursor && { cursor }) })
    expect(page.hasMore).toBe(page.cursor !== null)
    seen.push(...page.data.map(({ id }) => id))
    cursor = page.cursor
    await track('later')
  }
  expect(seen).toEqual(all.toReversed())
})

test('a contact that comes back with the address of one that was deleted has none of its past', async () => {
  await send('Before')
  await track('before')
  await project.call(['contacts', 'delete'], { id: ADA })
  await expect(activity()).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
  const after = await track('after')
  expect(await ids()).toEqual([after])
})

test('a contact with a new address keeps its events and its mails', async () => {
  const old = await send('Old')
  const event = await track('signed-up')
  await project.call(['contacts', 'update'], { id: ADA, email: 'countess@example.com' })
  const mail = await send('New', 'countess@example.com')
  expect(await ids('countess@example.com')).toEqual([mail, event, old])
})

test.each(['contacts:read', 'emails:read', 'events:read'])('it takes the scope %s', async (scope) => {
  await track('signed-up')
  const actor = keyActor(
    project.id,
    SCOPES.filter((one) => one !== scope),
  )
  await expect(project.call(['contacts', 'activity'], { id: ADA }, { actor })).rejects.toMatchObject({
    code: 'INSUFFICIENT_SCOPE',
    message: expect.stringContaining(scope),
  })
})

test('a contact of another project is not found', async () => {
  const other = await instance.project('Other')
  const { id } = await other.call(['contacts', 'upsert'], { email: 'theirs@example.com' })
  for (const one of [id, 'theirs@example.com']) {
    await expect(activity({ id: one })).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
  }
})
