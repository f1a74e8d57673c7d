import { PosthornConnectionError, PosthornTimeoutError } from './errors.ts'
import type { Settings } from './options.ts'

export interface Outgoing {
  method: string
  url: string
  headers: Record<string, string>
  body?: RequestInit['body'] | undefined
  /** What browsers and Node want to be told of a stream. */
  duplex?: 'half' | undefined
}

export interface Limits {
  timeoutMs: number
  signal?: AbortSignal | undefined
}

export interface Reply {
  response: Response
  text: string
}

/** Sends a request once and reads the whole reply. */
export async function attempt(settings: Settings, request: Outgoing, limits: Limits): Promise<Reply> {
  const watch = watchOver(settings, limits)
  try {
    return await watch.during(async () => {
      const response = await begin(settings, request, watch.signal)
      return { response, text: await response.text() }
    })
  } finally {
    watch.end()
  }
}

/** A reply whose body comes piece by piece, each in its time. What is no file has been read already. */
export type FileReply = { response: Response; chunks: AsyncGenerator<Uint8Array, void, undefined> } | Reply

/** Sends a request once, for an answer that may be longer than memory. */
export async function attemptFile(settings: Settings, request: Outgoing, limits: Limits): Promise<FileReply> {
  const watch = watchOver(settings, limits)
  try {
    return await watch.during(async () => {
      const response = await begin(settings, request, watch.signal)
      if (response.ok) return { response, chunks: chunksOf(response, watch) }
      const refused = { response, text: await response.text() }
      watch.end()
      return refused
    })
  } catch (error) {
    watch.end()
    throw error
  }
}

async function* chunksOf({ body }: Response, watch: Watch): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body?.getReader()
  try {
    while (reader !== undefined) {
      const { done, value } = await watch.during(() => reader.read())
      if (done) return
      yield value
    }
  } finally {
    watch.end()
    // Whoever stops early wants no more of it; what broke has nothing to be cancelled.
    await reader?.cancel().catch(() => {})
  }
}

// A redirect that is followed turns a POST into a GET, and a mail into nothing.
const begin = (settings: Settings, { url, ...init }: Outgoing, signal: AbortSignal) =>
  settings.fetch(url, { ...init, redirect: 'manual', signal })

interface Watch {
  signal: AbortSignal
  /** Gives some work its time, and says in words what came in between. */
  during<T>(work: () => Promise<T>): Promise<T>
  end(): void
}

function watchOver({ baseUrl }: Settings, { timeoutMs, signal }: Limits): Watch {
  signal?.throwIfAborted()
  const stop = new AbortController()
  const forward = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', forward, { once: true })
  return {
    signal: stop.signal,
    async during(work) {
      const timer = timeoutMs === Infinity ? undefined : setTimeout(() => stop.abort(), timeoutMs)
      try {
        return await work()
      } catch (cause) {
        if (signal?.aborted) throw signal.reason
        if (stop.signal.aborted) throw new PosthornTimeoutError(`${baseUrl} did not answer within ${timeoutMs} ms.`)
        const reason = reasonOf(cause)
        const words = reason === undefined ? '' : ` (${reason})`
        throw new PosthornConnectionError(`${baseUrl} could not be reached${words}.`, { reason, cause })
      } finally {
        clearTimeout(timer)
      }
    },
    end: () => signal?.removeEventListener('abort', forward),
  }
}

/** `fetch failed` says nothing; the error below it may have a code such as ECONNREFUSED. */
function reasonOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const holder = typeof cause === 'object' && cause !== null ? cause : error
  return typeof holder === 'object' && holder !== null && 'code' in holder && typeof holder.code === 'string'
    ? holder.code
    : undefined
}
