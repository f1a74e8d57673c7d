import { LIMITS } from '@posthorn/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const ADA = 'ada@example.com'

/** As much as one request may bring, under a name of its own. */
const piece = (name: string) => ({ [name]: 'x'.repeat(LIMITS.dataBytes - 100) })

const upsert = (data: object, email = ADA) => project.call(['contacts', 'upsert'], { email, data: { ...data } })
const contact = () => project.call(['contacts', 'get'], { id: ADA })

/** Fills the contact until one more piece is too much. */
async function fill() {
  for (let count = 0; count < LIMITS.contactDataBytes / LIMITS.dataBytes; count += 1)
    await upsert(piece(`key ${count}`))
  return contact()
}

const WAYS = {
  'emails.send': (data: object, to: unknown = ADA) =>
    project.call(['emails', 'send'], { to: to as string, subject: 'Hello', text: 'Hi', data: { ...data } }),
  'emails.sendBatch': (data: object) =>
    project.call(['emails', 'sendBatch'], { emails: [{ to: ADA, subject: 'Hello', text: 'Hi', data: { ...data } }] }),
  'events.track': (data: object) => project.call(['events', 'track'], { event: 'e', email: ADA, data: { ...data } }),
  'contacts.upsert': (data: object) => upsert(data),
}

const countAll = async () => ({
  emails: (await project.call(['emails', 'list'], {})).data.length,
  events: (await project.call(['events', 'list'], {})).data.length,
  contacts: (await project.call(['contacts', 'list'], {})).data.length,
})

const tooMuch = {
  code: 'VALIDATION_ERROR',
  status: 422,
  errors: [{ field: 'data', message: `A contact holds at most ${LIMITS.contactDataBytes} bytes of data.` }],
}

test.each(Object.entries(WAYS))(
  'what %s would merge beyond the bound is refused, and changes nothing',
  async (_, way) => {
    const before = await fill()
    const counts = await countAll()
    await expect(way(piece('one more'))).rejects.toMatchObject(tooMuch)
    expect(await contact()).toEqual(before)
    expect(await countAll()).toEqual(counts)
    await way({ small: 1 })
    expect((await contact()).data).toEqual({ ...before.data, small: 1 })
  },
)

test('a full contact among the recipients refuses the mail to all of them, and makes none of the others', async () => {
  const before = await fill()
  const counts = await countAll()
  await expect(WAYS['emails.send'](piece('one more'), [ADA, 'bob@example.com'])).rejects.toMatchObject(tooMuch)
  expect(await contact()).toEqual(before)
  expect(await countAll()).toEqual(counts)
})

test('calls that come at the same time fail alone', async () => {
  await fill()
  const [full, other] = await Promise.allSettled([
    WAYS['events.track'](piece('one more')),
    project.call(['events', 'track'], { event: 'e', email: 'bob@example.com', data: piece('one') }),
  ])
  expect(full).toMatchObject({ status: 'rejected', reason: tooMuch })
  expect(other.status).toBe('fulfilled')
})

test('a contact that is full takes more in the place of what it has', async () => {
  await fill()
  await upsert({ 'key 0': null, 'key 1': 'short' })
  await upsert(piece('one more'))
  expect(Object.keys((await contact()).data)).toContain('one more')
})

test('a consent can be as old as the database can tell, and an older one is refused', async () => {
  const agree = (at: string) =>
    project.call(['contacts', 'upsert'], { email: ADA, subscribed: true, consent: { source: 'fair', at } })
  for (const at of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+00:01']) {
    await expect(agree(at)).rejects.toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ field: 'consent.at' }] })
  }
  await expect(contact()).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
  await agree('0001-01-01T00:00:00Z')
  const { data } = await project.call(['contacts', 'consentLog'], { id: ADA })
  expect(data).toMatchObject([{ givenAt: '0001-01-01T00:00:00.000Z' }])
})
