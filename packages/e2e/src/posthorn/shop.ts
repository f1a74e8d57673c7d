import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Posthorn } from './start.ts'

export interface Call {
  method: string
  path: string
  headers: IncomingMessage['headers']
}

/** A site of somebody, at an origin of its own, and what its pages ask of Posthorn. */
export interface Shop {
  /** Where its page is. */
  url: string
  /** How its pages reach Posthorn. */
  posthorn: string
  /** What came to Posthorn from them. */
  calls: Call[]
  /** What becomes of the next calls, in turn: refused with this status, or done, and the answer is lost. */
  next: (number | 'answer is lost')[]
  close(): Promise<void>
}

/** Opens a site whose page has this HTML in it. */
export async function openShop(posthorn: Posthorn, html: string): Promise<Shop> {
  const calls: Call[] = []
  const next: Shop['next'] = []
  const far = new URL(posthorn.url)
  const gate = createServer((req, res) => {
    const { method = '', url: path = '', headers } = req
    calls.push({ method, path, headers })
    const fate = method === 'OPTIONS' ? undefined : next.shift()
    if (typeof fate === 'number') return refuse(fate, req, res)
    pass(far, req, res, fate === 'answer is lost')
  })
  const page = createServer((_req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8')
    res.end(`<!doctype html><title>Shop</title><link rel="icon" href="data:,">${html}`)
  })
  const [url, gateUrl] = await Promise.all([listen(page), listen(gate)])
  return {
    url,
    posthorn: gateUrl,
    calls,
    next,
    async close() {
      await Promise.all([page, gate].map((server) => end(server)))
    },
  }
}

function pass(far: URL, req: IncomingMessage, res: ServerResponse, isLost: boolean): void {
  const { method, url: path, headers } = req
  const onward = request({ host: '127.0.0.1', port: far.port, method, path, headers }, (answer) => {
    if (isLost) answer.resume().on('end', () => res.destroy())
    else answer.pipe(res.writeHead(answer.statusCode ?? 500, answer.headers))
  })
  onward.on('error', () => res.destroy())
  req.pipe(onward)
}

function refuse(status: number, req: IncomingMessage, res: ServerResponse): void {
  req.resume().on('end', () => {
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After' }
    res.writeHead(status, { ...headers, 'Retry-After': '1' }).end('{}')
  })
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // Safe because it listens on TCP.
  return `http://127.0.0.1:${port}`
}

async function end(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
