export interface TrackerOptions {
  /** Where your Posthorn is, such as `https://mail.example.com`. */
  url: string
  /** The public key (`pk_…`) of the project. */
  key: string
}

export interface Tracker {
  /** Reports what somebody did. It is sent when there is a network, and counts once. */
  track(email: string, event: string, data?: Record<string, unknown>): void
  /** Tells what is known of somebody, as an event of the name `identified`. */
  identify(email: string, data?: Record<string, unknown>): void
}

// What is used of the browser, since this package is compiled for servers as well.
declare const document: { visibilityState: string; addEventListener(type: string, listener: () => void): void }
declare const localStorage: Record<string, string>
declare function addEventListener(type: string, listener: () => void): void

const QUEUE_LENGTH = 100
const BATCH_LENGTH = 20
/** Browsers refuse to finish larger requests of a page that is being left. */
const KEPT_ALIVE_BYTES = 6e4
const PATIENCE_MS = 3e4
const PAUSE_SECONDS = 10
const LONGEST_PAUSE_SECONDS = 300
/** What will never be accepted. Whatever else is answered, a proxy or a key that is being replaced may be behind it. */
const HOPELESS = new Set([400, 413, 422])

/**
 * Reports events from a page. What could not be sent waits in the storage of the browser, also until a later visit. Each
 * event has an id of its own, so what is sent twice is stored once.
 */
export function createTracker({ url, key }: TrackerOptions): Tracker {
  const place = `posthorn ${key}`
  let inMemory: object[] | undefined
  let isSending = false
  let mayGoOnAt = 0
  let nextPause = PAUSE_SECONDS

  // Other tabs read and write it too, so it is never kept here; but for where there is no storage.
  const change = (edit: (queue: { eventId?: string }[]) => object[]): object[] => {
    let queue = inMemory
    try {
      queue ??= JSON.parse(localStorage[place] ?? '[]') as object[]
    } catch {
      queue = []
    }
    queue = edit(queue).slice(-QUEUE_LENGTH)
    try {
      localStorage[place] = JSON.stringify(queue)
    } catch {
      inMemory = queue
    }
    return queue
  }

  const send = async (isLeaving?: boolean): Promise<void> => {
    if ((isSending && isLeaving !== true) || Date.now() < mayGoOnAt) return
    const queue = change((all) => all)
    if (queue.length === 0) return
    let events: { eventId?: string }[]
    let body: string
    let isSmall: boolean
    let length = BATCH_LENGTH
    do {
      events = queue.slice(0, length)
      // As plain text with the key in it: then no browser asks beforehand.
      body = JSON.stringify({ key, events })
      isSmall = new Blob([body]).size < KEPT_ALIVE_BYTES
      length >>= 1
    } while (!isSmall && length > 0)
    isSending = true
    let pause = nextPause
    nextPause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS)
    try {
      const answer = await fetch(`${url}/v1/track/batch`, {
        method: 'POST',
        body,
        keepalive: isSmall,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (answer.ok || HOPELESS.has(answer.status)) {
        const words = await answer.text()
        if (!words.includes('"refused":0')) console.warn('Posthorn refused', words)
        const sent = new Set(events.map(({ eventId }) => eventId))
        change((all) => all.filter(({ eventId }) => !sent.has(eventId)))
        pause = 0
        nextPause = PAUSE_SECONDS
      } else {
        pause = Number(answer.headers.get('Retry-After')) || pause
        mayGoOnAt = Date.now() + pause * 1e3
      }
    } catch {
      // Offline, or nobody is there: the events stay.
    }
    isSending = false
    // A timer may be early by the part of a millisecond that a clock leaves out.
    setTimeout(() => void send(), pause * 1e3 + 9)
  }

  const track: Tracker['track'] = (email, event, data) => {
    const eventId = crypto.getRandomValues(new Uint32Array(4)).join('-')
    change((queue) => [...queue, { email, event, data, eventId }])
    void send()
  }

  addEventListener('online', () => void send())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void send(true)
  })
  void send()
  return { track, identify: (email, data) => track(email, 'identified', data) }
}
