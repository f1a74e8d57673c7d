import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { gatherTallies } from './gather.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

interface One {
  domain?: string
  template?: string | null
  stream?: number
  accepted?: number
  sent?: number
  failed?: number
}

const count = async (at: string, one: One = {}) => {
  const { domain = 'example.com', template = null, stream = 0, accepted = 1, sent = 0, failed = 0 } = one
  await sql`
    insert into email_tallies (project_id, quarter, streams, template_ids, domains, accepted, sent, failed)
    values (${project.id}, ${at}::timestamptz, array[${stream}::smallint], array[${template}::uuid], ${[domain]},
      ${[accepted]}, ${[sent]}, ${[failed]})
  `.execute(instance.db)
  // Half of them is added up, so that both halves have to be read.
  if (accepted % 2 === 0) await gatherTallies(instance.db)
}

const series = (input: object) => project.call(['analytics', 'timeseries'], input)
const refused = (input: object, field: string) =>
  expect(series(input)).rejects.toMatchObject({ errors: [expect.objectContaining({ field })] })

describe('a time series', () => {
  test('has 25 hours on the day that Berlin puts its clocks back, and 23 when it puts them forward', async () => {
    const hours = async (day: string, next: string) => {
      const { points } = await series({ granularity: 'hour', timeZone: 'Europe/Berlin', since: day, until: next })
      return points
    }
    // Both are the hour from two to three there.
    await count('2026-10-25T00:15:00Z')
    await count('2026-10-25T01:15:00Z', { accepted: 2 })
    const back = await hours('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')
    expect(back).toHaveLength(25)
    expect(back.map(({ accepted }) => accepted).slice(0, 5)).toEqual([0, 0, 1, 2, 0])
    expect(new Set(back.map(({ date }) => date))).toEqual(new Set(['2026-10-25']))
    expect(await hours('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toHaveLength(23)
  })

  test.each([
    ['Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['Asia/Kathmandu', '2026-10-24T18:15:00.000Z', '2026-10-25T18:15:00.000Z'],
    ['America/New_York', '2026-10-25T04:00:00.000Z', '2026-10-26T04:00:00.000Z'],
  ])('has the days of %s', async (timeZone, begins, ends) => {
    const just = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString()
    await count(just(begins, -900_000), { accepted: 2 })
    await count(begins)
    await count(just(ends, -900_000))
    await count(ends, { accepted: 4 })
    const { points, total } = await series({
      timeZone,
      since: just(begins, -3_600_000),
      until: just(ends, 3_600_000),
    })
    expect(points.map(({ date, accepted }) => [date, accepted])).toEqual([
      ['2026-10-24', 2],
      ['2026-10-25', 2],
      ['2026-10-26', 4],
    ])
    expect(points[1]).toMatchObject({ start: begins })
    expect(total.accepted).toBe(8)
  })

  test.each([
    ['America/Havana', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['America/Havana', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['Atlantic/Azores', '2026-10-25T00:00:00.000Z', '2026-10-26T01:00:00.000Z'],
    ['Atlantic/Azores', '2026-03-29T01:00:00.000Z', '2026-03-30T00:00:00.000Z'],
    ['Asia/Beirut', '2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z'],
    ['America/Santiago', '2026-09-06T04:00:00.000Z', '2026-09-07T03:00:00.000Z'],
    ['America/Santiago', '2026-04-04T03:00:00.000Z', '2026-04-05T04:00:00.000Z'],
    ['America/Nuuk', '2026-10-24T01:00:00.000Z', '2026-10-25T02:00:00.000Z'],
    ['Africa/Cairo', '2026-10-28T21:00:00.000Z', '2026-10-29T22:00:00.000Z'],
  ])('has all of a day on which %s changes its clocks at midnight, from %s to %s', async (timeZone, since, until) => {
    const ends = [-900_000, 0, 900_000].map((ms) => new Date(Date.parse(until) + ms).toISOString())
    await count(new Date(Date.parse(since) - 900_000).toISOString())
    await count(since, { accepted: 2 })
    await count(new Date(Date.parse(since) + 1_800_000).toISOString(), { accepted: 5 })
    await count(ends[0]!)
    await count(until)
    const { points, total } = await series({ timeZone, since, until })
    expect(points).toMatchObject([{ start: since, accepted: 8 }])
    expect(await project.call(['analytics', 'summary'], { since, until })).toMatchObject({ total })
    const both = await series({ timeZone, since: ends[0], until: ends[2] })
    expect(both.points).toMatchObject([
      { start: since, accepted: 8 },
      { start: until, accepted: 1 },
    ])
    const week = await series({ timeZone, since: ends[0], until: ends[2], granularity: 'week' })
    expect(week.total.accepted).toBeGreaterThanOrEqual(9)
  })

  test.each(['Australia/Lord_Howe', 'America/Havana', 'Africa/Cairo', 'Pacific/Apia'])(
    'counts each mail once where %s changes its clocks',
    async (timeZone) => {
      for (
        let at = Date.parse('2026-03-01T00:00:00Z');
        at < Date.parse('2026-06-01T00:00:00Z');
        at += 5.25 * 3_600_000
      ) {
        await count(new Date(at).toISOString(), { accepted: 1 })
      }
      const all = { timeZone, since: '2026-03-01T00:00:00Z', until: '2026-06-01T00:00:00Z' }
      const days = await series(all)
      expect(days.total.accepted).toBe(421)
      expect(days.points.map(({ date }) => date)).toEqual([...new Set(days.points.map(({ date }) => date))].sort())
      const month = { timeZone, since: '2026-04-01T00:00:00Z', until: '2026-04-30T00:00:00Z' }
      const hours = await series({ ...month, granularity: 'hour' })
      expect(hours.points.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(hours.total.accepted)
      expect(hours.total.accepted).toBeGreaterThanOrEqual(132)
    },
  )

  test('of weeks begins on Mondays, and of months on the first', async () => {
    const year = { since: '2026-01-01T00:00:00Z', until: '2026-12-31T00:00:00Z' }
    const weeks = await series({ ...year, granularity: 'week' })
    expect(weeks.points[0]).toMatchObject({ date: '2025-12-29' })
    const months = await series({ ...year, granularity: 'month', timeZone: 'Asia/Kathmandu' })
    expect(months.points.map(({ date }) => date.slice(5))).toEqual(
      Array.from({ length: 12 }, (_, at) => `${String(at + 1).padStart(2, '0')}-01`),
    )
  })

  test('tells kinds, templates and domains apart, and what is too small together', async () => {
    const template = await project.call(['templates', 'create'], { name: 'Hi', subject: 'Hi', body: '<p>Hi</p>' })
    const at = '2026-05-04T10:00:00Z'
    await count(at, { accepted: 4, sent: 3, failed: 1, template: template.id, domain: 'gmail.com' })
    await count(at, { accepted: 2, stream: 2, domain: 'proton.me' })
    await count('2026-05-05T10:00:00Z', { accepted: 1, domain: 'small.example' })
    const span = { since: '2026-05-04T00:00:00Z', until: '2026-05-06T00:00:00Z' }
    const by = async (groupBy: string, more: object = {}) => {
      const { groups } = await series({ ...span, groupBy, ...more })
      return groups.map(({ kind, name, points }) => [kind, name, ...points.map(({ accepted }) => accepted)])
    }
    expect(await by('none')).toEqual([])
    expect(await by('stream')).toEqual([
      ['named', 'transactional', 4, 1],
      ['named', 'campaign', 2, 0],
    ])
    expect(await by('template')).toEqual([
      ['named', 'Hi', 4, 0],
      ['none', null, 2, 1],
    ])
    expect(await by('domain', { groups: 1 })).toEqual([
      ['named', 'gmail.com', 4, 0],
      ['rest', null, 2, 1],
    ])
    expect(await by('domain', { stream: 'campaign' })).toEqual([['named', 'proton.me', 2, 0]])
    expect((await series({ ...span, domain: 'Gmail.com' })).total).toMatchObject({ accepted: 4, sent: 3, failed: 1 })
    expect((await series({ ...span, template: template.id, groupBy: 'stream' })).groups).toHaveLength(1)
  })

  test('is refused where it would be too long, or asks for what nobody counts', async () => {
    await refused({ since: '2026-01-01T00:00:00Z', until: '2026-03-01T00:00:00Z', granularity: 'hour' }, 'granularity')
    await refused({ since: '2024-01-01T00:00:00Z', until: '2026-03-01T00:00:00Z' }, 'since')
    await refused({ since: '2026-03-01T00:00:00Z', until: '2026-03-01T00:00:00Z' }, 'since')
    await refused({ template: project.id, groupBy: 'domain' }, 'domain')
    await refused({ timeZone: '+05:30' }, 'timeZone')
    await refused({ timeZone: 'IST' }, 'timeZone')
  })
})

test.each([
  [{ since: '0001-01-01T00:00:00Z', until: '0001-02-01T00:00:00Z' }, 'until'],
  [{ since: '0001-01-01T00:00:00Z' }, 'since'],
  [{ since: '9999-12-01T00:00:00Z', until: '9999-12-31T23:59:59Z' }, 'until'],
])('no numbers are asked for at the ends of time: %j', async (span, field) => {
  const refusal = { errors: [{ field, message: 'Expected a time in the years 1970 to 9998.' }] }
  await expect(series(span)).rejects.toMatchObject(refusal)
  await expect(project.call(['analytics', 'summary'], span)).rejects.toMatchObject(refusal)
  await expect(project.call(['analytics', 'top'], { ...span, by: 'domain' })).rejects.toMatchObject(refusal)
})

test.each([
  { since: '1970-01-01T00:00:00Z', until: '1970-12-31T00:00:00Z' },
  { since: '9998-01-02T00:00:00Z', until: '9998-12-31T23:59:59Z' },
])('numbers can be asked for in all other years: %j', async (span) => {
  for (const granularity of ['day', 'month']) await series({ ...span, granularity, timeZone: 'Pacific/Kiritimati' })
  await project.call(['analytics', 'summary'], span)
  await project.call(['analytics', 'top'], { ...span, by: 'domain' })
})

test('a summary compares with the span before', async () => {
  await count('2026-05-02T23:45:00Z', { accepted: 100 })
  await count('2026-05-03T10:00:00Z', { accepted: 3, sent: 2, domain: 'gmail.com' })
  await count('2026-05-04T10:00:00Z', { accepted: 6, sent: 5, failed: 1, domain: 'gmail.com' })
  await count('2026-05-04T10:15:00Z', { accepted: 1, stream: 1 })
  const span = { since: '2026-05-04T00:00:00Z', until: '2026-05-05T00:00:00Z' }
  expect(await project.call(['analytics', 'summary'], span)).toEqual({
    since: '2026-05-04T00:00:00.000Z',
    until: '2026-05-05T00:00:00.000Z',
    total: { accepted: 7, sent: 5, failed: 1, deferred: 0 },
    previous: {
      since: '2026-05-03T00:00:00.000Z',
      until: '2026-05-04T00:00:00.000Z',
      total: { accepted: 3, sent: 2, failed: 0, deferred: 0 },
    },
  })
  const workflow = await project.call(['analytics', 'summary'], { ...span, stream: 'workflow' })
  expect(workflow.total.accepted).toBe(1)
})

test('the domains with most failures come first when they are asked for', async () => {
  const at = '2026-05-04T10:00:00Z'
  await count(at, { accepted: 10, sent: 10, domain: 'gmail.com' })
  await count(at, { accepted: 4, failed: 3, sent: 1, domain: 'bad.example' })
  await count(at, { accepted: 2, failed: 1, domain: 'worse.example' })
  const span = { since: '2026-05-04T00:00:00Z', until: '2026-05-05T00:00:00Z' }
  const top = (more: object) => project.call(['analytics', 'top'], { ...span, by: 'domain', ...more })
  expect((await top({})).data.map(({ name }) => name)).toEqual(['gmail.com', 'bad.example', 'worse.example'])
  const failed = await top({ sort: 'failed', limit: 1 })
  expect(failed.data.map(({ kind, name, failed }) => [kind, name, failed])).toEqual([
    ['named', 'bad.example', 3],
    ['rest', null, 1],
  ])
  expect(failed.total).toMatchObject({ accepted: 16, failed: 4 })
})

test('a template says how much it was used, however much that is', async () => {
  const { id } = await project.call(['templates', 'create'], { name: 'Hi', subject: 'Hi', body: '<p>Hi</p>' })
  expect(await project.call(['templates', 'usage'], { id })).toEqual({ emails: 0, lastUsedAt: null })
  await count('2026-05-04T10:00:00Z', { accepted: 20_000, template: id })
  await count('2026-05-04T10:15:00Z', { template: id })
  expect(await project.call(['templates', 'usage'], { id })).toEqual({
    emails: 20_001,
    lastUsedAt: '2026-05-04T10:15:00.000Z',
  })
})

test('no page of numbers reads the mails', async () => {
  await sql`alter table emails rename to emails_away`.execute(instance.db)
  try {
    await series({ groupBy: 'template' })
    await project.call(['analytics', 'summary'], {})
    await project.call(['analytics', 'top'], { by: 'template' })
    await project.call(['stats', 'get'], {})
  } finally {
    await sql`alter table emails_away rename to emails`.execute(instance.db)
  }
})
