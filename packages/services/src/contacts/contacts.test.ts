import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
  project = await instance.project()
})

afterAll(() => instance.close())

let count = 0
const freshEmail = () => `contact-${(count += 1)}@example.com`

const upsert = (input: { email: string; data?: object; subscribed?: boolean }) =>
  project.call(['contacts', 'upsert'], input as never)
const get = (id: string) => project.call(['contacts', 'get'], { id })
const send = (to: string, more: object = {}) =>
  project.call(['emails', 'send'], { to, subject: 'Hello', text: 'Hello', ...more })
const track = (email: string, more: object = {}) =>
  project.call(['events', 'track'], { event: 'signed-up', email, ...more })

/** Changes whenever the row is written, even with the same values. */
async function version(email: string): Promise<string> {
  const { rows } = await sql<{ xmin: string }>`
    select xmin::text || ctid::text as xmin from contacts where project_id = ${project.id} and email = ${email}
  `.execute(instance.db)
  return rows[0]!.xmin
}

async function rowsLike(pattern: string): Promise<string[]> {
  const rows = await instance.db
    .selectFrom('contacts')
    .select('email')
    .where('project_id', '=', project.id)
    .where('email', 'like', pattern)
    .execute()
  return rows.map(({ email }) => email)
}

test('an address is one contact, however it is written and whoever writes it', async () => {
  const forms = [
    'ada@bücher.de',
    'ADA@BÜCHER.de',
    ' ada@xn--bcher-kva.de ',
    'ada@bu\u0308cher.de',
    'Ada@XN--BCHER-KVA.DE',
  ]
  const upserted = await Promise.all(forms.map((email) => upsert({ email })))
  const sent = await Promise.all(forms.map((email) => send(email)))
  const tracked = await Promise.all(forms.map((email) => track(email)))
  const ids = [
    ...upserted.map(({ id }) => id),
    ...sent.flatMap(({ emails }) => emails.map(({ contact }) => contact.id)),
    ...tracked.map(({ contact }) => contact),
  ]
  expect(new Set(ids).size).toBe(1)
  expect(await rowsLike('%bcher%')).toEqual(['ada@xn--bcher-kva.de'])
  expect((await get('ADA@bücher.DE')).id).toBe(ids[0])
  expect((await get(ids[0] as string)).email).toBe('ada@xn--bcher-kva.de')
})

test('fifty who write the same contact at once make one row, and none of their facts is lost', async () => {
  const email = freshEmail()
  const written = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      index % 3 === 0
        ? upsert({ email: index % 2 ? email : email.toUpperCase(), data: { [`k${index}`]: index } })
        : index % 3 === 1
          ? track(email, { data: { [`k${index}`]: index } })
          : send(email, { data: { [`k${index}`]: index } }),
    ),
  )
  expect(written).toHaveLength(50)
  expect(await rowsLike(email)).toEqual([email])
  const { data } = await get(email)
  expect(data).toEqual(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, index])))
})

test('of many who create a contact at once, exactly one is told that it is new', async () => {
  const email = freshEmail()
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => upsert({ email, data: { n } })))
  expect(answers.filter(({ _meta }) => _meta.isNew)).toHaveLength(1)
  expect(answers.filter(({ _meta }) => _meta.isUpdate)).toHaveLength(19)
})

