import { WAKE_CHANNEL } from '@posthorn/outbox'

/** What a connection must offer to be listened on. */
export interface ListeningClient {
  query(text: string): Promise<unknown>
  on(event: 'notification' | 'end', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  end(): Promise<void>
}

const RECONNECT_MS = 1_000

/**
 * Calls `onWake` whenever mail was queued. It is a help and not a promise: a worker polls as well, so a lost
 * connection makes it slower and nothing else.
 */
export function listenForMail(connect: () => Promise<ListeningClient>, onWake: () => void): { close(): Promise<void> } {
  let client: ListeningClient | undefined
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const open = async () => {
    let opened: ListeningClient | undefined
    let isOver = false
    // An attempt ends once, however many ways there are for it to end.
    const again = () => {
      if (isOver) return
      isOver = true
      client = undefined
      if (!closed) timer = setTimeout(() => void open(), RECONNECT_MS)
    }
    try {
      opened = await connect()
      opened.on('notification', onWake)
      opened.on('error', again)
      opened.on('end', again)
      await opened.query(`listen ${WAKE_CHANNEL}`)
      client = opened
      if (closed) await opened.end()
      // Whatever was queued while nobody listened.
      else onWake()
    } catch {
      again()
      await opened?.end().catch(() => {})
    }
  }

  void open()

  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}
