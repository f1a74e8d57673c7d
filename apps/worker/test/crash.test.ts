import { testMailbox } from '@posthorn/testkit'
import { misbehavingSmtpServer, type MisbehavingServer } from '@posthorn/testkit/smtp/misbehaving-server'
import { describe, expect, test, vi, type TestContext } from 'vitest'
import {
  countOutcomes,
  expireLeases,
  hasLeft,
  openOffice,
  outboxRows,
  startWorker,
  type Office,
  type OnFinished,
  type Project,
} from './office.ts'
import { mortalWorker } from './processes.ts'

const COUNT = 60

const idsIn = (messages: { raw: Buffer }[]) =>
  messages.map(({ raw }) => /^Message-ID: <([^@]+)@example\.com>/im.exec(raw.toString('latin1'))?.[1] ?? '')
const doublesIn = (ids: string[]) => [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]

/** When a process has died, its last statement may still run, and its last bytes may still be on their way. */
async function everythingHasArrived({ db }: Office, server: MisbehavingServer): Promise<void> {
  await vi.waitFor(() => expect(server.open).toBe(0), 20_000)
  await hasLeft(db, 'mortal worker')
}

interface TakeOver {
  url: string
  count: number
  onFinished: OnFinished
}

/** Another worker takes over when the leases of the dead one have run out. */
async function takeOver(office: Office, { url, count, onFinished }: TakeOver) {
  await expireLeases(office.db)
  const worker = startWorker(office, { urls: [url], onFinished })
  await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: count }), 40_000)
  expect(worker.faults).toEqual([])
}

/** Whatever reached somebody twice is marked, has its lost attempt on record, and bore the same Message-ID. */
async function expectMarked(project: Project, doubles: string[]) {
  for (const id of doubles) {
    expect(await project.get(id)).toMatchObject({ possiblyDuplicate: true })
    expect(await project.attempts(id)).toContainEqual(
      expect.objectContaining({ outcome: 'unknown', stage: 'worker', reason: 'worker-lost' }),
    )
  }
}

// At the same time, since most of each is waiting for a process: to start, to die, to be missed. The longest is first.
test.concurrent(
  'a mail that ends each worker which takes it fails alone',
  { timeout: 60_000 },
  async ({ onTestFinished }) => {
    const office = await openOffice(onTestFinished)
    const project = await office.project()
    const box = await testMailbox()
    onTestFinished(box.close)
    const ids = await project.sendMany(21)
    const poison = ids[10]!
    for (let life = 1; life <= 5; life += 1) {
      const mortal = mortalWorker(office, { smtpUrl: box.url, death: { step: 'composed', at: poison } }, onTestFinished)
      expect(await mortal.exited).toBe('SIGKILL')
      await hasLeft(office.db, 'mortal worker')
      await expireLeases(office.db)
    }
    mortalWorker(office, { smtpUrl: box.url, death: { step: 'composed', at: poison } }, onTestFinished)
    await vi.waitFor(async () => expect(await countOutcomes(office.db)).toEqual({ sent: 20, failed: 1 }), 40_000)
    expect(await project.get(poison)).toMatchObject({
      status: 'failed',
      reason: '5 workers in a row stopped while they had this mail; it was set aside.',
    })
    expect(idsIn(box.messages)).not.toContain(poison)
  },
)

describe.concurrent('killed when a mail was', { timeout: 60_000 }, () => {
  test.for([
    ['claimed', 1],
    ['claimed', 35],
    ['composed', 1],
    ['composed', 35],
    ['delivered', 1],
    ['delivered', 25],
    ['settled', 1],
    ['settled', 25],
  ] as const)(
    '%s, at number %i: nothing is lost, and what went twice is marked',
    async ([step, at], { onTestFinished }) => {
      const office = await openOffice(onTestFinished)
      const project = await office.project()
      const server = await misbehavingSmtpServer({}, { extensions: ['PIPELINING'] })
      onTestFinished(server.close)
      const ids = await project.sendMany(COUNT)
      const mortal = mortalWorker(office, { smtpUrl: server.url, death: { step, at } }, onTestFinished)
      expect(await mortal.exited).toBe('SIGKILL')
      expect(mortal.output()).toBe('')
      await everythingHasArrived(office, server)
      const before = idsIn(server.messages)
      const waiting = new Set((await outboxRows(office.db)).map(({ email_id }) => email_id))

      await takeOver(office, { url: server.url, count: COUNT, onFinished: onTestFinished })
      const all = idsIn(server.messages)
      expect(new Set(all)).toEqual(new Set(ids))
      // Sent twice is only what had gone out and was not written down as such.
      const doubles = doublesIn(all)
      expect(new Set(doubles)).toEqual(new Set(before.filter((id) => waiting.has(id))))
      if (at === 1 && (step === 'claimed' || step === 'composed')) expect(before).toEqual([])
      if (step === 'delivered') expect(doubles.length).toBeGreaterThan(0)
      if (step === 'settled') expect(doubles.length).toBeLessThan(before.length)
      await expectMarked(project, doubles)
    },
  )
})