describe('data', () => {
  test('is merged key by key at the top, replaced below, and null deletes at the top alone', async () => {
    const email = freshEmail()
    await upsert({ email, data: { plan: 'free', address: { city: 'Rome', zip: null }, list: [1, null], gone: 1 } })
    const { data } = await upsert({ email, data: { plan: 'pro', address: { street: null }, gone: null, never: null } })
    expect(data).toEqual({ plan: 'pro', address: { street: null }, list: [1, null] })
    expect((await upsert({ email, data: { plan: null, address: null, list: null } })).data).toEqual({})
    expect((await upsert({ email, data: {} })).data).toEqual({})
  })

  const WAYS = {
    'contacts.upsert': (email: string, data: object) => upsert({ email, data }),
    'emails.send': (email: string, data: object) => send(email, { data }),
    'events.track': (email: string, data: object) => track(email, { data }),
  }

  test.each(Object.entries(WAYS))('that is not to persist is not stored on the contact by %s', async (_, write) => {
    const email = freshEmail()
    await upsert({ email, data: { code: 'kept', plan: 'free' } })
    await write(email, {
      code: { value: '123456', persistent: false },
      plan: { value: 'pro', persistent: true },
      looks: { value: 1, persistent: false, alike: 1 },
      half: { persistent: false },
    })
    expect((await get(email)).data).toEqual({
      code: 'kept',
      plan: 'pro',
      looks: { value: 1, persistent: false, alike: 1 },
      half: { persistent: false },
    })
  })

  test.each(Object.entries(WAYS))('that is empty text changes nothing through %s', async (_, write) => {
    const email = freshEmail()
    await upsert({ email, data: { plan: 'free' } })
    await write(email, { plan: '', fresh: '', wrapped: { value: '', persistent: true }, blank: ' ' })
    expect((await get(email)).data).toEqual({ plan: 'free', blank: ' ' })
  })

  test.each(Object.entries(WAYS))('under a key that is reserved is refused by name through %s', async (_, write) => {
    const email = freshEmail()
    const reserved = ['id', 'email', 'plunk_id', 'plunk_email', 'unsubscribeUrl', 'subscribeUrl', 'manageUrl']
    for (const key of reserved) {
      for (const value of ['x', null, { value: 'x', persistent: false }]) {
        await expect(write(email, { plan: 'free', [key]: value })).rejects.toMatchObject({
          code: 'VALIDATION_ERROR',
          errors: [{ field: `data.${key}`, message: expect.stringContaining(`\`${key}\` is reserved`) }],
        })
      }
    }
    await expect(get(email)).rejects.toMatchObject({ code: 'CONTACT_NOT_FOUND' })
  })

  test.each(Object.entries(WAYS))('has a locale that is text, or none, through %s', async (_, write) => {
    const email = freshEmail()
    for (const locale of [5, ['de'], { de: 1 }, { value: 5, persistent: true }]) {
      await expect(write(email, { locale })).rejects.toMatchObject({ errors: [{ field: 'data.locale' }] })
    }
    await write(email, { locale: 'pt-BR' })
    expect((await get(email)).data).toEqual({ locale: 'pt-BR' })
    await write(email, { locale: { value: 'de', persistent: false } })
    await write(email, { locale: null })
    expect((await get(email)).data).toEqual({})
  })

  test.each(Object.entries(WAYS))('has no key without a character through %s', async (_, write) => {
    await expect(write(freshEmail(), { '': 1 })).rejects.toMatchObject({
      errors: [{ field: 'data.', message: 'A key has at least one character.' }],
    })
  })

  test('that is not to persist still goes with its mail or event, as a plain value', async () => {
    const email = freshEmail()
    const { emails } = await send(email, { data: { code: { value: '123456', persistent: false }, plan: 'pro' } })
    const { rows } = await sql<{ data: unknown }>`
      select email_contents.data from email_contents join emails
        on emails.project_id = email_contents.project_id and content_id = email_contents.id
      where emails.id = ${emails[0]!.email}`.execute(instance.db)
    expect(rows).toEqual([{ data: { code: '123456', plan: 'pro' } }])
    const { contact } = await track(email, { data: { code: { value: 7, persistent: false } } })
    const events = await project.call(['events', 'list'], { contactId: contact })
    expect(events.data).toMatchObject([{ data: { code: 7 } }])
  })

  test('keeps numbers, text and nesting as they came', async () => {
    const email = freshEmail()
    const data = {
      zero: -0.5,
      big: 9_007_199_254_740_991,
      text: 'é🦉"\\\u2028',
      deep: [[{ a: [null, false, ''] }]],
      e: {},
    }
    await upsert({ email, data })
    expect((await get(email)).data).toEqual(data)
  })

  test('a recipient’s name becomes a fact, unless the data names it', async () => {
    const [plain, named] = [freshEmail(), freshEmail()]
    await send(`Ada <${plain}>`)
    await send(`Ada <${named}>`, { data: { name: 'Countess' } })
    expect((await get(plain)).data).toEqual({ name: 'Ada' })
    expect((await get(named)).data).toEqual({ name: 'Countess' })
  })
})

test('a contact that mail makes is not subscribed, and one that an event or an upsert makes is', async () => {
  const [sent, tracked, upserted] = [freshEmail(), freshEmail(), freshEmail()]
  await send(sent)
  await track(tracked)
  await upsert({ email: upserted })
  expect([await get(sent), await get(tracked), await get(upserted)].map(({ subscribed }) => subscribed)).toEqual([
    false,
    true,
    true,
  ])
})

test('nothing changes the consent of a known contact but a request that says so', async () => {
  for (const subscribed of [true, false]) {
    const email = freshEmail()
    await (subscribed ? upsert({ email }) : send(email))
    await send(email, { data: { a: 1 } })
    await track(email, { data: { b: 1 } })
    await upsert({ email, data: { c: 1 } })
    expect(await get(email)).toMatchObject({ subscribed, optedOutAt: null, data: { a: 1, b: 1, c: 1 } })
    await track(email, { subscribed: !subscribed })
    expect((await get(email)).subscribed).toBe(!subscribed)
    await send(email, { subscribed: false })
    expect((await get(email)).subscribed).toBe(false)
  }
})

