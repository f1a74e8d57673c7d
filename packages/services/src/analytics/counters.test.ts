import { claim, settle, STREAMS, type Stream } from '@posthorn/outbox'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { LIMITS } from '@posthorn/contracts'
import { ACCEPTED, DEFERRED, REJECTED } from '../../test/email-states.ts'
import { testInstance, type TestInstance, type TestProject } from '../../test/instance.ts'
import { acceptEmails, type Mail } from '../emails/accept.ts'
import { newId } from '../ids.ts'
import { deleteProject, startDeletion } from '../people/deletion.ts'
import { gatherTallies } from './gather.ts'
import { tidyStats } from './retention.ts'

let instance: TestInstance
let project: TestProject

beforeAll(async () => {
  instance = await testInstance()
})

beforeEach(async () => {
  project = await instance.project()
})

afterAll(() => instance.close())

const STREAM_LIST: Stream[] = [STREAMS.transactional, STREAMS.workflow, STREAMS.campaign]
const DOMAINS = ['gmail.com', 'proton.me', 'xn--bcher-kva.example']

/** Mulberry32, so that a failure can be seen again. */
function randomOf(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const mailTo = (email: string, more: Partial<Mail> = {}): Mail => ({
  recipients: [{ email }],
  from: { email: 'hello@acme.example', name: null },
  replyTo: null,
  cc: [],
  bcc: [],
  subject: 'Hello',
  html: null,
  text: 'Hi',
  headers: {},
  attachments: [],
  data: {},
  contactData: {},
  subscribed: undefined,
  tags: [],
  scheduledAt: null,
  stream: STREAMS.transactional,
  templateId: null,
  ...more,
})

const accept = (projectId: string, mails: Mail[]) => acceptEmails(instance.db, [{ projectId, captured: false, mails }])

const KILLED = new Error('killed')

/** Does a step, but is killed before it is committed. */
async function killed(work: (db: TestInstance['db']) => Promise<unknown>): Promise<void> {
  const end = instance.db.transaction().execute(async (trx) => {
    await work(trx)
    throw KILLED
  })
  await expect(end).rejects.toBe(KILLED)
}

const numbers = sql`sum(accepted)::int as accepted, sum(sent)::int as sent, sum(failed)::int as failed,
  sum(deferred)::int as deferred`

/** What the counters say, once all is added up. */
async function counted(projectId: string, dimension: string) {
  await gatherTallies(instance.db)
  const { rows } = await sql<{ name: string; stream: number }>`
    select name, stream, ${numbers} from email_stats where project_id = ${projectId} and dimension = ${dimension}
    group by 1, 2 order by 1, 2
  `.execute(instance.db)
  return rows
}

/** The same, counted over the mails themselves. */
async function recounted(projectId: string, dimension: string) {
  const name = {
    all: sql`''`,
    template: sql`coalesce(template_id::text, '')`,
    domain: sql`split_part(to_email, '@', -1)`,
  }[dimension]
  const { rows } = await sql`
    select ${name} as name, stream, count(*)::int as accepted, count(*) filter (where outcome = 'sent')::int as sent,
      count(*) filter (where outcome = 'failed')::int as failed,
      sum((select count(*) from email_attempts where project_id = ${projectId} and email_id = emails.id
        and outcome = 'deferred'))::int as deferred
    from emails where project_id = ${projectId} group by 1, 2 order by 1, 2
  `.execute(instance.db)
  return rows
}

const sumOf = async (projectId: string, dimension: string) => {
  const rows = (await counted(projectId, dimension)) as unknown as { accepted: number; sent: number; failed: number }[]
  return rows.reduce((sum, row) => [sum[0]! + row.accepted, sum[1]! + row.sent, sum[2]! + row.failed], [0, 0, 0])
}

test.each([1, 2, 3])(
  'the counters say what the mails say, whatever happened to them and whoever was killed (run %i)',
  async (seed) => {
    const random = randomOf(seed)
    const other = await instance.project('Other')
    const pick = <Item>(items: readonly Item[]) => items[random(items.length)] as Item
    const templates = [null, newId(), newId()]
    for (let round = 0; round < 12; round += 1) {
      const mails = Array.from({ length: 1 + random(12) }, (_, at) =>
        mailTo(`r${round}-${at}@${pick(DOMAINS)}`, { stream: pick(STREAM_LIST), templateId: pick(templates) }),
      )
      if (random(4) === 0) await killed((db) => acceptEmails(db, [{ projectId: project.id, captured: false, mails }]))
      // In one statement with those of somebody else.
      await acceptEmails(instance.db, [
        { projectId: project.id, captured: false, mails },
        { projectId: other.id, captured: false, mails: mails.slice(0, 2) },
      ])
      const token = newId()
      const lane = { projectId: project.id, stream: pick(STREAM_LIST), limit: 20, token }
      const settlements = (await claim(instance.db, lane)).map(({ emailId }) =>
        pick([
          { emailId, token, next: { end: 'sent' as const }, attempt: ACCEPTED },
          { emailId, token, next: { end: 'failed' as const }, attempt: REJECTED },
          { emailId, token, next: { end: 'failed' as const }, reason: 'It cannot be composed.' },
          { emailId, token, next: { retryInSeconds: 0, isDeferral: true }, attempt: DEFERRED },
          { emailId, token, next: { retryInSeconds: 1e9, isDeferral: true }, attempt: DEFERRED },
        ]),
      )
      if (random(3) === 0) await killed((db) => settle(db, project.id, settlements))
      await settle(instance.db, project.id, settlements)
      // Whoever comes too late settles nothing.
      await settle(instance.db, project.id, settlements)
      const waiting = await instance.db
        .selectFrom('outbox')
        .select('email_id as id')
        .where('project_id', '=', project.id)
        .limit(1)
        .execute()
      for (const { id } of waiting) await project.call(['emails', 'cancel'], { id })
      if (random(3) === 0) await killed((db) => gatherTallies(db, 3))
      if (random(3) === 0) await Promise.all([gatherTallies(instance.db, 2), gatherTallies(instance.db, 2)])
    }
    for (const dimension of ['all', 'template', 'domain']) {
      expect(await counted(project.id, dimension)).toEqual(await recounted(project.id, dimension))
      expect(await counted(other.id, dimension)).toEqual(await recounted(other.id, dimension))
    }
    expect(await sumOf(project.id, 'template')).toEqual(await sumOf(project.id, 'all'))
    expect(await sumOf(project.id, 'domain')).toEqual(await sumOf(project.id, 'all'))
  },
)

test('numbers are the same before and after they are added up', async () => {
  await accept(project.id, [mailTo('a@one.example'), mailTo('b@two.example'), mailTo('c@two.example')])
  const ask = async () => [
    await project.call(['stats', 'get'], { days: 2 }),
    (await project.call(['analytics', 'timeseries'], { groupBy: 'domain' })).groups,
    (await project.call(['analytics', 'top'], { by: 'domain' })).data,
  ]
  const before = await ask()
  expect(await gatherTallies(instance.db)).toBeGreaterThan(0)
  expect(await ask()).toEqual(before)
  expect(await gatherTallies(instance.db)).toBe(0)
})

const tally = (at: string, domains: string[], accepted: number[]) =>
  sql`
    insert into email_tallies (project_id, quarter, streams, template_ids, domains, accepted)
    select ${project.id}, ${at}::timestamptz, array_fill(0::smallint, array[${domains.length}::int]),
      array_fill(null::uuid, array[${domains.length}::int]), ${domains}, ${accepted}
  `.execute(instance.db)

const domainNames = async () => {
  const { rows } = await sql<{ name: string; accepted: number }>`
    select name, sum(accepted)::int as accepted from email_stats where project_id = ${project.id} and dimension = 'domain'
    group by 1 order by 2 desc, 1
  `.execute(instance.db)
  return rows
}

test('somebody who writes to a new domain with each mail fills no table, and hides no busy domain', async () => {
  const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
  const strange = (from: number, count: number) => Array.from({ length: count }, (_, at) => `d${from + at}.example`)
  await tally(`${yesterday}T08:00:00Z`, [...strange(0, 700), 'gmail.com'], [...Array<number>(700).fill(1), 50])
  await tally(`${yesterday}T08:00:00Z`, strange(700, 100), Array<number>(100).fill(1))
  await gatherTallies(instance.db)
  expect(await domainNames()).toHaveLength(501)
  await tally(`${yesterday}T09:00:00Z`, ['gmail.com', 'd799.example'], [40, 30])
  await gatherTallies(instance.db)
  await tidyStats(instance.db, AbortSignal.timeout(60_000))
  const names = await domainNames()
  expect(names).toHaveLength(LIMITS.domainsPerDay + 1)
  expect(names.slice(0, 3)).toEqual([
    { name: '', accepted: 800 + 1 - 1 - (LIMITS.domainsPerDay - 2) },
    { name: 'gmail.com', accepted: 90 },
    { name: 'd799.example', accepted: 30 },
  ])
  expect(names.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(800 + 50 + 70)
  await tidyStats(instance.db, AbortSignal.timeout(60_000))
  expect(await domainNames()).toEqual(names)
})

test('templates and domains are forgotten in time, and what there was in all is kept', async () => {
  const days = (age: number) => new Date(Date.now() - age * 86_400_000).toISOString()
  await tally(days(LIMITS.statsDetailDays + 1), ['old.example'], [3])
  await tally(days(LIMITS.statsDetailDays - 1), ['new.example'], [2])
  await gatherTallies(instance.db)
  await tidyStats(instance.db, AbortSignal.timeout(60_000))
  expect(await domainNames()).toEqual([{ name: 'new.example', accepted: 2 }])
  expect(await sumOf(project.id, 'all')).toEqual([5, 0, 0])
  expect(await sumOf(project.id, 'template')).toEqual([2, 0, 0])
})

test('nothing is left of the numbers of a project that is deleted, also of those not added up yet', async () => {
  await accept(project.id, [mailTo('a@one.example')])
  await gatherTallies(instance.db)
  await accept(project.id, [mailTo('b@two.example')])
  await startDeletion(instance.db, project.id, null)
  await gatherTallies(instance.db)
  await deleteProject(instance.db, project.id, { signal: AbortSignal.timeout(60_000), afterglowSeconds: 0 })
  for (const table of ['email_tallies', 'email_stats', 'email_stats_days']) {
    const { rows } = await sql`select from ${sql.table(table)} where project_id = ${project.id}`.execute(instance.db)
    expect(rows).toEqual([])
  }
})