describe.concurrent('killed by the server, so to speak,', { timeout: 60_000 }, () => {
  async function crash({ onTestFinished }: TestContext, stage: 'rcpt' | 'final', at: number) {
    const office = await openOffice(onTestFinished)
    const project = await office.project()
    const ids = await project.sendMany(COUNT)
    let seen = 0
    const kill = (): 'drop' | 'ok' => {
      seen += 1
      if (seen < at) return 'ok'
      mortal.child.kill('SIGKILL')
      return 'drop'
    }
    const server = await misbehavingSmtpServer({ [stage]: kill })
    onTestFinished(server.close)
    const mortal = mortalWorker(office, { smtpUrl: server.url }, onTestFinished)
    expect(await mortal.exited).toBe('SIGKILL')
    await everythingHasArrived(office, server)
    const before = idsIn(server.messages)
    const unsure = new Set((await outboxRows(office.db)).map(({ email_id }) => email_id))
    server.behave({})
    await takeOver(office, { url: server.url, count: COUNT, onFinished: onTestFinished })
    const all = idsIn(server.messages)
    expect(new Set(all)).toEqual(new Set(ids))
    const doubles = doublesIn(all)
    expect(new Set(doubles)).toEqual(new Set(before.filter((id) => unsure.has(id))))
    await expectMarked(project, doubles)
    return { before, doubles }
  }

  test('in the first conversation, before any message: everything arrives once', async (context) => {
    const { before, doubles } = await crash(context, 'rcpt', 1)
    expect(before).toEqual([])
    expect(doubles).toEqual([])
  })

  test('in a conversation beside others: only what had its final dot may come twice', async (context) => {
    await crash(context, 'rcpt', 30)
  })

  test.for([1, 30])(
    'after final dot number %i: that mail comes again with the same Message-ID, and is marked',
    async (at, context) => {
      const { before, doubles } = await crash(context, 'final', at)
      expect(doubles).toContain(before[at - 1])
    },
  )
})

test.concurrent(
  'of what a killed worker had, only what was on a wire or next in line is marked',
  { timeout: 60_000 },
  async ({ onTestFinished }) => {
    const office = await openOffice(onTestFinished)
    const project = await office.project()
    const server = await misbehavingSmtpServer({ rcpt: 'stall' })
    onTestFinished(server.close)
    const ids = await project.sendMany(COUNT)
    const mortal = mortalWorker(office, { smtpUrl: server.url }, onTestFinished)
    const rcptTo = () =>
      server.conversations.flatMap(({ lines }) => /RCPT TO:<(\d+)@/.exec(lines.join('\n'))?.[1] ?? [])
    const leased = async () => (await outboxRows(office.db)).filter(({ lease_token }) => lease_token !== null)
    await vi.waitFor(async () => {
      expect(rcptTo()).toHaveLength(10)
      expect((await leased()).length).toBeGreaterThanOrEqual(30)
    }, 40_000)
    mortal.child.kill('SIGKILL')
    await mortal.exited
    await everythingHasArrived(office, server)
    const onWire = rcptTo().map((place) => ids[Number(place)]!)
    const claimed = (await leased()).map(({ email_id }) => email_id)
    server.behave({})
    await takeOver(office, { url: server.url, count: COUNT, onFinished: onTestFinished })

    const emails = await Promise.all(ids.map((id) => project.get(id)))
    const marked = emails.filter(({ possiblyDuplicate }) => possiblyDuplicate).map(({ id }) => id)
    expect(marked).toEqual(expect.arrayContaining(onWire))
    expect(marked.length).toBeLessThanOrEqual(onWire.length + 10)
    await expectMarked(project, marked)
    for (const id of claimed.filter((id) => !marked.includes(id))) {
      expect((await project.attempts(id))[0]).toMatchObject({ outcome: 'deferred', reason: 'worker-lost' })
    }
  },
)
