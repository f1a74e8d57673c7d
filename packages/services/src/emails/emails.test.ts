import { STREAMS, claim, release, settle, type Settlement } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

async function send(change: object = {}): Promise<string> {
  const { emails } = await project.call(['emails', 'send'], { ...MAIL, ...change })
  return emails[0]!.email
}

const get = (id: string) => project.call(['emails', 'get'], { id })
const cancel = (id: string) => project.call(['emails', 'cancel'], { id })
const reschedule = (id: string, scheduledAt: string) => project.call(['emails', 'reschedule'], { id, scheduledAt })

/** Takes the project's mail as a worker does. */
async function take(): Promise<string> {
  const token = newId()
  await claim(instance.db, { projectId: project.id, stream: STREAMS.transactional, limit: 100, token })
  return token
}

const ATTEMPT = { startedAt: new Date(), durationMs: 12, stage: 'rcpt', reason: 'greylisted', words: 'Come back later' }

async function finish(emailId: string, rest: Omit<Settlement, 'emailId' | 'token'>, token?: string): Promise<void> {
  await settle(instance.db, project.id, [{ emailId, token: token ?? (await take()), ...rest }])
}

const defer = (id: string) =>
  finish(id, {
    next: { retryInSeconds: 600, isDeferral: true },
    reason: 'The server asks to come back later.',
    attempt: { ...ATTEMPT, outcome: 'deferred', code: 451, enhancedCode: '4.7.1', relay: 'relay.example:25' },
  })

async function dueNow(id: string): Promise<void> {
  await sql`update outbox set due_at = now() where email_id = ${id}`.execute(instance.db)
}

const STATES = {
  queued: async () => send(),
  scheduled: async () => send({ scheduledAt: inSeconds(600) }),
  sending: async () => {
    const id = await send()
    await take()
    return id
  },
  deferred: async () => {
    const id = await send()
    await defer(id)
    return id
  },
  sent: async () => {
    const id = await send()
    await finish(id, { next: { end: 'sent' }, attempt: { ...ATTEMPT, outcome: 'accepted', stage: 'end' } })
    return id
  },
  failed: async () => {
    const id = await send()
    await finish(id, {
      next: { end: 'failed' },
      reason: 'There is no such mailbox.',
      attempt: { ...ATTEMPT, outcome: 'rejected' },
    })
    return id
  },
  cancelled: async () => {
    const id = await send()
    await cancel(id)
    return id
  },
}
type State = keyof typeof STATES

describe('an email tells where it stands', () => {
  test.each<[State, object]>([
    ['queued', { reason: null, attempts: 0, nextAttemptAt: expect.any(String), sentAt: null }],
    ['scheduled', { reason: null, attempts: 0, nextAttemptAt: expect.any(String), sentAt: null }],
    ['sending', { reason: null, attempts: 1, nextAttemptAt: expect.any(String), sentAt: null }],
    [
      'deferred',
      { reason: 'The server asks to come back later.', attempts: 1, nextAttemptAt: expect.any(String), sentAt: null },
    ],
    ['sent', { reason: null, attempts: 1, nextAttemptAt: null, sentAt: expect.any(String) }],
    ['failed', { reason: 'There is no such mailbox.', attempts: 1, nextAttemptAt: null, sentAt: null }],
    ['cancelled', { reason: 'Cancelled on request.', attempts: 0, nextAttemptAt: null, sentAt: null }],
  ])('while it is %s', async (status, expected) => {
    const id = await STATES[status]()
    expect(await get(id)).toMatchObject({ id, status, possiblyDuplicate: false, ...expected })
    const listed = await project.call(['emails', 'list'], {})
    expect(listed.data).toMatchObject([{ id, status, ...expected }])
  })

  test('and when it was scheduled for a time that has come, it is queued', async () => {
    const id = await STATES.scheduled()
    await sql`update emails set scheduled_at = now() - interval '1 second' where id = ${id}`.execute(instance.db)
    await dueNow(id)
    expect((await get(id)).status).toBe('queued')
  })

  test('and a worker that hands it back leaves no trace of an attempt', async () => {
    const id = await send()
    const token = await take()
    await release(instance.db, project.id, { emailIds: [id], token, delaySeconds: 0 })
    expect(await get(id)).toMatchObject({ status: 'queued', attempts: 0 })
  })

  test('and a worker that vanished leaves it waiting, perhaps sent already', async () => {
    const id = await send()
    await take()
    await dueNow(id)
    expect(await get(id)).toMatchObject({ status: 'deferred', attempts: 1, possiblyDuplicate: false })
    await take()
    expect(await get(id)).toMatchObject({ status: 'sending', attempts: 2, possiblyDuplicate: true })
    const { data } = await project.call(['emails', 'attempts'], { id })
    expect(data).toMatchObject([{ number: 1, outcome: 'unknown', reason: 'worker-lost' }])
  })
})

