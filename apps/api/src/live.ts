import type { Change } from '@posthorn/contracts'
import { changesOf, type ChangeFeed, type Watcher } from '@posthorn/services'

/** The stream is never silent for long, so a client knows when it is dead and opens another. */
export const SSE = {
  ping: { enabled: true, intervalMs: 15_000 },
  client: { reconnectAfterInactivityMs: 40_000 },
}

/** The procedure that streams; it stands beside the tables, as it neither asks nor changes anything. */
export const LIVE_CHANGES = 'live.changes'

/** What changes in the project of the one who watches, with refusals in the words of the transport. */
export async function* liveChanges(
  feed: ChangeFeed,
  watcher: Watcher,
  refusing: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<{ changed: Change[] }, void, unknown> {
  const stream = changesOf(feed, watcher)
  try {
    for (;;) {
      const next = await refusing(() => stream.next())
      if (next.done) return
      yield next.value
    }
  } finally {
    await stream.return()
  }
}
