import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { testInstance, type TestInstance } from '../../test/instance.ts'
import { newId } from '../ids.ts'
import { forgetRateLimits } from './leases.ts'
import { createRateLimiter, type RateLimits } from './limiter.ts'
import { networkOf } from './networks.ts'

let instance: TestInstance

beforeAll(async () => {
  instance = await testInstance()
})

afterAll(() => instance.close())

const HOUR = 3_600

/** A limiter as another process would have it, and the faults it told of. */
function limiter(limits: RateLimits, db = instance.db) {
  const faults: unknown[] = []
  return { ...createRateLimiter({ db, limits, onFault: (fault) => faults.push(fault) }), faults }
}

const allowed = async (verdicts: readonly unknown[]) => {
  const settled = (await Promise.all(verdicts)) as ({ isAllowed: boolean } | undefined)[]
  return settled.filter((verdict) => verdict?.isAllowed).length
}

test.each([1, 7, 100])('of a quota of %d exactly so many are let through, by however many processes', async (quota) => {
  const subject = newId()
  const processes = [1, 2, 3].map(() => limiter({ key: { quota, windowSeconds: HOUR } }))
  const rounds = Array.from({ length: 90 }, (_, n) => processes[n % 3]!.take('key', subject))
  const first = await allowed(rounds)
  expect(first).toBeLessThanOrEqual(quota)
  // What one process has taken and not used is not lost to it.
  const rest = await allowed(processes.flatMap(({ take }) => Array.from({ length: 100 }, () => take('key', subject))))
  expect(first + rest).toBe(quota)
})

test('subjects and kinds of limits are counted apart, and what has no limit is not counted', async () => {
  const { take } = limiter({ key: { quota: 1, windowSeconds: HOUR }, account: { quota: 1, windowSeconds: HOUR } })
  const id = newId()
  const verdicts = [take('key', id), take('account', id), take('key', newId())]
  expect(await allowed(verdicts)).toBe(3)
  expect(await allowed([take('key', id), take('account', id)])).toBe(0)
  expect(await take('address', id)).toBeUndefined()
})

test('several calls at once count each, and are let through together or not at all', async () => {
  const { take } = limiter({ key: { quota: 25, windowSeconds: HOUR } })
  const id = newId()
  expect(await take('key', id, 20)).toMatchObject({ isAllowed: true, left: 5 })
  expect(await take('key', id, 20)).toMatchObject({ isAllowed: false, left: 5 })
  expect(await take('key', id, 5)).toMatchObject({ isAllowed: true, left: 0 })
  expect(await take('key', id)).toMatchObject({ isAllowed: false, left: 0, resetSeconds: HOUR })
})

test('when the window is over the quota is whole again, and what is given back then is not added to it', async () => {
  const { take, giveBack } = limiter({ key: { quota: 2, windowSeconds: 1 } })
  const id = newId()
  const begun = Date.now()
  const first = await take('key', id)
  expect(await allowed([first, take('key', id), take('key', id)])).toBe(2)
  const verdict = await take('key', id)
  expect(verdict).toMatchObject({ isAllowed: false, resetSeconds: 1 })
  await expect.poll(async () => (await take('key', id))?.isAllowed, { interval: 50, timeout: 5_000 }).toBe(true)
  expect(Date.now() - begun).toBeGreaterThanOrEqual(1_000)
  giveBack(id, first!)
  expect(await allowed([take('key', id), take('key', id)])).toBe(1)
})

