import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ACCEPTED, DEFERRED, emailStates, MAIL, REJECTED } from '../test/email-states.ts'
import { testInstance, type TestInstance, type TestProject } from '../test/instance.ts'
import { gatherTallies } from './analytics/gather.ts'

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

const stats = (input: object = {}) => project.call(['stats', 'get'], input)

test('each mail is counted where it was accepted, put off, sent or failed', async () => {
  const deferred = await mail.send()
  await mail.defer(deferred)
  await mail.dueNow(deferred)
  await mail.finish(deferred, { next: { end: 'sent' }, attempt: ACCEPTED })
  const failed = await mail.send()
  await mail.finish(failed, { next: { end: 'failed' }, attempt: REJECTED })
  await project.call(['emails', 'send'], { ...MAIL, to: ['a@example.com', 'b@example.com'] })
  const numbers = { accepted: 4, sent: 1, failed: 1, deferred: 1 }
  const { total, days, timeZone } = await stats()
  expect(total).toEqual(numbers)
  expect(timeZone).toBe('UTC')
  expect(days).toHaveLength(30)
  expect(days.at(-1)).toEqual({ date: new Date().toISOString().slice(0, 10), ...numbers })
})

test('what a mail that is given up has been through is counted', async () => {
  const id = await mail.send()
  await sql`update outbox set first_due_at = now() - interval '10 days' where email_id = ${id}`.execute(instance.db)
  await mail.finish(id, { next: { retryInSeconds: 600, isDeferral: true }, attempt: DEFERRED })
  expect((await stats()).total).toEqual({ accepted: 1, sent: 0, failed: 1, deferred: 1 })
})

test('a mail that is settled by a worker that had lost it is not counted', async () => {
  const id = await mail.send()
  const token = await mail.take()
  await mail.dueNow(id)
  await mail.take()
  await mail.finish(id, { next: { end: 'sent' }, attempt: ACCEPTED }, token)
  expect((await stats()).total).toMatchObject({ accepted: 1, sent: 0 })
})

test('mails that are accepted at the same time are all counted, each in its project', async () => {
  const other = await instance.project('Other')
  await Promise.all(
    Array.from({ length: 200 }, (_, index) => (index % 4 === 0 ? other : project).call(['emails', 'send'], MAIL)),
  )
  expect((await stats()).total.accepted).toBe(150)
  expect((await other.call(['stats', 'get'], {})).total.accepted).toBe(50)
})

describe('a day', () => {
  const count = (at: string) =>
    sql`
      insert into email_tallies (project_id, quarter, streams, template_ids, domains, accepted)
      values (${project.id}, ${at}::timestamptz, '{0}', '{null}', '{example.com}', '{1}')
    `.execute(instance.db)
  const dayBefore = (date: string) => new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10)

  test.each([
    ['Asia/Kathmandu', '18:15'],
    ['Asia/Kolkata', '18:30'],
    ['America/Phoenix', '07:00'],
    ['UTC', '00:00'],
  ])('begins at midnight in %s', async (timeZone, midnight) => {
    const { days } = await stats({ timeZone, days: 3 })
    const [, yesterday] = days.map(({ date }) => date)
    const first = timeZone.startsWith('Asia') ? dayBefore(yesterday!) : yesterday!
    await count(`${first}T${midnight}:00Z`)
    const quarterBefore = new Date(Date.parse(`${first}T${midnight}:00Z`) - 900_000).toISOString()
    await gatherTallies(instance.db)
    await count(quarterBefore)
    const counted = await stats({ timeZone, days: 3 })
    expect(counted.days.map(({ accepted }) => accepted)).toEqual([1, 1, 0])
    expect(counted).toMatchObject({ timeZone, total: { accepted: 2 } })
  })

  test('is that of the project where none is asked for', async () => {
    await sql`update projects set time_zone = 'Asia/Kathmandu' where id = ${project.id}`.execute(instance.db)
    expect((await stats()).timeZone).toBe('Asia/Kathmandu')
  })

  test('of which midnight comes twice counts from the first of them', async () => {
    // Havana puts its clocks back on the first Sunday of November, from one to midnight.
    const firstSunday = (year: number) =>
      new Date(Date.UTC(year, 10, 1 + ((7 - new Date(Date.UTC(year, 10, 1)).getUTCDay()) % 7)))
    const year = new Date().getUTCFullYear()
    const day = [firstSunday(year), firstSunday(year - 1)].find((at) => at.getTime() < Date.now() - 2 * 86_400_000)!
    const { days: last } = await stats({ timeZone: 'America/Havana', days: 1 })
    const days = (Date.parse(last[0]!.date) - day.getTime()) / 86_400_000 + 1
    const date = day.toISOString().slice(0, 10)
    await count(`${date}T03:45:00Z`)
    await count(`${date}T04:30:00Z`)
    expect(await stats({ timeZone: 'America/Havana', days })).toMatchObject({
      total: { accepted: 1 },
      days: [{ date, accepted: 1 }, ...Array.from({ length: days - 1 }, () => ({ accepted: 0 }))],
    })
  })

  test('before the first that was asked for does not count', async () => {
    await count('2001-01-01T00:00:00Z')
    const { total, days } = await stats({ days: 366 })
    expect(days).toHaveLength(366)
    expect(total.accepted).toBe(0)
  })
})
