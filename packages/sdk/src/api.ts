import { addressOf } from './address.ts'
import { Answer, Pages, type Page, type Received } from './answer.ts'
import { attempt, attemptFile, type Limits, type Outgoing } from './attempt.ts'
import { Download } from './download.ts'
import { PosthornError } from './errors.ts'
import { VERSION } from './generated/version.ts'
import { newIdempotencyKey, requireIdempotencyKey } from './idempotency.ts'
import { isBrowser, readOptions, requireLimits, type KeyedRequestOptions, type PosthornOptions } from './options.ts'
import { readReply, refusalOf } from './reply.ts'
import { delayBefore, isUndone, wait } from './retries.ts'
import { isReusable, requestInitOf, typeOf, UPLOAD_TIMEOUT_MS, type FileBody } from './upload.ts'

/** What the methods of the client are made of. */
export interface Api {
  call: <Data>(method: string, path: string, details: Call) => Answer<Data>
  /** A file that is made while it is read. */
  file: <Row>(path: string, details: Pick<Call, 'path' | 'query' | 'options'>) => Download<Row>
  pages: <P extends Page>(path: string, details: Pick<Call, 'path' | 'query' | 'options'>) => Pages<P>
}

export interface Call {
  /** Values for the `{name}`s of the path. */
  path?: Record<string, string>
  query?: object
  body?: object
  /** Sent as it is, in place of JSON. */
  file?: FileBody
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
        ...(call.file !== undefined && { 'content-type': typeOf(call.file) }),
        ...(call.keyed && { 'idempotency-key': key === undefined ? newIdempotencyKey() : requireIdempotencyKey(key) }),
      },
      ...(call.file === undefined ? { body: call.body && JSON.stringify(call.body) } : requestInitOf(call.file)),
    }
  }

  const timeoutOf = ({ file }: Call) => (file === undefined ? settings.timeoutMs : UPLOAD_TIMEOUT_MS)
  // Of a stream nothing is left to send again.
  const retriesOf = ({ file }: Call) => (file === undefined || isReusable(file) ? settings.maxRetries : 0)

  async function run<Data>(method: string, path: string, call: Call): Promise<Received<Data>> {
    return repeat(method, path, call, async (request, limits) => {
      const reply = await attempt(settings, request, limits)
      // Safe because the server keeps to the contract that the types are made of.
      return { data: readReply(reply, call.unwrap ?? false) as Data, response: reply.response }
    })
  }

  async function open(path: string, call: Call) {
    return repeat('GET', path, call, async (request, limits) => {
      const reply = await attemptFile(settings, request, limits)
      if ('chunks' in reply) return reply.chunks
      throw refusalOf(reply)
    })
  }

  /** Makes a call, and makes it again where that is safe and may help. */
  async function repeat<T>(
    method: string,
    path: string,
    call: Call,
    once: (request: Outgoing, limits: Limits) => Promise<T>,
  ): Promise<T> {
    const { signal, timeoutMs = timeoutOf(call), maxRetries = retriesOf(call) } = call.options ?? {}
    requireLimits({ maxRetries, timeoutMs })
    const request = requestOf(method, path, call)
    const isRepeatable = call.keyed || method !== 'POST'
    for (let retry = 1; ; retry += 1) {
      try {
        return await once(request, { timeoutMs, signal })
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
    file: (path, details) =>
      new Download((format) => open(path, { ...details, query: { ...details.query, ...(format && { format }) } })),
    pages<P extends Page>(path: string, details: Call) {
      const page = (query: object | undefined) => run<P>('GET', path, { ...details, query })
      return new Pages(page(details.query), (cursor) => page({ ...details.query, cursor }))
    },
  }
}
