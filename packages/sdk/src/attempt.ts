import { PosthornConnectionError, PosthornTimeoutError } from './errors.ts'
import type { Settings } from './options.ts'

export interface Outgoing {
  method: string
  url: string
  headers: Record<string, string>
  body?: string | undefined
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
  const { url, ...init } = request
  const { timeoutMs, signal } = limits
  signal?.throwIfAborted()
  const stop = new AbortController()
  const forward = () => stop.abort(signal?.reason)
  signal?.addEventListener('abort', forward, { once: true })
  const timer = timeoutMs === Infinity ? undefined : setTimeout(() => stop.abort(), timeoutMs)
  try {
    // A redirect that is followed turns a POST into a GET, and a mail into nothing.
    const response = await settings.fetch(url, { ...init, redirect: 'manual', signal: stop.signal })
    return { response, text: await response.text() }
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    const { baseUrl } = settings
    if (stop.signal.aborted) throw new PosthornTimeoutError(`${baseUrl} did not answer within ${timeoutMs} ms.`)
    const reason = reasonOf(cause)
    const words = reason === undefined ? '' : ` (${reason})`
    throw new PosthornConnectionError(`${baseUrl} could not be reached${words}.`, { reason, cause })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', forward)
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
