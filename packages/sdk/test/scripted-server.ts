import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface Seen {
  method: string
  url: string
  headers: Record<string, string | string[] | undefined>
  body: unknown
}

/** What the server does with a request: an answer, no answer ever, or a broken connection. */
export type Scripted =
  | { status?: number; headers?: Record<string, string>; json?: unknown; raw?: string }
  | 'stall'
  | 'drop'

export interface ScriptedServer {
  baseUrl: string
  /** Every request so far, first to last. */
  seen: Seen[]
  /** Resolves once so many requests have come. */
  arrived: (count: number) => Promise<void>
}

/** A real HTTP server that follows a script; the last line is repeated. It ends with the test. */
export async function startScripted(...script: Scripted[]): Promise<ScriptedServer> {
  const seen: Seen[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const body = await text(req)
    const line = script[Math.min(seen.length, script.length - 1)] ?? 'drop'
    seen.push({
      method: req.method ?? '',
      url: req.url ?? '',
      headers: req.headers,
      body: body === '' ? undefined : JSON.parse(body),
    })
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve()
    if (line === 'drop') req.socket.destroy()
    if (typeof line === 'string') return
    res.writeHead(line.status ?? 200, { 'content-type': 'application/json', 'x-request-id': 'req-1', ...line.headers })
    res.end(line.raw ?? JSON.stringify(line.json ?? {}))
  }
  const server = createServer((req, res) => void answer(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // Safe because it listens on TCP.
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    seen,
    arrived: (count) =>
      new Promise((resolve) => (seen.length >= count ? resolve() : void waiting.push({ count, resolve }))),
  }
}

/** An address where nobody listens, as far as a moment ago tells. */
export async function emptyAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // Safe because it listens on TCP.
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** A refusal as Posthorn words it. */
export function refusal(status: number, code: string, more: object = {}) {
  const message = `The words for ${code}.`
  return {
    status,
    json: {
      success: false,
      error: { code, message, statusCode: status, requestId: 'req-1', ...more },
      message,
      timestamp: '2026-01-31T09:30:00.000Z',
    },
  }
}
