import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LIMITS } from '@posthorn/contracts'
import type { Logger } from '@posthorn/process'
import type { Express } from 'express'
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
  /** A client with its headers and body together. */
  requestMs: number
  /** The database with what an answer needs. */
  answerMs: number
}

export const PATIENCE: Patience = {
  headersMs: LIMITS.headersSeconds * 1000,
  requestMs: LIMITS.requestSeconds * 1000,
  answerMs: LIMITS.answerSeconds * 1000,
}

export interface ServeOptions {
  port: number
  host: string
  patience: Patience
  log: Logger
}

/** Listens, with a bound on everything that a client could draw out. */
export async function serve(app: Express, { port, host, patience, log }: ServeOptions): Promise<Listening> {
  const server = createServer({
    maxHeaderSize: LIMITS.requestHeaderBytes,
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
  server.on('clientError', answerMalformed(log, underWay))
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
