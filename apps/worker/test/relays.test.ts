import { testMailbox } from '@posthorn/testkit'
import { misbehavingSmtpServer, type MisbehavingServer, type Script } from '@posthorn/testkit/smtp/misbehaving-server'
import { sql } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { countOutcomes, openOffice, outboxRows, passTime, startWorker, type Office } from './office.ts'

const MINUTE = 60
const shortPause = { pause: { minMs: 30, maxMs: 60 } }

async function mailbox(options?: Parameters<typeof testMailbox>[0]) {
  const box = await testMailbox(options)
  onTestFinished(box.close)
  return box
}

async function badServer(script: Script, options?: { dripMs: number }): Promise<MisbehavingServer> {
  const server = await misbehavingSmtpServer(script, options)
  onTestFinished(server.close)
  return server
}

/** A port on which nobody listens, for now. */
async function freePort(): Promise<number> {
  const box = await testMailbox()
  await box.close()
  return box.port
}

const pauses = ({ db }: Office) => db.selectFrom('relay_pauses').selectAll().execute()

test('a mail that is put off again and again waits longer each time, and not all for the same time', async () => {
  const office = await openOffice()
  const project = await office.project()
  const server = await badServer({ rcpt: '451 4.7.1 Greylisted' })
  startWorker(office, { urls: [server.url], pollMs: 20 })
  const ids = await project.sendMany(5)
  const leasts = [5, 10, 30, 60, 120, 240, 240].map((minutes) => minutes * MINUTE)
  for (const [index, least] of leasts.entries()) {
    const rows = await vi.waitFor(async () => {
      const { rows } = await sql<{ attempts: number; seconds: number }>`
        select attempts, extract(epoch from due_at - now())::float8 as seconds from outbox
        where lease_token is null and attempts = ${index + 1}
      `.execute(office.db)
      expect(rows).toHaveLength(ids.length)
      return rows
    }, 5000)
    for (const { seconds } of rows) {
      expect(seconds).toBeGreaterThan(least - 5)
      expect(seconds).toBeLessThanOrEqual(least * 1.2)
    }
    expect(new Set(rows.map(({ seconds }) => Math.round(seconds * 1000))).size).toBeGreaterThan(1)
    await passTime(office.db)
  }
  expect(await project.get(ids[0]!)).toMatchObject({ status: expect.stringMatching(/deferred|sending/) })
})

test('while the relay is down mail waits and says why, and all of it leaves when the relay is back', async () => {
  const office = await openOffice()
  const project = await office.project()
  const port = await freePort()
  const worker = startWorker(office, { urls: [`smtp://127.0.0.1:${port}`], relay: shortPause, pollMs: 100 })
  const ids = await project.sendMany(300)
  await vi.waitFor(async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from email_attempts`.execute(office.db)
    expect(rows[0]?.count).toBeGreaterThan(4)
    expect(await pauses(office)).toEqual([
      { relay: `127.0.0.1:${port}`, paused_until: expect.any(Date), reason: expect.stringContaining('ECONNREFUSED') },
    ])
  }, 5000)
  expect(await countOutcomes(office.db)).toEqual({ waiting: ids.length })
  const tried = (await outboxRows(office.db)).filter(
    ({ attempts, lease_token }) => attempts > 0 && lease_token === null,
  )
  for (const row of tried) expect(row.reason).toContain('ECONNREFUSED')
  expect(tried.every(({ deferrals }) => deferrals === 0)).toBe(true)

  const box = await mailbox({ port })
  await vi.waitFor(async () => {
    await passTime(office.db)
    expect(await countOutcomes(office.db)).toEqual({ sent: ids.length })
  }, 10_000)
  expect(box.messages).toHaveLength(ids.length)
  await vi.waitFor(async () => expect(await pauses(office)).toEqual([]))
  expect(worker.faults).toEqual([])
})

test('mail that was being loaded when the relay went away is tried again like any other', async () => {
  const office = await openOffice()
  const project = await office.project()
  const port = await freePort()
  // So large that a claim is loaded in several pieces: the first is refused before the last is there.
  const ids = await project.sendMany(30, { text: 'x'.repeat(450_000) })
  // The pause is longer than the loading, so that what is loaded finds nobody to go to.
  const relay = { pause: { minMs: 400, maxMs: 400 } }
  startWorker(office, { urls: [`smtp://127.0.0.1:${port}`], relay, pollMs: 50 })
  await vi.waitFor(async () => expect(await pauses(office)).toHaveLength(1), 5000)
  const box = await mailbox({ port })
  await vi.waitFor(async () => {
    await passTime(office.db)
    expect(await countOutcomes(office.db)).toEqual({ sent: ids.length })
  }, 10_000)
  expect(box.messages).toHaveLength(ids.length)
})

test.each([3, 25])(
  'a relay that stalls, of two with %i connections each, holds up only what it has',
  async (connections) => {
    const office = await openOffice()
    const project = await office.project()
    const stalled = await badServer({ rcpt: 'stall' })
    // Slow, so that the worker has no more in hand than it must.
    const slow = await badServer({ final: 'drip' }, { dripMs: 8 })
    startWorker(office, { urls: [stalled, slow].map(({ url }) => `${url}?connections=${connections}`), pollMs: 100 })
    const ids = await project.sendMany(connections * 4)
    await vi.waitFor(async () => {
      expect(await countOutcomes(office.db)).toEqual({ sent: ids.length - connections, waiting: connections })
    }, 10_000)
    expect(stalled.open).toBe(connections)
  },
)

test('a relay that is down, of two, delays nothing', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  const urls = [`smtp://127.0.0.1:${await freePort()}`, box.url]
  startWorker(office, { urls, pollMs: 100 })
  const ids = await project.sendMany(200)
  await vi.waitFor(async () => {
    await passTime(office.db)
    expect(await countOutcomes(office.db)).toEqual({ sent: ids.length })
  }, 10_000)
  expect(box.messages).toHaveLength(ids.length)
})

test('one mail at which the server always hangs up does not stop the others, and comes less and less often', async () => {
  const office = await openOffice()
  const project = await office.project()
  const server = await badServer({ rcpt: ({ line }) => (line.includes('poison') ? '421 4.3.2 Bye' : 'ok') })
  startWorker(office, { urls: [server.url], relay: { pause: { minMs: 50, maxMs: 50 } }, pollMs: 50 })
  const poison = await project.send({ to: 'poison@example.com' })
  await vi.waitFor(async () => expect(await project.attempts(poison)).toHaveLength(1))
  const ids = await project.sendMany(300)
  await vi.waitFor(async () => {
    expect(await countOutcomes(office.db)).toEqual({ sent: ids.length, waiting: 1 })
  }, 10_000)
  for (let round = 0; round < 5; round += 1) {
    const [{ attempts: before } = { attempts: 0 }] = await outboxRows(office.db)
    await passTime(office.db)
    await vi.waitFor(async () => {
      const { rows } = await sql<{ attempts: number; seconds: number }>`
        select attempts, extract(epoch from due_at - now())::float8 as seconds from outbox
        where lease_token is null and deferrals = 0 and attempts > ${before}
      `.execute(office.db)
      expect(rows).toHaveLength(1)
      const [{ attempts, seconds } = { attempts: 0, seconds: 0 }] = rows
      expect(seconds).toBeGreaterThan(2 ** (attempts - 1) - 5)
    }, 5000)
  }
})
