import { afterAll, beforeAll, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

import { auditOf, memberContext, testMember } from '../../test/people.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})
afterAll(() => instance.close())

let count = 0
const freshEmail = () => `c${(count += 1)}@example.com`
const add = (data = {}) => project.call(['contacts', 'upsert'], { email: freshEmail(), data })
const get = (id: string) => project.call(['contacts', 'get'], { id })

test('a contact gets another address, consent and facts, and keeps what is not named', async () => {
  const { id, email } = await add({ plan: 'pro', seats: 3 })
  const changed = await project.call(['contacts', 'update'], { id, data: { plan: null, city: 'Graz' } })
  expect(changed).toMatchObject({ id, email, subscribed: true, data: { seats: 3, city: 'Graz' } })
  await project.call(['contacts', 'update'], { id: email.toUpperCase(), email: 'New@Example.COM', subscribed: false })
  expect(await get(id)).toMatchObject({ email: 'new@example.com', subscribed: false, data: { seats: 3, city: 'Graz' } })
})

test('null deletes all facts of a contact', async () => {
  const { id } = await add({ plan: 'pro', seats: 3 })
  expect((await project.call(['contacts', 'update'], { id, data: null })).data).toEqual({})
})

test('what is so already is not written again', async () => {
  const { id, email, updatedAt } = await add({ plan: 'pro' })
  const same = await project.call(['contacts', 'update'], { id, email, subscribed: true, data: { plan: 'pro' } })
  expect(same.updatedAt).toBe(updatedAt)
})

test('the address of another contact is refused by name, and nothing is changed', async () => {
  const [one, two] = [await add(), await add()]
  const taking = project.call(['contacts', 'update'], { id: one.id, email: two.email, subscribed: false })
  await expect(taking).rejects.toMatchObject({ code: 'CONTACT_EXISTS', message: expect.stringContaining(two.email) })
  expect(await get(one.id)).toMatchObject({ email: one.email, subscribed: true })
  const { call } = await instance.project()
  const stranger = await call(['contacts', 'upsert'], { email: two.email })
  expect(await call(['contacts', 'update'], { id: stranger.id, email: one.email })).toMatchObject({ email: one.email })
})

test('a contact that is deleted is gone with its events, and can be added anew', async () => {
  const { id, email } = await add()
  await project.call(['events', 'track'], { event: 'opened', email })
  await project.call(['emails', 'send'], { to: email, subject: 'Hello', text: 'Hello' })
  expect(await project.call(['contacts', 'delete'], { id: email })).toEqual({})
  await expect(get(id)).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
  await expect(project.call(['contacts', 'delete'], { id })).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
  expect((await project.call(['emails', 'list'], { to: email })).data).toHaveLength(1)
  const again = await project.call(['contacts', 'upsert'], { email })
  expect(again._meta.isNew).toBe(true)
  expect((await project.call(['events', 'list'], { email })).data).toEqual([])
})

test('contacts are listed by their consent', async () => {
  const { call } = await instance.project()
  await call(['contacts', 'upsert'], { email: 'yes@example.com' })
  await call(['contacts', 'upsert'], { email: 'no@example.com', subscribed: false })
  const listed = async (subscribed: boolean | 'true' | 'false') =>
    (await call(['contacts', 'list'], { subscribed })).data.map(({ email }) => email)
  expect(await listed(true)).toEqual(['yes@example.com'])
  expect(await listed('true')).toEqual(['yes@example.com'])
  expect(await listed('false')).toEqual(['no@example.com'])
})

test('the audit log says which person changed or deleted a contact, and nothing of keys', async () => {
  const made = await instance.project()
  const { session } = await testMember(instance, made.id, 'member')
  const context = await memberContext(instance, session, made.id)
  const contact = await made.call(['contacts', 'upsert'], { email: 'ada@example.com' })
  await made.call(['contacts', 'update'], { id: contact.id, data: { plan: 'free' } })
  await made.call(['contacts', 'update'], { id: contact.id, subscribed: false }, context)
  const { jobId } = await made.call(['contacts', 'bulkDelete'], { mode: 'query', filter: {} }, context)
  await made.call(['jobs', 'cancel'], { id: jobId }, context)
  await made.call(['contacts', 'delete'], { id: contact.id }, context)
  const entries = (await auditOf(instance, made.id)).filter(({ actor }) => actor.kind === 'user')
  expect(entries.map(({ action, target }) => [action, target])).toEqual([
    ['contact.changed', contact.id],
    ['job.started', jobId],
    ['job.cancelled', jobId],
    ['contact.deleted', contact.id],
  ])
})