test('its attempts are told in order, with what the server said', async () => {
  const id = await send()
  expect((await project.call(['emails', 'attempts'], { id })).data).toEqual([])
  await defer(id)
  await dueNow(id)
  await finish(id, { next: { end: 'sent' }, attempt: { ...ATTEMPT, outcome: 'accepted', words: 'Ok' } })
  const { data } = await project.call(['emails', 'attempts'], { id })
  expect(data).toEqual([
    {
      number: 1,
      startedAt: ATTEMPT.startedAt.toISOString(),
      durationMs: 12,
      outcome: 'deferred',
      stage: 'rcpt',
      reason: 'greylisted',
      code: 451,
      enhancedCode: '4.7.1',
      words: 'Come back later',
      relay: 'relay.example:25',
    },
    expect.objectContaining({
      number: 2,
      outcome: 'accepted',
      words: 'Ok',
      code: null,
      enhancedCode: null,
      relay: null,
    }),
  ])
})

describe('cancelling', () => {
  test.each<State>(['queued', 'scheduled', 'deferred'])(
    'ends mail that is %s, so that no worker gets it',
    async (state) => {
      const id = await STATES[state]()
      const { attempts } = await get(id)
      expect(await cancel(id)).toMatchObject({ id, status: 'cancelled', nextAttemptAt: null, attempts })
      await sql`update outbox set due_at = now() where email_id = ${id}`.execute(instance.db)
      const taken = await claim(instance.db, { projectId: project.id, stream: 0, limit: 10, token: newId() })
      expect(taken).toEqual([])
    },
  )

  test('twice is as good as once', async () => {
    const id = await STATES.cancelled()
    expect(await cancel(id)).toMatchObject({ status: 'cancelled', reason: 'Cancelled on request.' })
  })

  test.each<[State, RegExp]>([
    ['sending', /being sent at this moment/],
    ['sent', /was sent/],
    ['failed', /has failed/],
  ])('is too late for mail that is %s', async (state, words) => {
    const id = await STATES[state]()
    await expect(cancel(id)).rejects.toMatchObject({ code: 'EMAIL_NOT_WAITING', message: expect.stringMatching(words) })
    expect((await get(id)).status).toBe(state)
  })

  test('and sending at once have one winner, every time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await send()
      const [token, cancelled] = await Promise.all([take(), cancel(id).catch((error: unknown) => error)])
      await finish(id, { next: { end: 'sent' } }, token)
      const { status } = await get(id)
      expect(status).toBe(cancelled instanceof Error ? 'sent' : 'cancelled')
    }
  })
})

describe('rescheduling', () => {
  test.each<[State, string]>([
    ['queued', 'scheduled'],
    ['scheduled', 'scheduled'],
    ['deferred', 'deferred'],
  ])('moves mail that is %s', async (state, after) => {
    const id = await STATES[state]()
    const scheduledAt = inSeconds(7_200)
    expect(await reschedule(id, scheduledAt)).toMatchObject({ status: after, scheduledAt, nextAttemptAt: scheduledAt })
    const { rows } = await sql`select (give_up_at - due_at) = interval '3 days' as lives from outbox
      where email_id = ${id}`.execute(instance.db)
    expect(rows).toEqual([{ lives: true }])
  })

  test('to this moment lets it go at once', async () => {
    const id = await STATES.scheduled()
    expect((await reschedule(id, inSeconds(-1))).status).toBe('queued')
    expect(await claim(instance.db, { projectId: project.id, stream: 0, limit: 1, token: newId() })).toHaveLength(1)
  })

  test.each<State>(['sending', 'sent', 'failed', 'cancelled'])('is too late for mail that is %s', async (state) => {
    const id = await STATES[state]()
    const before = await get(id)
    await expect(reschedule(id, inSeconds(600))).rejects.toMatchObject({ code: 'EMAIL_NOT_WAITING' })
    expect(await get(id)).toEqual(before)
  })

  test.each([-3_600, 367 * 86_400])('to %s seconds from now is refused', async (seconds) => {
    const id = await send()
    await expect(reschedule(id, inSeconds(seconds))).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'scheduledAt' }],
    })
  })
})

