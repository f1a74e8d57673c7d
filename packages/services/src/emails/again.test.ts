import { sql } from 'kysely'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { emailStates, type State } from '../../test/email-states.ts'
import { keyActor, testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { createRuntime } from '../runtime.ts'

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

const get = (id: string) => project.call(['emails', 'get'], { id })
const again = (id: string) => project.call(['emails', 'sendAgain'], { id })
const retry = (id: string) => project.call(['emails', 'retryNow'], { id })
const source = (id: string) => project.call(['emails', 'source'], { id })
const attachment = (id: string, place: number) => project.call(['emails', 'attachment'], { id, place })

const PNG = { filename: 'logo.png', contentType: 'image/png', contentId: 'logo', content: 'iVBORw0KGgo=' }
const SVG = { filename: 'x.svg', contentType: 'image/svg+xml', content: btoa('<svg onload="alert(1)"/>') }

const EVERYTHING = {
  to: { email: 'ada@example.com', name: 'Ada' },
  from: { email: 'shop@example.com', name: 'The shop' },
  replyTo: 'help@example.com',
  cc: ['cc@example.com'],
  bcc: ['bcc@example.com'],
  subject: 'Größe',
  html: '<p>Hi <img src="cid:logo"></p>',
  text: 'Hi',
  headers: { 'X-Thing': 'one' },
  attachments: [PNG, SVG],
  tags: ['order'],
  data: { plan: 'pro' },
}

describe('sending again', () => {
  test.each<State>(['queued', 'scheduled', 'sending', 'deferred', 'sent', 'failed', 'cancelled'])(
    'makes a new email that is due at once, of one that is %s and stays as it is',
    async (state) => {
      const id = await mail.make[state]()
      const before = await get(id)
      const copy = await again(id)
      expect(copy).toMatchObject({ status: 'queued', attempts: 0, scheduledAt: null, sentAt: null })
      expect(copy.id).not.toBe(id)
      expect(await get(id)).toEqual(before)
    },
  )

  test('keeps all of the content and has a Message-ID of its own', async () => {
    const id = await mail.send(EVERYTHING)
    const copy = await again(id)
    const content = ({ id: _id, createdAt: _at, nextAttemptAt: _next, ...rest }: object & Record<string, unknown>) =>
      rest
    expect(content(await get(copy.id))).toEqual(content(await get(id)))
    const [one, other] = [await source(id), await source(copy.id)].map(({ source }) => source)
    expect(other).toContain(`Message-ID: <${copy.id}@example.com>`)
    const withoutIds = (text = '', own: string) => text.replaceAll(own, '').replace(/^Date: .*$/m, '')
    expect(withoutIds(other, copy.id)).toBe(withoutIds(one, id))
    expect(await attachment(copy.id, 1)).toEqual(await attachment(id, 1))
  })

  test('changes nothing of the contact', async () => {
    const id = await mail.send({ data: { plan: 'free' } })
    await project.call(['contacts', 'upsert'], { email: 'ada@example.com', subscribed: false, data: { plan: 'pro' } })
    await again(id)
    const contact = await project.call(['contacts', 'get'], { id: 'ada@example.com' })
    expect(contact).toMatchObject({ subscribed: false, data: { plan: 'pro' } })
  })

  test('happens once for each Idempotency-Key', async () => {
    const id = await mail.send()
    const keyed = () => project.call(['emails', 'sendAgain'], { id }, { idempotencyKey: 'one' })
    expect(await keyed()).toEqual(await keyed())
    expect((await project.call(['emails', 'list'], {})).data).toHaveLength(2)
  })

  test('is refused where the project may not send from there any more', async () => {
    const id = await mail.send(EVERYTHING)
    const runtime = createRuntime({ ...instance, secret: 'x'.repeat(32), captures: false })
    const sends = instance.through(runtime, project)
    await expect(sends.call(['emails', 'sendAgain'], { id })).rejects.toMatchObject({ code: 'SENDER_UNVERIFIED' })
    await runtime.close()
  })

  test('needs the right to send, and reaches no mail of another project', async () => {
    const id = await mail.send()
    const other = await instance.project('Other')
    await expect(other.call(['emails', 'sendAgain'], { id })).rejects.toMatchObject({ code: 'EMAIL_NOT_FOUND' })
    const actor = keyActor(project.id, ['emails:read', 'emails:write'])
    const asked = project.call(['emails', 'sendAgain'], { id }, { actor })
    await expect(asked).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
  })
})

describe('trying now', () => {
  test.each<State>(['queued', 'scheduled', 'deferred'])(
    'makes mail that is %s due, so that a worker gets it',
    async (state) => {
      const id = await mail.make[state]()
      const { nextAttemptAt, attempts } = await retry(id)
      expect(Date.parse(nextAttemptAt!)).toBeLessThanOrEqual(Date.now() + 1_000)
      expect((await get(id)).status).toBe(state === 'deferred' ? 'deferred' : 'queued')
      await mail.take()
      expect(await get(id)).toMatchObject({ status: 'sending', attempts: attempts + 1 })
    },
  )

  test.each<[State, RegExp]>([
    ['sending', /being sent/],
    ['sent', /was sent/],
    ['failed', /has failed/],
    ['cancelled', /was cancelled/],
  ])('leaves mail alone that is %s', async (state, words) => {
    const id = await mail.make[state]()
    const before = await get(id)
    await expect(retry(id)).rejects.toMatchObject({
      code: 'EMAIL_NOT_WAITING',
      message: expect.stringMatching(words),
    })
    expect(await get(id)).toEqual(before)
  })
})

describe('the source', () => {
  test('of mail that waits is what a worker would send', async () => {
    const id = await mail.send(EVERYTHING)
    const { from, source: text } = await source(id)
    expect(from).toBe('email')
    const read = await PostalMime.parse(Buffer.from(text, 'latin1'))
    expect(read).toMatchObject({
      messageId: `<${id}@example.com>`,
      subject: 'Größe',
      from: { address: 'shop@example.com' },
    })
    expect(read.attachments).toHaveLength(2)
    expect(text).not.toContain('bcc@example.com')
  })

  test('of mail that the inbox caught is what it caught, the last where there are several', async () => {
    const id = await mail.send()
    for (const text of ['First', 'Last']) {
      await sql`
        insert into inbox_messages (project_id, id, email_id, envelope_from, envelope_to, subject, size_bytes, source)
        values (${project.id}, uuidv7(), ${id}, '', '{}', '', 1, ${Buffer.from(`${text}: \xe9`, 'latin1')})
      `.execute(instance.db)
    }
    expect(await source(id)).toEqual({ id, from: 'inbox', source: 'Last: \xe9' })
    expect((await source(await mail.send())).from).toBe('email')
  })

  test('of mail whose content makes no message is refused, and says why', async () => {
    const id = await mail.send()
    await sql`update emails set from_email = 'broken' where id = ${id}`.execute(instance.db)
    await expect(source(id)).rejects.toMatchObject({ code: 'EMAIL_NOT_COMPOSABLE' })
  })
})

test('an attachment comes as data, whatever it says it is', async () => {
  const id = await mail.send(EVERYTHING)
  expect(await attachment(id, 0)).toEqual({ ...PNG, sizeBytes: 8, disposition: 'inline' })
  expect(await attachment(id, 1)).toMatchObject({ ...SVG, contentId: null, disposition: 'attachment' })
  await expect(attachment(id, 2)).rejects.toMatchObject({ code: 'ATTACHMENT_NOT_FOUND' })
  const other = await instance.project('Other')
  const asked = other.call(['emails', 'attachment'], { id, place: 0 })
  await expect(asked).rejects.toMatchObject({ code: 'EMAIL_NOT_FOUND' })
})
