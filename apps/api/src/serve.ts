import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ApiError } from '@posthorn/services'
import type { Express } from 'express'
import { refusal } from './answers.ts'

export interface Listening {
  port: number
  /** Takes no new connections, finishes what is under way, and gives up after the deadline. */
  drain(deadlineMs: number): Promise<void>
}

/** Listens, with a bound on everything that a client could draw out. */
export async function serve(app: Express, { port, host }: { port: number; host: string }): Promise<Listening> {
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    requestTimeout: 120_000,
    headersTimeout: 15_000,
    keepAliveTimeout: 65_000,
  })
  let draining = false
  server.on('request', (req, res) => {
    if (draining) res.setHeader('Connection', 'close')
    app(req, res)
  })
  server.on('clientError', answerMalformed)
  await listen(server, port, host)
  return {
    port: (server.address() as AddressInfo).port, // Safe because it listens on TCP.
    drain: (deadlineMs) =>
      new Promise((resolve) => {
        draining = true
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

const STATUS_LINES: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_INVALID_METHOD: '405 Method Not Allowed',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** What does not parse as HTTP never reaches the app, but gets an answer of the same shape. */
function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const body = JSON.stringify(refusal(new ApiError('BAD_REQUEST', 'This is not a well-formed HTTP request.'), 'none'))
  socket.end(
    `HTTP/1.1 ${STATUS_LINES[error.code ?? ''] ?? '400 Bad Request'}\r\nConnection: close\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
