import { randomUUID } from 'node:crypto'
import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ApiError } from '@posthorn/services'
import type { Express } from 'express'
import { refusal } from './answers.ts'

export interface Listening {
  port: number
  /** Takes no new connections, finishes what is under way, and gives up after the deadline. */
  drain(deadlineMs: number): Promise<void>
}

/** How long things may take. */
export interface Patience {
  /** A client with its headers. */
  headersMs: number
  /** A client with its headers and body together. */
  requestMs: number
  /** The database with what an answer needs. */
  answerMs: number
}

export const PATIENCE: Patience = { headersMs: 15_000, requestMs: 120_000, answerMs: 15_000 }

export interface ServeOptions {
  port: number
  host: string
  patience: Patience
}

/** Listens, with a bound on everything that a client could draw out. */
export async function serve(app: Express, { port, host, patience }: ServeOptions): Promise<Listening> {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    requestTimeout: patience.requestMs,
    headersTimeout: patience.headersMs,
    // Node looks for clients that are late only every 30 seconds otherwise.
    connectionsCheckingInterval: Math.min(1_000, patience.headersMs),
    keepAliveTimeout: 65_000,
    // The app refuses it, in the shape of every refusal.
    requireHostHeader: false,
  })
  let draining = false
  const underWay = new Set<ServerResponse>()
  const handle: RequestListener = (req, res) => {
    if (draining) res.setHeader('Connection', 'close')
    underWay.add(res)
    res.once('close', () => underWay.delete(res))
    app(req, res)
  }
  // Node would refuse an expectation that it does not know with an empty 417; RFC 9110 lets a server ignore it.
  server.on('request', handle).on('checkExpectation', handle)
  server.on('clientError', answerMalformed)
  await listen(server, port, host)
  return {
    port: (server.address() as AddressInfo).port, // Safe because it listens on TCP.
    drain: (deadlineMs) =>
      new Promise((resolve) => {
        draining = true
        // A connection that a client keeps open afterwards would hold the drain up to its deadline.
        for (const res of underWay) if (!res.headersSent) res.setHeader('Connection', 'close')
        const timer = setTimeout(() => server.closeAllConnections(), deadlineMs)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

const MALFORMED: Record<string, { status: number; message: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers are larger than is taken.' },
  HPE_INVALID_METHOD: { status: 405, message: 'There is no such method.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request took too long to arrive.' },
}
const NOT_HTTP = { status: 400, message: 'This is not a well-formed HTTP request.' }

/** What does not parse as HTTP never reaches the app, but gets an answer of the same shape. */
function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, message } = MALFORMED[error.code ?? ''] ?? NOT_HTTP
  const requestId = randomUUID()
  const body = JSON.stringify(refusal(new ApiError('BAD_REQUEST', message), requestId, status))
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Cache-Control: no-store',
    `X-Request-ID: ${requestId}`,
    ...(status === 405 ? ['Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'] : []),
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
