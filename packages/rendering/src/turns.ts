/** Whose turn something is, and when they have given up waiting for it. */
export interface Turn {
  of: string
  signal?: AbortSignal | undefined
}

/** It is not done: so many wait that one more would wait too long, or who asked has given up. */
export class BusyError extends Error {
  /** Whether those who wait are all of the one who asks. */
  readonly isOwn: boolean

  constructor({ isOwn }: { isOwn: boolean }) {
    super()
    this.isOwn = isOwn
  }
}

interface Waiting {
  begin(): void
  refuse(): void
}

/**
 * Does one thing at a time. Those who ask take turns, so whoever asks for much waits for nothing but their own; where all
 * places are taken, the last one of those who hold the most goes to who holds less.
 */
export function takingTurns({ waitingEach, waitingInAll }: { waitingEach: number; waitingInAll: number }) {
  /** In the order of their turns. */
  const queues = new Map<string, Waiting[]>()
  let isTaken = false
  let waiting = 0

  const next = () => {
    const [first] = queues
    if (first === undefined) {
      isTaken = false
      return
    }
    const [of, queue] = first
    const [one, ...others] = queue
    queues.delete(of)
    if (others.length > 0) queues.set(of, others)
    waiting -= 1
    one?.begin()
  }

  const leave = (of: string, one: Waiting) => {
    const queue = queues.get(of)?.filter((other) => other !== one) ?? []
    if (queue.length > 0) queues.set(of, queue)
    else queues.delete(of)
    waiting -= 1
    one.refuse()
  }

  const makeRoom = (of: string) => {
    const own = queues.get(of)?.length ?? 0
    if (own >= waitingEach) throw new BusyError({ isOwn: true })
    if (waiting < waitingInAll) return
    const [most, queue] = [...queues].reduce((a, b) => (b[1].length > a[1].length ? b : a))
    const last = queue.at(-1)
    if (last === undefined || queue.length <= own + 1) throw new BusyError({ isOwn: false })
    leave(most, last)
  }

  const begin = ({ of, signal }: Turn): Promise<void> => {
    if (signal?.aborted === true) throw new BusyError({ isOwn: true })
    if (!isTaken) {
      isTaken = true
      return Promise.resolve()
    }
    makeRoom(of)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = () => leave(of, one)
    const over = () => signal?.removeEventListener('abort', giveUp)
    const one: Waiting = {
      begin() {
        over()
        resolve()
      },
      refuse() {
        over()
        reject(new BusyError({ isOwn: false }))
      },
    }
    queues.set(of, [...(queues.get(of) ?? []), one])
    waiting += 1
    signal?.addEventListener('abort', giveUp, { once: true })
    return promise
  }

  return async function inTurn<Result>(turn: Turn, work: () => Promise<Result>): Promise<Result> {
    await begin(turn)
    try {
      return await work()
    } finally {
      next()
    }
  }
}
