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

interface Waiting {
  eventId: string
}

/**
 * Reports events from a page. What could not be sent waits in the storage of the browser, also until a later visit. Each
 * event has an id of its own, so what is sent twice is stored once.
 */
export function createTracker({ url, key }: TrackerOptions): Tracker {
  const place = `posthorn ${key}`
  /** What the storage did not take: it may be full, or closed to the page. */
  let unstored: Waiting[] = []
  /** What was answered, so that it is never sent again, whatever becomes of the storage. */
  const answered = new Set<string>()
  let isSending = false
  let mayGoOnAt = 0
  let nextPause = PAUSE_SECONDS
  let timer: ReturnType<typeof setTimeout> | undefined

  // Other tabs read and write the storage too, so what is in it is never kept here.
  const change = (...added: Waiting[]): Waiting[] => {
    let stored: Waiting[] = []
    try {
      stored = JSON.parse(localStorage[place] ?? '[]') as Waiting[]
    } catch {
      // Then all of them wait here.
    }
    const queue = [...stored, ...unstored, ...added]
      .filter(({ eventId }) => !answered.has(eventId))
      .slice(-QUEUE_LENGTH)
    unstored = queue.filter((event) => !stored.includes(event))
    try {
      localStorage[place] = JSON.stringify(queue)
      unstored = []
    } catch {
      // As above.
    }
    return queue
  }

  const send = async (isLeaving?: boolean): Promise<void> => {
    if ((isSending && isLeaving !== true) || Date.now() < mayGoOnAt) return
    const queue = change()
    if (queue.length === 0) return
    let events: Waiting[]
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
        for (const { eventId } of events) answered.add(eventId)
        change()
        pause = 0
        nextPause = PAUSE_SECONDS
        const words = await answer.text()
        if (!words.includes('"refused":0')) console.warn('Posthorn refused', words)
      } else {
        pause = Math.max(Number(answer.headers.get('Retry-After')) || pause, 1)
      }
    } catch {
      // Offline, or nobody is there: the events stay.
    }
    isSending = false
    mayGoOnAt = Date.now() + pause * 1e3
    clearTimeout(timer)
    // A timer may be early by the part of a millisecond that a clock leaves out.
    timer = setTimeout(() => void send(), pause * 1e3 + 9)
  }

  const track: Tracker['track'] = (email, name, data) => {
    const eventId = crypto.getRandomValues(new Uint32Array(4)).join('-')
    try {
      // As it is now, and without half a letter, such as a text that was cut may end with.
      const event = JSON.stringify(
        { email, event: name, data, eventId },
        (_, value: { toWellFormed?(): string } | null) => value?.toWellFormed?.() ?? value,
      )
      change(JSON.parse(event) as Waiting)
      void send()
    } catch (error) {
      // It is no JSON, which is no reason to break the page.
      console.warn('Posthorn refused', error)
    }
  }

  addEventListener('online', () => {
    mayGoOnAt = 0
    void send()
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') void send(true)
  })
  void send()
  return { track, identify: (email, data) => track(email, 'identified', data) }
}
