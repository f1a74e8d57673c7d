import { announce, release } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ACCEPTED, DEFERRED, emailStates, inSeconds, type State } from '../../test/email-states.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { newId } from '../ids.ts'

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
const cancel = (id: string) => project.call(['emails', 'cancel'], { id })
const reschedule = (id: string, scheduledAt: string) => project.call(['emails', 'reschedule'], { id, scheduledAt })

const WAITS = { nextAttemptAt: expect.any(String), sentAt: null, endedAt: null }
const ENDED = { nextAttemptAt: null, endedAt: expect.any(String) }

describe('an email tells where it stands', () => {
  test.each<[State, object]>([
    ['queued', { ...WAITS, reason: 'It is due and waits for its turn.', attempts: 0 }],
    ['scheduled', { ...WAITS, reason: 'It is scheduled for later.', attempts: 0 }],
    ['sending', { ...WAITS, reason: expect.stringContaining('A worker is sending it'), attempts: 1 }],
    ['deferred', { ...WAITS, reason: 'The server asks to come back later.', attempts: 1 }],
    ['sent', { ...ENDED, reason: null, attempts: 1, sentAt: expect.any(String) }],
    ['failed', { ...ENDED, reason: 'There is no such mailbox.', attempts: 1, sentAt: null }],
    ['cancelled', { ...ENDED, reason: 'Cancelled on request.', attempts: 0, sentAt: null }],
  ])('while it is %s', async (status, expected) => {
    const id = await mail.make[status]()
    expect(await get(id)).toMatchObject({ id, status, possiblyDuplicate: false, ...expected })
    const listed = await project.call(['emails', 'list'], {})
    expect(listed.data).toMatchObject([{ id, status, ...expected }])
  })

  test('and when it was scheduled for a time that has come, it is queued', async () => {
    const id = await mail.make.scheduled()
    await sql`update emails set scheduled_at = now() - interval '1 second' where id = ${id}`.execute(instance.db)
    await mail.dueNow(id)
    expect((await get(id)).status).toBe('queued')
  })

  test('and a worker that hands it back leaves no trace of an attempt', async () => {
    const id = await mail.send()
    const token = await mail.take()
    await release(instance.db, project.id, { emailIds: [id], token, delaySeconds: 0 })
    expect(await get(id)).toMatchObject({ status: 'queued', attempts: 0 })
  })

  test('and a worker that vanished while it was sending leaves it waiting, perhaps sent already', async () => {
    const id = await mail.send()
    await announce(instance.db, project.id, { token: await mail.take(), emailId: id, place: 1 })
    await mail.dueNow(id)
    expect(await get(id)).toMatchObject({ status: 'deferred', attempts: 1, possiblyDuplicate: false })
    await mail.take()
    expect(await get(id)).toMatchObject({ status: 'sending', attempts: 2, possiblyDuplicate: true })
    const { data } = await project.call(['emails', 'attempts'], { id })
    expect(data).toMatchObject([{ number: 1, outcome: 'unknown', reason: 'worker-lost' }])
  })
})

test('its attempts are told in order, with what the server said', async () => {
  const id = await mail.send()
  expect((await project.call(['emails', 'attempts'], { id })).data).toEqual([])
  await mail.defer(id)
  await mail.dueNow(id)
  await mail.finish(id, { next: { end: 'sent' }, attempt: ACCEPTED })
  const { data } = await project.call(['emails', 'attempts'], { id })
  expect(data).toEqual([
    {
      number: 1,
      startedAt: DEFERRED.startedAt.toISOString(),
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
      const id = await mail.make[state]()
      const { attempts } = await get(id)
      expect(await cancel(id)).toMatchObject({ id, status: 'cancelled', nextAttemptAt: null, attempts })
      await sql`update outbox set due_at = now() where email_id = ${id}`.execute(instance.db)
      const taken = await mail.takeAll(newId())
      expect(taken).toEqual([])
    },
  )

  test('twice is as good as once', async () => {
    const id = await mail.make.cancelled()
    expect(await cancel(id)).toMatchObject({ status: 'cancelled', reason: 'Cancelled on request.' })
  })

  test.each<[State, RegExp]>([
    ['sending', /being sent at this moment/],
    ['sent', /was sent/],
    ['failed', /has failed/],
  ])('is too late for mail that is %s', async (state, words) => {
    const id = await mail.make[state]()
    await expect(cancel(id)).rejects.toMatchObject({ code: 'EMAIL_NOT_WAITING', message: expect.stringMatching(words) })
    expect((await get(id)).status).toBe(state)
  })

  test('and sending at once have one winner, every time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await mail.send()
      const [token, cancelled] = await Promise.all([mail.take(), cancel(id).catch((error: unknown) => error)])
      await mail.finish(id, { next: { end: 'sent' } }, token)
      const { status } = await get(id)
      expect(status).toBe(cancelled instanceof Error ? 'sent' : 'cancelled')
    }
  })
})

describe('rescheduling', () => {
  test.each<[State, string]>([
    ['queued', 'scheduled'],
    ['scheduled', 'scheduled'],
    ['deferred', 'scheduled'],
  ])('moves mail that is %s', async (state, after) => {
    const id = await mail.make[state]()
    const scheduledAt = inSeconds(7_200)
    expect(await reschedule(id, scheduledAt)).toMatchObject({ status: after, scheduledAt, nextAttemptAt: scheduledAt })
    const { rows } = await sql`select first_due_at = due_at as lives from outbox
      where email_id = ${id}`.execute(instance.db)
    expect(rows).toEqual([{ lives: true }])
  })

  test('to this moment lets it go at once', async () => {
    const id = await mail.make.scheduled()
    expect((await reschedule(id, inSeconds(-1))).status).toBe('queued')
    expect(await mail.takeAll(newId())).toHaveLength(1)
  })

  test.each<State>(['sending', 'sent', 'failed', 'cancelled'])('is too late for mail that is %s', async (state) => {
    const id = await mail.make[state]()
    const before = await get(id)
    await expect(reschedule(id, inSeconds(600))).rejects.toMatchObject({ code: 'EMAIL_NOT_WAITING' })
    expect(await get(id)).toEqual(before)
  })

  test.each([-3_600, 367 * 86_400])('to %s seconds from now is refused', async (seconds) => {
    const id = await mail.send()
    await expect(reschedule(id, inSeconds(seconds))).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'scheduledAt' }],
    })
  })
})

test('an email of another project is not found, like one that is missing, whatever is asked of it', async () => {
  const id = await mail.send()
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
