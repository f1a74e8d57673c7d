import { CHANGES_CHANNEL } from '@posthorn/db'

/** What a connection must offer to be listened on. */
export interface ListeningClient {
  connect(): Promise<unknown>
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
  on(event: 'notification', listener: (notice: { payload?: string | undefined }) => void): unknown
  on(event: 'error' | 'end', listener: () => void): unknown
  end(): Promise<void>
}

export interface Listening {
  /** Resolves when notices arrive. */
  ready(): Promise<void>
  /** Asks over the connection that listens, so that one that is dead without a word is found and replaced. */
  query(text: string, values: unknown[]): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

const RECONNECT_MS = 1_000
const ANSWER_MS = 10_000

export interface ListenOptions {
  openClient: () => ListeningClient
  onNotice: (payload: string) => void
  /** Told when notices arrive again after the connection was lost. */
  onReopened: () => void
}

/** Listens for changes until it is closed, over one connection, which it opens anew as often as it breaks. */
export function listenForChanges({ openClient, onNotice, onReopened }: ListenOptions): Listening {
  let client: ListeningClient | undefined
  let isClosed = false
  let wasOpen = false
  let timer: NodeJS.Timeout | undefined
  let waiting = Promise.withResolvers<void>()
  waiting.promise.catch(() => {})

  const open = async () => {
    const opened = openClient()
    let isOver = false
    // An attempt ends once, however many ways there are for it to end.
    const again = () => {
      if (isOver) return
      isOver = true
      if (client === opened) client = undefined
      void opened.end().catch(() => {})
      if (isClosed) return
      // Whoever waits is told at once; a later caller waits for the next attempt.
      waiting.reject(new Error('The database cannot be listened to.'))
      waiting = Promise.withResolvers<void>()
      waiting.promise.catch(() => {})
      timer = setTimeout(() => void open(), RECONNECT_MS)
    }
    try {
      opened.on('error', again)
      opened.on('end', again)
      opened.on('notification', ({ payload }) => onNotice(payload ?? ''))
      await inTime(opened.connect())
      await inTime(opened.query(`listen ${CHANGES_CHANNEL}`))
      if (isClosed || isOver) return again()
      client = opened
      waiting.resolve()
      if (wasOpen) onReopened()
      wasOpen = true
    } catch {
      again()
    }
  }

  void open()

  return {
    ready: () => waiting.promise,
    async query(text, values) {
      await waiting.promise
      const asked = client
      if (asked === undefined) throw new Error('The database cannot be listened to.')
      try {
        return (await inTime(asked.query(text, values))).rows
      } catch (error) {
        void asked.end().catch(() => {})
        throw error
      }
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      waiting.reject(new Error('Nobody listens any more.'))
      await client?.end().catch(() => {})
    },
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('The database did not answer in time.')), ANSWER_MS)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