test('most calls ask the database nothing, and those over the quota ask it nothing at all', async () => {
  let queries = 0
  const counting = instance.db.withPlugin({
    transformQuery({ node }) {
      queries += 1
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  })
  const { take } = limiter({ key: { quota: 1_000, windowSeconds: HOUR } }, counting)
  const id = newId()
  for (let n = 0; n < 1_000; n += 1) expect(await take('key', id)).toMatchObject({ isAllowed: true, left: 999 - n })
  expect(queries).toBeLessThan(60)
  expect(await take('key', id)).toMatchObject({ isAllowed: false })
  const before = queries
  for (let n = 0; n < 1_000; n += 1) expect(await take('key', id)).toMatchObject({ isAllowed: false })
  expect(queries).toBe(before)
})

test('while the database cannot count nobody is limited, and it is asked but once in a while', async () => {
  const broken = instance.db.withSchema('nowhere').withPlugin({
    transformQuery() {
      throw new Error('the database is away')
    },
    transformResult: ({ result }) => Promise.resolve(result),
  })
  const { take, faults } = limiter({ key: { quota: 1, windowSeconds: HOUR } }, broken)
  for (let n = 0; n < 50; n += 1) expect(await take('key', 'x')).toBeUndefined()
  expect(faults).toHaveLength(1)
})

test('what is over is forgotten, and who was counted is not to be read', async () => {
  const { take } = limiter({ address: { quota: 5, windowSeconds: 1 }, key: { quota: 5, windowSeconds: HOUR } })
  await take('address', '203.0.113.7')
  await take('key', 'stays')
  const rows = async () =>
    (await sql<{ row: string }>`select t::text as row from auth.rate_limits t`.execute(instance.db)).rows
  const before = await rows()
  expect(JSON.stringify(before)).not.toContain('203.0.113')
  await sql`update auth.rate_limits set ends_at = ends_at - interval '10 minutes'`.execute(instance.db)
  await forgetRateLimits(instance.db)
  const after = await rows()
  expect(after.length).toBeLessThan(before.length)
  expect(after.length).toBeGreaterThan(0)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['', ''],
])('%s counts as %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})

test('nobody gets more mails from a project than may be, alone or in a batch', async () => {
  const rateLimits = { recipient: { quota: 2, windowSeconds: HOUR } }
  const limited = await testInstance({ rateLimits })
  onTestFinished(() => limited.close())
  const [project, other] = [await limited.project(), await limited.project()]
  const mail = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' }
  await project.call(['emails', 'send'], mail)
  const batch = { emails: [mail, { ...mail, to: ' ADA@example.com' }, { ...mail, to: 'b@example.com' }] }
  const { results } = await project.call(['emails', 'sendBatch'], batch)
  expect(results.map((result) => (result.status === 'refused' ? result.error.code : 'accepted'))).toEqual([
    'accepted',
    'RATE_LIMITED',
    'accepted',
  ])
  await expect(project.call(['emails', 'send'], mail)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    retryAfterSeconds: expect.any(Number),
  })
  await other.call(['emails', 'send'], mail)
  const { id } = await project.call(['templates', 'create'], {
    name: 'T',
    type: 'TRANSACTIONAL',
    subject: 'T',
    body: 'T',
  })
  const test = project.call(['templates', 'sendTest'], { id, to: 'ada@example.com' })
  await expect(test).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  const mails = await project.call(['emails', 'list'], {})
  expect(mails.data.filter(({ to }) => to.email === 'ada@example.com')).toHaveLength(2)
})

test('who gets a copy is counted as well, once for each mail', async () => {
  const limited = await testInstance({ rateLimits: { recipient: { quota: 2, windowSeconds: HOUR } } })
  onTestFinished(() => limited.close())
  const project = await limited.project()
  const mail = { subject: 'Hello', text: 'Hello' }
  const [to, copied] = ['ada@example.com', 'boss@example.com']
  await project.call(['emails', 'send'], { ...mail, to, cc: [to, copied], bcc: [copied] })
  const { results } = await project.call(['emails', 'sendBatch'], {
    emails: [
      { ...mail, to: 'b@example.com', bcc: [' BOSS@example.com'] },
      { ...mail, to: 'c@example.com', cc: [copied] },
      { ...mail, to },
    ],
  })
  expect(results.map(({ status }) => status)).toEqual(['accepted', 'refused', 'accepted'])
  for (const copies of [{ cc: [copied] }, { bcc: [copied] }]) {
    await expect(project.call(['emails', 'send'], { ...mail, to: 'd@example.com', ...copies })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining(copied),
    })
  }
  await project.call(['emails', 'send'], { ...mail, to: 'c@example.com' })
  await project.call(['emails', 'send'], { ...mail, to: 'd@example.com' })
})

test('only what is accepted is counted: nothing that is refused, and nothing that happened before', async () => {
  const limited = await testInstance({ rateLimits: { recipient: { quota: 2, windowSeconds: HOUR } } })
  onTestFinished(() => limited.close())
  const project = await limited.project()
  const mail = <To>(to: To) => ({ to, subject: 'Hello', text: 'Hello' })
  const send = (to: string | string[], idempotencyKey?: string) =>
    project.call(['emails', 'send'], mail(to), { idempotencyKey })
  const sendBatch = (to: string, idempotencyKey?: string) =>
    project.call(['emails', 'sendBatch'], { emails: [mail(to)] }, { idempotencyKey })

  const first = await send('a@example.com', 'one')
  for (let time = 0; time < 3; time += 1) expect(await send('a@example.com', 'one')).toEqual(first)
  const second = await sendBatch('a@example.com', 'two')
  expect(second).toMatchObject({ accepted: 1 })
  for (let time = 0; time < 3; time += 1) expect(await sendBatch('a@example.com', 'two')).toEqual(second)
  await expect(send('a@example.com')).rejects.toMatchObject({ code: 'RATE_LIMITED' })

  for (let time = 0; time < 3; time += 1) {
    await expect(send(['b@example.com', 'a@example.com'])).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  }
  const { id } = await project.call(['templates', 'create'], { name: 'T', type: 'MARKETING', subject: 'T', body: 'T' })
  const unaddressed = project.call(['emails', 'send'], { ...mail('b@example.com'), template: id })
  await expect(unaddressed).rejects.toMatchObject({ code: expect.not.stringMatching('RATE_LIMITED') })
  await send('b@example.com')
  await sendBatch('b@example.com')
  await expect(send('b@example.com')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
})
