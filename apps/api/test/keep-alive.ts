import { Agent, request } from 'node:http'
import type { Answer } from './call.ts'

export interface KeepAliveOptions {
  key: string
  body?: string
  headers?: Record<string, string>
}

export interface KeepAliveClient {
  /** One request; the address is sent as it is, where `fetch()` would resolve `..` and escape what is not escaped. */
  ask(to: string, options: KeepAliveOptions): Promise<Answer>
  close(): void
}

/** For thousands of requests: twenty connections that stay, since a new one costs as much as a request. */
export function keepAliveClient(port: number): KeepAliveClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const attempt = (to: string, { key, body, headers: extra }: KeepAliveOptions) =>
    new Promise<Answer>((resolve, reject) => {
      const [method = '', path = ''] = to.split(' ', 2)
      const headers = {
        Authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
        ...extra,
      }
      const sent = request({ agent, host: '127.0.0.1', port, method, path, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const status = answer.statusCode ?? 0
          const isJson = /^application\/json(?:;|$)/.test(answer.headers['content-type'] ?? '')
          const body = isJson && text !== '' ? JSON.parse(text) : undefined
          resolve({ status, headers: new Headers(answer.headers as Record<string, string>), text, body })
        })
      })
      sent.on('error', (error) => reject(Object.assign(error, { reused: sent.reusedSocket })))
      sent.end(body)
    })
  return {
    ask: (to, options) =>
      attempt(to, options).catch((error: NodeJS.ErrnoException & { reused?: boolean }) => {
        // The server may end an idle connection at the moment in which it is used again.
        if (error.reused === true && error.code === 'ECONNRESET') return attempt(to, options)
        throw error
      }),
    close: () => agent.destroy(),
  }
}
