import type { IncomingMessage } from 'node:http'

const deadlines = new WeakMap<IncomingMessage, NodeJS.Timeout>()

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Tells when a body has not arrived whole in time. */
export function expectBody(req: IncomingMessage, withinMs: number, onLate: () => void): void {
  if (!hasBody(req)) return
  const timer = setTimeout(() => {
    if (!req.complete && !req.socket.destroyed) onLate()
  }, withinMs)
  deadlines.set(req, timer)
  const end = () => clearTimeout(timer)
  req.once('end', end).once('close', end)
}

/** Lets a body take as long as whoever reads it has patience. */
export const waitForBody = (req: IncomingMessage): void => clearTimeout(deadlines.get(req))
