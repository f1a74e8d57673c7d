import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testMailbox } from '@posthorn/testkit'
import { misbehavingSmtpServer } from '@posthorn/testkit/smtp/misbehaving-server'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { countOutcomes, expireLeases, hasLeft, openOffice, outboxRows, type OnFinished } from './office.ts'
import { realWorker } from './processes.ts'

async function mailbox(onFinished: OnFinished = onTestFinished) {
  const box = await testMailbox()
  onFinished(box.close)
  return box
}

const idsIn = (messages: { raw: Buffer }[]) =>
  messages.map(({ raw }) => /^Message-ID: <([^@]+)@example\.com>/im.exec(raw.toString('latin1'))?.[1] ?? '')

test('two thousand mails survive a kill in the middle: all arrive, and what came twice is marked', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  const ids = await project.sendMany(2000)
  const first = realWorker(office, { SMTP_URL: box.url })
  await box.waitFor(700)
  first.child.kill('SIGKILL')
  expect(await first.exited).toBe('SIGKILL')
  expect(box.messages.length).toBeLessThan(2000)

  await hasLeft(office.db, 'posthorn worker')
  await expireLeases(office.db)
  const second = realWorker(office, { SMTP_URL: box.url })
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 2000 }), 20_000)
  const arrived = idsIn(box.messages)
  expect(new Set(arrived)).toEqual(new Set(ids))
  const { rows: marked } = await sql<{ id: string }>`select id from emails where possibly_duplicate`.execute(office.db)
  const doubles = arrived.filter((id, index) => arrived.indexOf(id) !== index)
  expect(marked.map(({ id }) => id)).toEqual(expect.arrayContaining(doubles))
  second.child.kill('SIGTERM')
  expect(await second.exited).toBe(0)
})

test('two workers at once send each mail once, and both do their part', async () => {
  const office = await openOffice()
  const project = await office.project()
  const boxes = [await mailbox(), await mailbox()]
  const workers = boxes.map(({ url }) => realWorker(office, { SMTP_URL: url }))
  // Both are at work before there is much of it.
  await vi.waitFor(async () => {
    await project.send()
    expect(boxes.every(({ messages }) => messages.length > 0)).toBe(true)
  }, 20_000)
  await project.sendMany(2000)
  await vi.waitFor(async () => expect(await outboxRows(office.db)).toEqual([]), 20_000)
  const arrived = boxes.flatMap(({ messages }) => idsIn(messages))
  const { sent } = await countOutcomes(office.db)
  expect(arrived).toHaveLength(sent ?? 0)
  expect(new Set(arrived).size).toBe(sent)
  for (const { child } of workers) child.kill('SIGTERM')
  expect(await Promise.all(workers.map(({ exited }) => exited))).toEqual([0, 0])
})

test('a worker that is told to stop in the middle ends well, and everything is sent once or waits untouched', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  await project.sendMany(1500)
  const worker = realWorker(office, { SMTP_URL: box.url })
  await box.waitFor(300)
  worker.child.kill('SIGTERM')
  expect(await worker.exited).toBe(0)
  const left = await outboxRows(office.db)
  expect(left.length).toBeGreaterThan(0)
  expect(left.every(({ lease_token, attempts }) => lease_token === null && attempts === 0)).toBe(true)
  expect(await countOutcomes(office.db)).toEqual({ sent: box.messages.length, waiting: left.length })
  expect(worker.output()).toBe('')
})

/** Five starts at once take their time on a machine that is busy. */
const PATIENCE_MS = 40_000

