import { invoke, invokePeople } from '@posthorn/services'
import { testMailbox } from '@posthorn/testkit'
import { misbehavingSmtpServer, type Script } from '@posthorn/testkit/smtp/misbehaving-server'
import { sql, type KyselyPlugin } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { countOutcomes, openOffice, outboxRows, passTime, startWorker } from './office.ts'

const POLL_MS = 60_000

async function mailbox() {
  const box = await testMailbox()
  onTestFinished(box.close)
  return box
}

async function badServer(script: Script) {
  const server = await misbehavingSmtpServer(script)
  onTestFinished(server.close)
  return server
}

const messageIds = (messages: { raw: Buffer }[]) =>
  messages.map(({ raw }) => /^Message-ID: <([^@]+)@/im.exec(raw.toString('latin1'))?.[1] ?? '')
const toSorted = (ids: string[]) => ids.toSorted((a, b) => a.localeCompare(b))

test('an idle worker is woken by the mail itself, long before it would look', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  const worker = startWorker(office, { urls: [box.url], pollMs: POLL_MS })
  const waitsMs: number[] = []
  for (let count = 1; count <= 20; count += 1) {
    await project.send()
    const acceptedAt = performance.now()
    await box.waitFor(count)
    waitsMs.push(performance.now() - acceptedAt)
  }
  waitsMs.sort((a, b) => a - b)
  expect(waitsMs[10]).toBeLessThan(100)
  expect(waitsMs.at(-1)).toBeLessThan(POLL_MS / 10)
  expect(worker.faults).toEqual([])
})

test('scheduled mail leaves at its time and not before', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  startWorker(office, { urls: [box.url] })
  const scheduledAt = new Date(Date.now() + 1200)
  const id = await project.send({ scheduledAt: scheduledAt.toISOString() })
  expect((await project.get(id)).status).toBe('scheduled')
  await box.waitFor(1)
  // The database is on this machine, so that both read the same clock.
  expect(Date.now()).toBeGreaterThanOrEqual(scheduledAt.getTime())
  await vi.waitFor(async () => expect(await project.get(id)).toMatchObject({ status: 'sent' }))
})

test.each([
  ['ahead', 3],
  ['behind', -3],
])('a worker whose clock is days %s sends what is due and nothing else', async (_, days) => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  const scheduled = await project.send({ scheduledAt: new Date(Date.now() + 3600_000).toISOString() })
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * 24 * 3600_000 })
  onTestFinished(() => void vi.useRealTimers())
  startWorker(office, { urls: [box.url], pollMs: 30 })
  const due = await project.sendMany(3)
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 3, waiting: 1 }))
  const later = await project.sendMany(3)
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 6, waiting: 1 }))
  expect(toSorted(messageIds(box.messages))).toEqual(toSorted([...due, ...later]))
  expect(messageIds(box.messages)).not.toContain(scheduled)
})

test('a mail whose cancellation was answered never leaves, and any other does', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  const ids = await project.sendMany(400)
  const isCancelled = async (id: string) =>
    invoke(project.ctx, ['emails', 'cancel'], { id }).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'EMAIL_NOT_WAITING' })
        return false
      },
    )
  startWorker(office, { urls: [`${box.url}?connections=2`] })
  const cancelled: string[] = []
  // From the end, towards the worker, until they have met.
  for (const id of ids.toReversed()) if (await isCancelled(id)) cancelled.push(id)
  await vi.waitFor(async () => expect(await outboxRows(office.db)).toEqual([]))
  expect(cancelled.length).toBeGreaterThan(0)
  expect(cancelled.length).toBeLessThan(ids.length)
  const sent = ids.filter((id) => !cancelled.includes(id))
  expect(toSorted(messageIds(box.messages))).toEqual(toSorted(sent))
  expect(await countOutcomes(office.db)).toEqual({ sent: sent.length, cancelled: cancelled.length })
})

const copied = { to: 'to@example.com', cc: ['cc@example.com'], bcc: ['bcc@example.com'] }
const saysTo = (answers: Record<string, `${number}${string}`>): Script => ({
  rcpt: ({ line }) => Object.entries(answers).find(([name]) => line.includes(`<${name}@`))?.[1] ?? 'ok',
})

