import { sendable } from './relay-envelope.ts'
import type { SendableEnvelope } from './relay-envelope.ts'
import { createHealth } from './relay-health.ts'
import type { Watch } from './relay-health.ts'
import { forAll, judgeTransaction, judgeTrouble } from './relay-outcome.ts'
import type { TransactionOutcome, Verdict } from './relay-outcome.ts'
import { createPool } from './relay-pool.ts'
import type { Session, Transcript } from './relay-session.ts'
import { relaySettings } from './relay-settings.ts'
import type { RelayOptions } from './relay-settings.ts'
import type { OutgoingMessage, Relay } from './transport.ts'

const CLOSE_DEADLINE_MS = 10_000

/** A place among the connections, from when it is given until the connection is free again. */
interface Place {
  watch: Watch
  session?: Session
  isStopped: boolean
  released: Promise<void>
}

interface Task extends Pick<OutgoingMessage, 'bytes' | 'isWanted'> {
  envelope: SendableEnvelope
}

/** A relay at an SMTP URL (its parameters are those of `parseRelayUrl`), with connections that are kept for several messages. */
export function createRelay(url: string, options: RelayOptions = {}): Relay {
  const settings = relaySettings(url, options)
  const health = createHealth(settings)
  const pool = createPool(settings)
  const places = new Set<Place>()
  const line: ((turn: Place | Verdict) => void)[] = []
  let isClosing = false
  let onAllDone: () => void = () => undefined

  const mayBegin = () => places.size < settings.connections && health.mayBegin

  function refusal(): Verdict | undefined {
    if (isClosing) return notNow('aborted', 'Posthorn is shutting down.')
    return health.isPaused
      ? notNow('relay-paused', `The relay is left alone for a while: ${health.reason ?? ''}`)
      : undefined
  }

  function begin(): Place {
    const place: Place = { watch: health.begin(), isStopped: false, released: Promise.resolve() }
    places.add(place)
    return place
  }

  function waitForPlace(signal: AbortSignal | undefined): Place | Verdict | Promise<Place | Verdict> {
    if (signal?.aborted) return notNow('aborted', 'The sending was stopped.')
    const refused = refusal()
    if (refused !== undefined) return refused
    if (mayBegin()) return begin()
    const { promise, resolve } = Promise.withResolvers<Place | Verdict>()
    const giveUp = () => {
      line.splice(line.indexOf(resolve), 1)
      resolve(notNow('aborted', 'The sending was stopped.'))
    }
    line.push(resolve)
    signal?.addEventListener('abort', giveUp, { once: true })
    return promise.finally(() => signal?.removeEventListener('abort', giveUp))
  }

  function callNext(): void {
    const refused = refusal()
    while (line.length > 0 && (refused !== undefined || mayBegin())) line.shift()?.(refused ?? begin())
    if (places.size === 0) onAllDone()
  }

  function leave(place: Place): void {
    place.watch.ended()
    void place.released.finally(() => {
      places.delete(place)
      callNext()
    })
  }

  async function transact(place: Place, session: Session, task: Task): Promise<TransactionOutcome> {
    place.session = session
    const transcript = await session.transact(task)
    const outcome = judgeTransaction(task.envelope.to, transcript)
    place.released = pool.giveBack(session, stateAfter(outcome, transcript))
    return outcome
  }

  async function converse(place: Place, task: Task): Promise<TransactionOutcome> {
    const kept = pool.takeKept()
    if (kept !== undefined) {
      const outcome = await transact(place, kept, task)
      if (!wasStale(outcome)) return outcome
    }
    const connected = await pool.connect((session) => {
      place.session = session
      if (place.isStopped) session.interrupt('aborted', 'The sending was stopped.')
    })
    if ('trouble' in connected) return forAll(task.envelope.to, judgeTrouble(connected.trouble))
    return transact(place, connected.session, task)
  }

  async function conduct(
    place: Place,
    { task, signal }: { task: Task; signal: AbortSignal | undefined },
  ): Promise<TransactionOutcome> {
    const onAbort = () => stop(place)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      const outcome = await converse(place, task)
      if (outcome.scope === 'message') place.watch.succeeded()
      else if (outcome.reason !== 'aborted') place.watch.failed(outcome.words || outcome.reason)
      return outcome
    } finally {
      signal?.removeEventListener('abort', onAbort)
      leave(place)
    }
  }

  async function send({ envelope: wanted, signal, ...message }: OutgoingMessage): Promise<TransactionOutcome> {
    const envelope = sendable(wanted)
    if (!('resultsFor' in envelope)) return forAll([...new Set(wanted.to)], envelope)
    const place = await waitForPlace(signal)
    const outcome =
      'watch' in place ? await conduct(place, { task: { envelope, ...message }, signal }) : forAll(envelope.to, place)
    return { ...outcome, recipients: envelope.resultsFor(outcome) }
  }

  return {
    name: settings.name,
    get free() {
      if (isClosing || !health.mayBegin) return 0
      return Math.max(0, Math.min(health.isOnTrial ? 1 : Infinity, settings.connections - places.size - line.length))
    },
    get waiting() {
      return line.length
    },
    get pausedUntilMs() {
      return health.pausedUntilMs
    },
    get pauseReason() {
      return health.reason
    },
    async send(message) {
      const started = performance.now()
      const outcome = await send(message)
      return { ...outcome, durationMs: Math.round(performance.now() - started), relay: settings.name }
    },
    async close(deadlineMs = CLOSE_DEADLINE_MS) {
      isClosing = true
      const allDone = new Promise<void>((resolve) => (onAllDone = resolve))
      callNext()
      const timer = setTimeout(() => places.forEach(stop), deadlineMs)
      await allDone
      clearTimeout(timer)
      await pool.close()
    },
  }
}

function stop(place: Place): void {
  place.isStopped = true
  place.session?.interrupt('aborted', 'The sending was stopped.')
}

function stateAfter(
  { scope, stage, recipients }: TransactionOutcome,
  { trouble }: Transcript,
): 'clean' | 'unfinished' | 'broken' {
  const isOutOfStep =
    scope === 'connection' || stage === 'body' || recipients.some(({ reason }) => reason === 'garbled')
  if (trouble !== undefined || isOutOfStep) return 'broken'
  return stage === 'final' ? 'clean' : 'unfinished'
}

/** Servers close connections that were idle, or used long enough, just when the next message comes; it may go on another. */
function wasStale({ outcome, scope, stage, reason }: TransactionOutcome): boolean {
  const isBeforeMessage = stage === 'mail' || stage === 'rcpt' || stage === 'data'
  return (
    outcome === 'deferred' &&
    scope === 'connection' &&
    isBeforeMessage &&
    (reason === 'connection' || reason === 'rate-limited')
  )
}

function notNow(reason: 'aborted' | 'relay-paused', words: string): Verdict {
  return { outcome: 'deferred', scope: 'connection', stage: 'connect', reason, words }
}