test('an email of another project is not found, like one that is missing, whatever is asked of it', async () => {
  const id = await send()
  const other = await instance.project('Other')
  const ask = (id: string) =>
    Promise.all([
      other.call(['emails', 'get'], { id }).catch(String),
      other.call(['emails', 'attempts'], { id }).catch(String),
      other.call(['emails', 'cancel'], { id }).catch(String),
      other.call(['emails', 'reschedule'], { id, scheduledAt: inSeconds(600) }).catch(String),
    ])
  const missing = await ask(newId())
  expect(new Set(missing)).toEqual(new Set(['ApiError: The project has no such email.']))
  expect(await ask(id)).toEqual(missing)
  expect((await other.call(['emails', 'list'], {})).data).toEqual([])
  expect((await get(id)).status).toBe('queued')
})

describe('a list', () => {
  test('can be narrowed to a state', async () => {
    const ids = new Map<string, string>()
    // Those that a worker takes would take the others along, so they come first.
    for (const state of ['sent', 'failed', 'deferred', 'sending', 'cancelled', 'scheduled', 'queued'] as const) {
      ids.set(state, await STATES[state]())
    }
    for (const [status, id] of ids) {
      const { data } = await project.call(['emails', 'list'], { status: status as State })
      expect(data.map((email) => [email.status, email.id])).toEqual([[status, id]])
    }
  })

  test('can be narrowed to an address, however it is written, and to a tag', async () => {
    const bob = await send({ to: 'bob@bücher.de', tags: ['a', 'b'] })
    const ada = await send({ tags: ['b'] })
    const list = async (filter: object) => (await project.call(['emails', 'list'], filter)).data.map(({ id }) => id)
    expect(await list({ to: ' BOB@xn--bcher-kva.DE' })).toEqual([bob])
    expect(await list({ to: 'ada@example.com' })).toEqual([ada])
    expect(await list({ tag: 'b' })).toEqual([ada, bob])
    expect(await list({ tag: 'a' })).toEqual([bob])
    expect(await list({ tag: 'a', to: 'ada@example.com' })).toEqual([])
    expect(await list({ tag: 'c' })).toEqual([])
  })

  test('is read page by page without gap or repeat, while mail goes on arriving', async () => {
    const to = Array.from({ length: 45 }, (_, index) => `r${index}@example.com`)
    const { emails } = await project.call(['emails', 'send'], { ...MAIL, to })
    const seen: string[] = []
    let cursor: string | null | undefined
    const arriving: Promise<string>[] = []
    while (cursor !== null) {
      arriving.push(send())
      const page = await project.call(['emails', 'list'], { limit: 10, ...(cursor && { cursor }) })
      arriving.push(send())
      seen.push(...page.data.map(({ id }) => id))
      cursor = page.cursor
    }
    await Promise.all(arriving)
    expect(new Set(seen).size).toBe(seen.length)
    const wanted = emails.map(({ email }) => email).toReversed()
    expect(seen.filter((id) => wanted.includes(id))).toEqual(wanted)
    expect(seen).toEqual(seen.toSorted().toReversed())
  })

  test('that ends exactly with a page says so', async () => {
    await send()
    await send()
    const page = await project.call(['emails', 'list'], { limit: 2 })
    expect(page).toMatchObject({ hasMore: false, cursor: null, data: [{}, {}] })
    const first = await project.call(['emails', 'list'], { limit: 1 })
    expect(first).toMatchObject({ hasMore: true, cursor: expect.any(String) })
    const rest = await project.call(['emails', 'list'], { limit: 1, cursor: first.cursor as string })
    expect(rest).toMatchObject({ hasMore: false, cursor: null, data: [{}] })
  })

  test.each(['', 'x', 'eyJpZCI6MX0', newId(), Buffer.from('not an id').toString('base64url'), `' or 1=1`])(
    'does not take %j for a cursor',
    async (cursor) => {
      await expect(project.call(['emails', 'list'], { cursor })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    },
  )

  test('stays within its project, also with a cursor of another', async () => {
    await send()
    await send()
    const { cursor } = await project.call(['emails', 'list'], { limit: 1 })
    const other = await instance.project('Other')
    const { data } = await other.call(['emails', 'list'], { cursor: cursor as string })
    expect(data).toEqual([])
  })
})
