import { misbehavingSmtpServer, type Behaviour, type ServerStage } from '@posthorn/testkit/smtp/misbehaving-server'
import { test, vi } from 'vitest'
import { openOffice, passTime, startWorker } from './office.ts'

const BEHAVIOURS = ['450 4.2.0 Not now', '550 5.0.0 No', '421 4.3.2 Closing', 'drop', 'stall', 'garbage'] as const
const STAGES = ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'body', 'final'] as const satisfies ServerStage[]

type Fate = 'put off' | 'refused' | 'connection' | 'unknown'

/** What becomes of a mail whose server goes wrong at a stage in a certain way. */
function fateOf(stage: (typeof STAGES)[number], behaviour: Behaviour): Fate {
  if (stage === 'greeting' || stage === 'ehlo') return 'connection'
  const isReply = /^[45]/.test(behaviour) && !behaviour.startsWith('421')
  if (isReply) return behaviour.startsWith('4') ? 'put off' : 'refused'
  if (behaviour.startsWith('421')) return 'connection'
  // A small mail is out with its final dot before anything that goes wrong can be noticed.
  return stage === 'body' || stage === 'final' ? 'unknown' : 'connection'
}

const MINUTE = 60
const waits: Record<Exclude<Fate, 'refused'>, { least: number; most: number }> = {
  'put off': { least: 5 * MINUTE, most: 6 * MINUTE },
  unknown: { least: 5 * MINUTE, most: 6 * MINUTE },
  connection: { least: 0, most: 3 },
}
const stored = {
  'put off': 'deferred',
  refused: 'rejected',
  connection: 'deferred',
  unknown: 'unknown',
} as const

const cells = STAGES.flatMap((stage) =>
  // A reply in the middle of a message says nothing that the final one would not.
  (stage === 'body' ? (['drop', 'stall'] as const) : BEHAVIOURS).map((behaviour) => [stage, behaviour] as const),
)
const relay = {
  timeouts: { greetingMs: 300, commandMs: 300, blockMs: 300, finalMs: 300 },
  pause: { minMs: 20, maxMs: 20 },
}

test.concurrent.for(cells)('%s: %s', async ([stage, behaviour], { expect, onTestFinished: onFinished }) => {
  const office = await openOffice(onFinished)
  const project = await office.project()
  const server = await misbehavingSmtpServer({ [stage]: behaviour })
  onFinished(server.close)
  const worker = startWorker(office, { urls: [server.url], relay, pollMs: 50, onFinished })
  const fate = fateOf(stage, behaviour)
  const id = await project.send()

  const [first] = await vi.waitFor(async () => {
    const attempts = await project.attempts(id)
    expect(attempts.length).toBeGreaterThan(0)
    return attempts
  }, 5000)
  expect(first).toMatchObject({ number: 1, outcome: stored[fate], relay: `127.0.0.1:${server.port}` })
  const email = await project.get(id)
  if (fate === 'refused') {
    expect(email).toMatchObject({ status: 'failed', attempts: 1, reason: 'No', nextAttemptAt: null })
    expect(server.messages.filter(({ answered }) => answered)).toEqual([])
    return
  }
  // The next try may have come already where it is due at once.
  if (email.status === 'deferred' && email.attempts === 1) {
    const { least, most } = waits[fate]
    const waitSeconds = (Date.parse(email.nextAttemptAt ?? '') - Date.parse(first?.startedAt ?? '')) / 1000
    expect(waitSeconds).toBeGreaterThanOrEqual(least)
    // It is reckoned from the end of the try.
    expect(waitSeconds).toBeLessThanOrEqual(most + 1)
    expect(email.reason).not.toBe('')
    expect(email.reason).not.toBeNull()
  } else {
    expect(fate).toBe('connection')
  }
  expect(email.possiblyDuplicate).toBe(fate === 'unknown')

  server.behave({})
  await vi.waitFor(async () => {
    await passTime(office.db)
    expect(await project.get(id)).toMatchObject({ status: 'sent', nextAttemptAt: null })
  }, 5000)
  const heard = server.messages.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw.toString())?.[1])
  expect(new Set(heard)).toEqual(new Set([`<${id}@example.com>`]))
  // It went out twice only where nobody could know, and that is shown.
  if (fate !== 'unknown') expect(server.messages.filter(({ answered }) => answered)).toHaveLength(1)
  expect((await project.get(id)).possiblyDuplicate).toBe(fate === 'unknown')
  expect(worker.faults).toEqual([])
})