// At the same time, since most of each is waiting: for a start, a time-out or an end.
describe.concurrent('beside others,', { timeout: 60_000 }, () => {
  test('a worker that is told to stop while its server stalls ends within ten seconds, and leaves nothing leased', async ({
    onTestFinished,
  }) => {
    const office = await openOffice(onTestFinished)
    const project = await office.project()
    const stalls = {
      early: await misbehavingSmtpServer({ rcpt: 'stall' }),
      late: await misbehavingSmtpServer({ final: 'stall' }),
    }
    onTestFinished(() => stalls.early.close())
    onTestFinished(() => stalls.late.close())
    const ids = await project.sendMany(100)
    const urls = [stalls.early, stalls.late].map(({ url }) => `${url}?connections=5`)
    const worker = realWorker(office, { SMTP_URL: urls.join(',') }, onTestFinished)
    await vi.waitFor(() => {
      expect(stalls.early.open).toBe(5)
      expect(stalls.late.messages).toHaveLength(5)
    }, PATIENCE_MS)
    const startedAt = performance.now()
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    const left = await outboxRows(office.db)
    expect(left).toHaveLength(ids.length)
    expect(left.every(({ lease_token }) => lease_token === null)).toBe(true)
    const { rows: unsure } = await sql<{ id: string }>`select id from emails where possibly_duplicate`.execute(
      office.db,
    )
    expect(new Set(unsure.map(({ id }) => id))).toEqual(new Set(idsIn(stalls.late.messages)))
  })

  test('a worker that was frozen beyond its leases neither finishes nor settles what it had begun, nor begins the rest', async ({
    onTestFinished,
  }) => {
    const office = await openOffice(onTestFinished)
    const project = await office.project()
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-clock-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const jump = join(folder, 'jump')
    const slow = await misbehavingSmtpServer({ rcpt: 'drip' }, { dripMs: 100 })
    onTestFinished(slow.close)
    const box = await mailbox(onTestFinished)
    const ids = await project.sendMany(20)

    const frozen = realWorker(
      office,
      {
        SMTP_URL: slow.url,
        NODE_OPTIONS: `--import=${import.meta.resolve('./jumping-clock.ts')}`,
        CLOCK_JUMPS_WITH: jump,
      },
      onTestFinished,
    )
    const begun = () => slow.conversations.filter(({ lines }) => lines.some((line) => line.startsWith('C: RCPT')))
    await vi.waitFor(() => expect(begun()).toHaveLength(10), PATIENCE_MS)
    const places = begun().map(({ lines }) => Number(/RCPT TO:<(\d+)@/.exec(lines.join('\n'))?.[1]))
    frozen.child.kill('SIGSTOP')
    await writeFile(jump, '')
    await expireLeases(office.db)

    const other = realWorker(office, { SMTP_URL: box.url }, onTestFinished)
    await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: ids.length }), PATIENCE_MS)
    expect(new Set(idsIn(box.messages))).toEqual(new Set(ids))
    const snapshot = () =>
      Promise.all([
        office.db.selectFrom('emails').selectAll().orderBy('id').execute(),
        office.db.selectFrom('email_attempts').selectAll().orderBy('email_id').orderBy('number').execute(),
      ])
    const before = await snapshot()

    frozen.child.kill('SIGCONT')
    await vi.waitFor(() => expect(slow.open).toBe(0), PATIENCE_MS)
    frozen.child.kill('SIGTERM')
    expect(await frozen.exited).toBe(0)
    expect(slow.messages).toEqual([])
    expect(await snapshot()).toEqual(before)
    // Nobody could know that it would not go on.
    for (const place of places) expect(await project.get(ids[place]!)).toMatchObject({ possiblyDuplicate: true })
    other.child.kill('SIGTERM')
    expect(await other.exited).toBe(0)
  })

  test('a worker gives mail up when it was due for as long as its setting says', async ({ onTestFinished }) => {
    const office = await openOffice(onTestFinished)
    const project = await office.project()
    const busy = await misbehavingSmtpServer({ rcpt: '450 4.2.1 Busy' })
    onTestFinished(busy.close)
    const [old, young] = [await project.send(), await project.send()]
    await sql`update outbox set first_due_at = now() - interval '2 hours' where email_id = ${old}`.execute(office.db)
    realWorker(office, { SMTP_URL: busy.url, RETRY_LIFE_HOURS: '2' }, onTestFinished)
    await vi.waitFor(async () => {
      expect(await project.get(old)).toMatchObject({ status: 'failed', reason: 'Given up after 1 attempt. Busy' })
      expect(await project.get(young)).toMatchObject({ status: 'deferred', reason: 'Busy' })
    }, PATIENCE_MS)
  })

  test('two workers share the built-in inbox of a machine, and the second serves it when the first ends', async ({
    onTestFinished,
  }) => {
    const office = await openOffice(onTestFinished, { captures: true })
    const project = await office.project()
    const spare = await testMailbox()
    await spare.close()
    const env = { INBOX_SMTP_PORT: String(spare.port), LOG_LEVEL: 'info' }
    const first = realWorker(office, env, onTestFinished)
    await vi.waitFor(() => expect(first.output()).toContain('delivering'), PATIENCE_MS)
    const second = realWorker(office, env, onTestFinished)
    await vi.waitFor(() => expect(second.output()).toContain('delivering'), PATIENCE_MS)
    const arrived = () => office.db.selectFrom('inbox_messages').select('email_id').execute()

    const early = await project.sendMany(20)
    await vi.waitFor(async () => expect(await arrived()).toHaveLength(early.length), PATIENCE_MS)
    first.child.kill('SIGTERM')
    expect(await first.exited).toBe(0)

    const late = await project.sendMany(20)
    await vi.waitFor(async () => expect(await arrived()).toHaveLength(early.length + late.length), PATIENCE_MS)
    expect(new Set((await arrived()).map(({ email_id }) => email_id))).toEqual(new Set([...early, ...late]))
    second.child.kill('SIGTERM')
    expect(await second.exited).toBe(0)
  })

  test('a worker under another master key starts, and says once that it does not open the keys', async ({
    onTestFinished,
  }) => {
    const office = await openOffice(onTestFinished)
    await office.project()
    const POSTHORN_SECRET = 'another master key for tests, long enough'
    const worker = realWorker(
      office,
      { SMTP_URL: (await mailbox(onTestFinished)).url, LOG_LEVEL: 'info', POSTHORN_SECRET },
      onTestFinished,
    )
    await vi.waitFor(() => expect(worker.output()).toContain('delivering'), PATIENCE_MS)
    expect(worker.output().match(/The master key does not open 1 of 1 secret keys/g)).toHaveLength(1)
  })

  test('a worker that the database does not let in ends with one sentence that names the setting', async ({
    onTestFinished,
  }) => {
    const office = await openOffice(onTestFinished)
    const wrong = new URL(office.databaseUrl)
    wrong.password = 'hunter2'
    const worker = realWorker(office, { DATABASE_URL: wrong.href }, onTestFinished)
    expect(await worker.exited).toBe(1)
    await vi.waitFor(() =>
      expect(worker.output()).toMatch(/^The database in DATABASE_URL refuses \(.*\): check user.*\.\n$/),
    )
    expect(worker.output()).not.toContain('hunter2')
  })
})