test('who is named in several places gets one copy', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  startWorker(office, { urls: [box.url] })
  const [to, cc] = ['ada@example.com', 'bob@bücher.example']
  await project.send({ to, cc: [cc, 'ADA@example.com'], bcc: [cc, to, 'eve@example.com'] })
  const [message] = await box.waitFor(1)
  expect(message?.to).toEqual([to, 'bob@xn--bcher-kva.example', 'eve@example.com'])
})

test('a recipient that is put off is tried again alone, and nobody gets the mail twice for its sake', async () => {
  const office = await openOffice()
  const project = await office.project()
  const server = await badServer(saysTo({ to: '451 4.7.1 Greylisted' }))
  startWorker(office, { urls: [server.url], pollMs: 30 })
  const id = await project.send(copied)
  await vi.waitFor(async () =>
    expect(await project.get(id)).toMatchObject({ status: 'deferred', attempts: 1, reason: 'Greylisted' }),
  )
  server.behave({})
  await passTime(office.db)
  await vi.waitFor(async () => expect(await project.get(id)).toMatchObject({ status: 'sent', attempts: 2 }))
  expect(server.messages.map(({ to }) => to)).toEqual([['cc@example.com', 'bcc@example.com'], ['to@example.com']])
  expect(new Set(messageIds(server.messages)).size).toBe(1)
})

test('a recipient that was refused is not asked again while others are tried again, and the refusal is told', async () => {
  const office = await openOffice()
  const project = await office.project()
  const server = await badServer(saysTo({ to: '550 5.1.1 No such user', cc: '451 4.7.1 Greylisted' }))
  startWorker(office, { urls: [server.url], pollMs: 30 })
  const id = await project.send(copied)
  await vi.waitFor(async () =>
    expect(await project.get(id)).toMatchObject({
      status: 'deferred',
      reason: 'to@example.com: No such user; cc@example.com: Greylisted',
    }),
  )
  const asked = () =>
    server.conversations.flatMap(({ lines }) => lines.flatMap((line) => /^C: RCPT TO:<(.*)>/.exec(line)?.[1] ?? []))
  server.behave({})
  await passTime(office.db)
  await vi.waitFor(async () =>
    expect(await project.get(id)).toMatchObject({ status: 'failed', attempts: 2, reason: 'No such user' }),
  )
  expect(asked()).toEqual(['to@example.com', 'cc@example.com', 'bcc@example.com', 'cc@example.com'])
})

test('a copy that is put off is tried again alone, and the mail is sent even if the copy is given up', async () => {
  const office = await openOffice()
  const project = await office.project()
  const server = await badServer(saysTo({ cc: '452 4.2.2 Mailbox full' }))
  startWorker(office, { urls: [server.url], pollMs: 30 })
  const id = await project.send(copied)
  await vi.waitFor(async () => expect(await project.get(id)).toMatchObject({ status: 'deferred', attempts: 1 }))
  await sql`update outbox set first_due_at = now() - interval '3 days'`.execute(office.db)
  await passTime(office.db)
  await vi.waitFor(async () =>
    expect(await project.get(id)).toMatchObject({
      status: 'sent',
      attempts: 2,
      reason: 'Given up after 2 attempts. Mailbox full',
    }),
  )
  expect(server.messages.map(({ to }) => to)).toEqual([['to@example.com', 'bcc@example.com']])
})

test.each([
  ['a copy is refused', 'sent', saysTo({ cc: '550 5.1.1 No such user' }), ['to@example.com', 'bcc@example.com']],
  [
    'only the copies are taken',
    'failed',
    saysTo({ to: '550 5.1.1 No such user' }),
    ['cc@example.com', 'bcc@example.com'],
  ],
] as const)('%s: the mail is %s', async (_, status, script, reached) => {
  const office = await openOffice()
  const project = await office.project()
  const server = await badServer(script)
  startWorker(office, { urls: [server.url] })
  const id = await project.send(copied)
  await vi.waitFor(async () =>
    expect(await project.get(id)).toMatchObject({ status, attempts: 1, reason: 'No such user', nextAttemptAt: null }),
  )
  expect(server.messages.map(({ to }) => to)).toEqual([reached])
})

