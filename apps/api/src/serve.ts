import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LIMITS } from '@posthorn/contracts'
import type { Logger } from '@posthorn/process'
import { expectBody } from './lateness.ts'
import { answerMalformed } from './malformed.ts'

export interface Listening {
  port: number
  /** Takes no new connections, finishes what is under way, and gives up after the deadline. */
  drain(deadlineMs: number): Promise<void>
}

/** How long things may take. */
export interface Patience {
  /** A client with its headers. */
  headersMs: number
  /** A client with its body, where that is not a file that it uploads. */
  requestMs: number
  /** The database with what an answer needs. */
  answerMs: number
  /** A client with the next piece of a file, which it sends or takes. */
  idleMs: number
}

export const PATIENCE: Patience = {
  headersMs: LIMITS.headersSeconds * 1000,
  requestMs: LIMITS.requestSeconds * 1000,
  answerMs: LIMITS.answerSeconds * 1000,
  idleMs: LIMITS.idleSeconds * 1000,
}

export interface ServeOptions {
  port: number
  host: string
  patience: Patience
  log: Logger
}

class LateError extends Error {
  readonly code = 'ERR_HTTP_REQUEST_TIMEOUT'
}

/**
 * Listens, with a bound on everything that a client could draw out. What answers is made once the port is known, since
 * links that it mails begin with it.
 */
export async function serve(
  makeApp: (port: number) => RequestListener,
  { port: askedPort, host, patience, log }: ServeOptions,
): Promise<Listening> {
  const server = createServer({
    maxHeaderSize: LIMITS.requestHeaderBytes,
    requestTimeout: LIMITS.uploadHours * 3_600_000,
    headersTimeout: patience.headersMs,
    // Node looks for clients that are late only every 30 seconds otherwise.
    connectionsCheckingInterval: Math.min(1_000, patience.headersMs),
    keepAliveTimeout: 65_000,
    // The app refuses it, in the shape of every refusal.
    requireHostHeader: false,
  })
  let draining = false
  let app: RequestListener | undefined
  const underWay = new Set<ServerResponse>()
  const handle: RequestListener = (req, res) => {
    if (draining) res.setHeader('Connection', 'close')
    underWay.add(res)
    res.once('close', () => underWay.delete(res))
    expectBody(req, patience.requestMs, () => server.emit('clientError', new LateError(), req.socket))
    app?.(req, res)
  }
  // Node would refuse an expectation that it does not know with an empty 417; RFC 9110 lets a server ignore it.
  server.on('request', handle).on('checkExpectation', handle)
  server.on('clientError', answerMalformed(log, underWay))
  await listen(server, askedPort, host)
  const { port } = server.address() as AddressInfo // Safe because it listens on TCP.
  // No request is read before this turn of the event loop has ended.
  app = makeApp(port)
  return {
    port,
    drain: (deadlineMs) =>
      new Promise((resolve) => {
        draining = true
        // A connection that a client keeps open afterwards would hold the drain up to its deadline.
        for (const res of underWay) if (!res.headersSent) res.setHeader('Connection', 'close')
        const timer = setTimeout(() => server.closeAllConnections(), deadlineMs)
        // That of a stream has said already that it would be kept.
        const sweep = setInterval(() => server.closeIdleConnections(), 50)
        server.close(() => {
          clearTimeout(timer)
          clearInterval(sweep)
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
