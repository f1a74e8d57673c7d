import { addressOf } from './address.ts'
import { Answer, Pages, type Page, type Received } from './answer.ts'
import { attempt, type Outgoing } from './attempt.ts'
import { PosthornError } from './errors.ts'
import { VERSION } from './generated/version.ts'
import { newIdempotencyKey, requireIdempotencyKey } from './idempotency.ts'
import { isBrowser, readOptions, requireLimits, type KeyedRequestOptions, type PosthornOptions } from './options.ts'
import { readReply } from './reply.ts'
import { delayBefore, isUndone, wait } from './retries.ts'

/** What the methods of the client are made of. */
export interface Api {
  call: <Data>(method: string, path: string, details: Call) => Answer<Data>
  pages: <P extends Page>(path: string, details: Pick<Call, 'path' | 'query' | 'options'>) => Pages<P>
}

export interface Call {
  /** Values for the `{name}`s of the path. */
  path?: Record<string, string>
  query?: object
  body?: object
  /** Sent with an Idempotency-Key, so that it is safe to repeat. */
  keyed?: boolean
  /** The answer stands under `data`. */
  unwrap?: boolean
  options?: KeyedRequestOptions | undefined
}

export function createApi(options: PosthornOptions): Api {
  const settings = readOptions(options)

  function requestOf(method: string, path: string, call: Call): Outgoing {
    const key = call.options?.idempotencyKey
    return {
      method,
      url: settings.baseUrl + addressOf(path, call.path ?? {}, call.query ?? {}),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${settings.apiKey}`,
        // Browsers have their own, and would ask the server's leave to send another.
        ...(!isBrowser() && { 'user-agent': `posthorn-sdk/${VERSION}` }),
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
        ...(call.keyed && { 'idempotency-key': key === undefined ? newIdempotencyKey() : requireIdempotencyKey(key) }),
      },
      body: call.body && JSON.stringify(call.body),
    }
  }

  async function run<Data>(method: string, path: string, call: Call): Promise<Received<Data>> {
    const { signal, timeoutMs = settings.timeoutMs, maxRetries = settings.maxRetries } = call.options ?? {}
    requireLimits({ maxRetries, timeoutMs })
    const request = requestOf(method, path, call)
    const isRepeatable = call.keyed || method !== 'POST'
    for (let retry = 1; ; retry += 1) {
      try {
        const reply = await attempt(settings, request, { timeoutMs, signal })
        // Safe because the server keeps to the contract that the types are made of.
        return { data: readReply(reply, call.unwrap ?? false) as Data, response: reply.response }
      } catch (error) {
        if (!(error instanceof PosthornError) || !error.retryable || retry > maxRetries) throw error
        if (!isRepeatable && !isUndone(error)) throw error
        const delayMs = delayBefore(retry, error)
        if (delayMs === undefined) throw error
        await wait(delayMs, signal)
      }
    }
  }

  return {
    call: (method, path, details) => new Answer(run(method, path, details)),
    pages<P extends Page>(path: string, details: Call) {
      const page = (query: object | undefined) => run<P>('GET', path, { ...details, query })
      return new Pages(page(details.query), (cursor) => page({ ...details.query, cursor }))
    },
  }
}
