export interface CallOptions {
  /** Sent as a bearer token. */
  key?: string | undefined
  /** Sent as JSON, unless it is text or bytes. */
  body?: unknown
  headers?: Record<string, string>
}

/** One request, and all of its answer. `to` is a method and a URL: `POST http://…/v1/send`. */
export async function call(to: string, { key, body, headers = {} }: CallOptions = {}) {
  const [method = '', url = ''] = to.split(' ', 2)
  const response = await fetch(url, {
    method,
    headers: {
      ...(key !== undefined && { Authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isRaw(body) ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = /^application\/json\b/.test(response.headers.get('content-type') ?? '')
  const answered = isJson && text !== '' ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, text, body: answered }
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array

export type Answer = Awaited<ReturnType<typeof call>>
