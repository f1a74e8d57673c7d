import type { Db } from '@posthorn/db'
import { startInbox, type Inbox } from '@posthorn/inbox'
import { explainListenError } from '@posthorn/process'

export interface InboxPlace {
  db: Db
  port: number
  /** Whether another worker may serve the inbox on this port already; then this one takes over when that one ends. */
  isShared: boolean
  onFault: (error: unknown) => void
}

export interface OpenInbox {
  port: number
  close(): Promise<void>
}

const TAKE_OVER_MS = 3_000

/** Serves the built-in inbox, or stands by where another worker of this machine does. */
export async function openInbox({ db, port, isShared, onFault }: InboxPlace): Promise<OpenInbox> {
  const open = () => startInbox({ db, port, onFault })
  try {
    return await open()
  } catch (error) {
    if (!isShared || !isBusy(error)) throw explainListenError(error, { port, setting: 'INBOX_SMTP_PORT' })
  }
  let inbox: Inbox | undefined
  const timer = setInterval(() => {
    if (inbox === undefined) {
      open().then(
        (opened) => (inbox = opened),
        (error: unknown) => isBusy(error) || onFault(error),
      )
    }
  }, TAKE_OVER_MS)
  return {
    port,
    async close() {
      clearInterval(timer)
      await inbox?.close()
    },
  }
}

const isBusy = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