test('sending to a known contact writes nothing to its row, also where it says again what is known', async () => {
  const email = freshEmail()
  await upsert({ email, data: { name: 'Ada', plan: 'pro' }, subscribed: true })
  const before = await version(email)
  await send(email)
  await send(`Ada <${email}>`)
  await send(email, { data: { plan: 'pro', never: null }, subscribed: true })
  await track(email)
  expect(await version(email)).toBe(before)
  await send(email, { data: { plan: 'free' } })
  expect(await version(email)).not.toBe(before)
})

test('a change is dated, and a creation stays dated', async () => {
  const email = freshEmail()
  await upsert({ email })
  await sql`update contacts set created_at = created_at - interval '1 hour', updated_at = updated_at - interval '1 hour'
    where email = ${email}`.execute(instance.db)
  const created = await get(email)
  const changed = await upsert({ email, data: { a: 1 } })
  expect(changed.createdAt).toBe(created.createdAt)
  expect(changed.updatedAt > created.updatedAt).toBe(true)
})

test('each recipient is told its own contact, in any mix of new, known and repeated ones', async () => {
  const [known, fresh, other] = [freshEmail(), freshEmail(), freshEmail()]
  const { id } = await upsert({ email: known })
  const to = [fresh, known, fresh.toUpperCase(), { email: known, name: 'Known' }, other, fresh]
  const { emails } = await project.call(['emails', 'send'], { to, subject: 'Hello', text: 'Hello' })
  expect(emails.map(({ contact }) => contact.email)).toEqual([fresh, known, other])
  expect(new Set(emails.map(({ email }) => email)).size).toBe(3)
  for (const { contact } of emails) expect((await get(contact.email)).id).toBe(contact.id)
  expect(emails[1]?.contact.id).toBe(id)

  const batch = await project.call(['emails', 'sendBatch'], {
    emails: [other, known, freshEmail(), other].map((to) => ({ to, subject: 'Hello', text: 'Hello' })),
  })
  for (const result of batch.results) {
    if (result.status !== 'accepted') throw new Error('All of them may be sent')
    expect((await get(result.contact.email)).id).toBe(result.contact.id)
  }
})

test('of several wishes for one contact in a batch the later win, key by key', async () => {
  const email = freshEmail()
  await project.call(['emails', 'sendBatch'], {
    emails: [
      { to: email, subject: '1', text: '1', data: { a: 1, b: 1, c: 1 }, subscribed: true },
      { to: email, subject: '2', text: '2', data: { b: 2, c: null } },
      { to: `Ada <${email.toUpperCase()}>`, subject: '3', text: '3', subscribed: false },
    ],
  })
  expect(await get(email)).toMatchObject({ data: { a: 1, b: 2, name: 'Ada' }, subscribed: false })
})

test('batches that name the same contacts in opposite orders do not block each other', async () => {
  const emails = Array.from({ length: 30 }, freshEmail)
  const batch = (order: string[], n: number) =>
    project.call(['emails', 'sendBatch'], {
      emails: order.map((to) => ({ to, subject: 'Hello', text: 'Hello', data: { [`from${n}`]: n } })),
    })
  const rounds = Array.from({ length: 12 }, (_, n) => batch(n % 2 === 0 ? emails : emails.toReversed(), n))
  for (const receipt of await Promise.all(rounds)) expect(receipt.accepted).toBe(30)
  expect(Object.keys((await get(emails[0] as string)).data)).toHaveLength(12)
})

test('a contact of another project is not found, like one that is missing', async () => {
  const email = freshEmail()
  const { id } = await upsert({ email })
  const other = await instance.project('Other')
  const missing = await other.call(['contacts', 'get'], { id: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b' }).catch(String)
  for (const one of [id, email]) {
    expect(await other.call(['contacts', 'get'], { id: one }).catch(String)).toBe(missing)
  }
  expect((await other.call(['contacts', 'list'], {})).data).toEqual([])
  await other.call(['contacts', 'upsert'], { email, data: { mine: true } })
  expect((await get(email)).data).toEqual({})
})

test('contacts are listed newest first, page by page, without gap or repeat while others are added', async () => {
  const crowd = await instance.project('Crowd')
  const add = (index: number) => crowd.call(['contacts', 'upsert'], { email: `c${index}@example.com` })
  const existing = []
  for (let index = 0; index < 25; index += 1) existing.push((await add(index)).id)
  const seen: string[] = []
  let cursor: string | null | undefined
  for (let page = 0; cursor !== null; page += 1) {
    const next = await crowd.call(['contacts', 'list'], { limit: 10, ...(cursor && { cursor }) })
    seen.push(...next.data.map(({ id }) => id))
    expect(next.hasMore).toBe(next.cursor !== null)
    cursor = next.cursor
    await add(100 + page)
  }
  expect(seen).toEqual(existing.toReversed())
})