test.each(['claimed', 'composed', 'delivered', 'settled'] as const)(
  'a worker that is told to stop when a mail is %s ends at once, and leaves nothing leased and nothing twice',
  async (stopAt) => {
    const office = await openOffice()
    const project = await office.project()
    const box = await mailbox()
    const ids = await project.sendMany(200)
    const { promise: stopped, resolve } = Promise.withResolvers<number>()
    let seen = 0
    const worker = startWorker(office, {
      urls: [box.url],
      onStep(step) {
        if (step !== stopAt || (seen += 1) !== 15) return
        const startedAt = performance.now()
        void worker.stop(7000).then(() => resolve(performance.now() - startedAt))
      },
    })
    expect(await stopped).toBeLessThan(3000)
    expect(worker.faults).toEqual([])
    const left = await outboxRows(office.db)
    expect(left.length).toBeGreaterThan(0)
    expect(left.every(({ lease_token, attempts }) => lease_token === null && attempts === 0)).toBe(true)
    expect(left.length).toBe(ids.length - box.messages.length)

    startWorker(office, { urls: [box.url] })
    await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: ids.length }), 15_000)
    expect(toSorted(messageIds(box.messages))).toEqual(toSorted(ids))
  },
)

test('a worker that is told to stop while the database is giving it mail hands that back too', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  await project.sendMany(50)
  const { promise: claiming, resolve } = Promise.withResolvers<void>()
  const slowClaims: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!result.rows.some((row) => 'lostLeases' in row)) return result
      resolve()
      await sql`select pg_sleep(0.2)`.execute(office.db)
      return result
    },
  }
  const worker = startWorker(office, { urls: [box.url], db: office.db.withPlugin(slowClaims) })
  await claiming
  await worker.stop(7000)
  const left = await outboxRows(office.db)
  expect(left).toHaveLength(50)
  expect(left.every(({ lease_token, attempts }) => lease_token === null && attempts === 0)).toBe(true)
  expect(worker.faults).toEqual([])
})

test('a reply with half a character at its cut does not undo what was sent beside it', async () => {
  const office = await openOffice()
  const project = await office.project()
  const words = `${'x'.repeat(999)}😀${'x'.repeat(100)}`
  const server = await badServer({ final: () => `250 ${words}` })
  const worker = startWorker(office, { urls: [server.url] })
  const ids = await project.sendMany(10)
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: ids.length }))
  expect((await project.attempts(ids[0]!))[0]?.words).toMatch(/^x{999}/)
  expect(worker.faults).toEqual([])
})

test('mail whose content is gone fails and stops nothing', async () => {
  const office = await openOffice()
  const project = await office.project()
  const box = await mailbox()
  const [gone, alone] = [await project.send(), await project.send()]
  await sql`delete from email_contents where id = (select content_id from emails where id = ${gone})`.execute(office.db)
  await sql`delete from emails where id = ${alone}`.execute(office.db)
  const worker = startWorker(office, { urls: [box.url] })
  await vi.waitFor(async () => expect(await outboxRows(office.db)).toEqual([]))
  expect(await project.get(gone)).toMatchObject({ status: 'failed', reason: 'Its content is gone.' })
  expect(worker.faults).toEqual([])
})

test.each([
  ['the built-in inbox', 'a relay', true],
  ['a relay', 'the built-in inbox', false],
])('mail that was accepted for %s never goes to %s', async (_, elsewhere, captures) => {
  const office = await openOffice(onTestFinished, { captures })
  const project = await office.project()
  const box = await mailbox()
  const ids = await project.sendMany(3)
  startWorker({ ...office, captures: !captures }, { urls: [box.url] })
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ failed: ids.length }))
  expect(box.messages).toEqual([])
  expect((await project.get(ids[0]!)).reason).toContain(`mail goes to ${elsewhere} now`)
})

test('scheduled mail of a project that was deleted never leaves, though its time has come', async () => {
  const office = await openOffice()
  const [doomed, other] = [await office.project(), await office.project()]
  const box = await mailbox()
  const scheduledAt = new Date(Date.now() + 3_600_000).toISOString()
  for (let count = 0; count < 3; count += 1) await doomed.send({ scheduledAt })
  const kept = await other.send({ scheduledAt })
  await invokePeople(doomed.ctx, ['projects', 'delete'], { confirm: 'Test' })
  await sql`update outbox set due_at = now() - interval '1 minute'`.execute(office.db)
  const worker = startWorker(office, { urls: [box.url] })
  await box.waitFor(1)
  await sql`update outbox set due_at = now() - interval '1 minute' where project_id = ${doomed.id}`.execute(office.db)
  const last = await other.send()
  await box.waitFor(2)
  await worker.stop(10_000)
  expect(toSorted(messageIds(box.messages))).toEqual(toSorted([kept, last]))
})
