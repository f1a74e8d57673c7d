import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const receipt = {
  emails: [{ contact: { id: 'c1', email: 'ada@example.com' }, email: 'e1' }],
  captured: true,
  timestamp: '2026-01-31T09:30:00.000Z',
}
const refusal = { code: 'EMAIL_NOT_FOUND', message: 'The project has no such email.', statusCode: 404, requestId: 'r1' }

const ANSWERS: Record<string, [status: number, body: object]> = {
  'POST /v1/send': [200, { success: true, data: receipt, ...receipt }],
  'GET /v1/emails?limit=2': [200, { data: [{ id: 'e3' }, { id: 'e2' }], cursor: 'next', hasMore: true }],
  'GET /v1/emails?limit=2&cursor=next': [200, { data: [{ id: 'e1' }], cursor: null, hasMore: false }],
  'GET /v1/emails/e9': [
    404,
    { success: false, error: refusal, message: refusal.message, timestamp: receipt.timestamp },
  ],
}

/** Answers the calls of the consumers over real HTTP. */
export async function startPretendServer(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((req, res) => {
    req.resume()
    const [status, body] = ANSWERS[`${req.method} ${req.url}`] ?? [500, {}]
    res.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r1' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // Safe because it listens on TCP.
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() }
}
