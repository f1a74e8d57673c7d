import { setImmediate, setTimeout } from 'node:timers/promises'
import { BusyError, type Turn } from '@posthorn/rendering'

/** What a project may work on the one thread of all requests at once, and how much of the time after that. */
const BURST_MS = 100
const SHARE = 0.2
/** Who used a minute of it is known by that for five. */
const HEAT_AT_MOST_MS = 60_000
/** How long work may go on while others wait for the thread. */
export const STRETCH_MS = 20
/** Soon enough for the request to be answered with the reason. */
const WAIT_AT_MOST_MS = 10_000
const WAITING_EACH = 100
const WAITING_IN_ALL = 1_000

export interface RenderTurn extends Turn {
  /** When the request began: of one project the first is served to its end, or all would end too late. */
  since: number
  /** Not who holds a connection of the database meanwhile, of which there are few. */
  canWait: boolean
  /** Told what the work has taken of the thread. */
  onUsed?(ms: number): void
}

/** Does one piece of work that lets nobody in between, such as filling a mail. Throws BusyError. */
export type RenderTurns = <Result>(turn: RenderTurn, work: () => Result) => Promise<Result>

interface Waiting extends Pick<RenderTurn, 'of' | 'since'> {
  begin(): void
}

/**
 * Most pieces are short, and are done at once. A project that uses more than its share of the thread waits in the
 * one line of all that do: one piece is done at a time, the next is of whoever used least, and between them the thread is
 * free for as long as they took. So nobody else waits for more than one piece, however many are asked for.
 */
export function createRenderTurns({ now = () => performance.now(), waitAtMostMs = WAIT_AT_MOST_MS } = {}): RenderTurns {
  const heats = new Map<string, { ms: number; at: number }>()
  const waiting = new Set<Waiting>()
  let isTaken = false
  let stretchMs = 0

  const heatOf = (project: string): number => {
    const heat = heats.get(project)
    const left = heat === undefined ? 0 : heat.ms - (now() - heat.at) * SHARE
    if (left > 0) return left
    heats.delete(project)
    return 0
  }

  const heat = (project: string, usedMs: number) =>
    heats.set(project, { ms: Math.min(heatOf(project) + usedMs, HEAT_AT_MOST_MS), at: now() })

  /** Who comes again at once is in the line by then. */
  const rest = async (usedMs: number) => {
    stretchMs += usedMs
    if (stretchMs < STRETCH_MS) return setImmediate()
    await setTimeout(stretchMs)
    stretchMs = 0
  }

  const isBefore = (one: Waiting, other: Waiting) =>
    one.of === other.of ? one.since < other.since : heatOf(one.of) < heatOf(other.of)

  const next = () => {
    if (waiting.size === 0) {
      isTaken = false
      return
    }
    const first = [...waiting].reduce((a, b) => (isBefore(b, a) ? b : a))
    waiting.delete(first)
    first.begin()
  }

  const leave = async (usedMs: number) => {
    await rest(usedMs)
    next()
  }

  const begin = ({ of, since, signal, canWait }: RenderTurn): Promise<void> => {
    if (!isTaken) {
      isTaken = true
      return Promise.resolve()
    }
    const own = [...waiting].filter((one) => one.of === of).length
    if (!canWait || own >= WAITING_EACH || signal?.aborted === true) throw new BusyError({ isOwn: true })
    if (waiting.size >= WAITING_IN_ALL) throw new BusyError({ isOwn: false })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = () => {
      over()
      waiting.delete(one)
      reject(new BusyError({ isOwn: true }))
    }
    const timer = globalThis.setTimeout(giveUp, waitAtMostMs)
    signal?.addEventListener('abort', giveUp, { once: true })
    const over = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', giveUp)
    }
    const one: Waiting = {
      of,
      since,
      begin() {
        over()
        resolve()
      },
    }
    waiting.add(one)
    return promise
  }

  return async (turn, work) => {
    const isHot = heatOf(turn.of) > BURST_MS
    if (isHot) await begin(turn)
    const before = process.threadCpuUsage()
    try {
      return work()
    } finally {
      const { user, system } = process.threadCpuUsage(before)
      const usedMs = (user + system) / 1000
      heat(turn.of, usedMs)
      turn.onUsed?.(usedMs)
      if (isHot) void leave(usedMs)
    }
  }
}
