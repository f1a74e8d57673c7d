import { createServer, type AddressInfo } from 'node:net'
import { createServer as createHttpServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { drive } from './drive.ts'

/** Answers once the whole request was read. */
async function serve(answer: { status: number; body: string }, onRequest: (seen: Seen) => void = () => {}) {
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { url = '', socket } = request
      onRequest({ url, from: socket.remotePort ?? 0, body: Buffer.concat(chunks).toString() })
      response.writeHead(answer.status).end(answer.body)
    })
  })
  onTestFinished(() => server.closeAllConnections())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Safe because a server listening on TCP has an address object, not a pipe's name.
  return (server.address() as AddressInfo).port
}

type Seen = { url: string; from: number; body: string }
const ok = { status: 200, body: '{}' }
const batch = { path: '/many', before: '{"emails":[', after: ']}' }

test('every request is a well-formed mail of its own over a kept connection', async () => {
  const mails: { to: string; subject: string; body: string }[] = []
  const ports = new Set<number>()
  const port = await serve(ok, ({ from, body }) => {
    ports.add(from)
    mails.push(JSON.parse(body))
  })
  const endpoint = { port, path: '/one', authorization: 'Bearer k', batch }
  const result = await drive({ endpoint, connections: 3, mailsPerRequest: 1, firstMail: 100, extent: { requests: 40 } })
  expect(result).toMatchObject({ requests: 40, refused: 0 })
  expect(ports.size).toBe(3)
  const subjects = mails.map(({ subject }) => Number(/\d{10}/.exec(subject)?.[0]))
  expect(subjects.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => 100 + index))
  for (const { body } of mails) expect(body).toMatch(/^<!doctype html>.{3000,}<\/html>$/s)
  expect(mails.filter(({ to }) => to.startsWith('reader-k'))).toHaveLength(20)
})

test('a batch holds as many mails as were asked for, all of them different', async () => {
  const batches: { emails: { to: string; subject: string }[] }[] = []
  const port = await serve(ok, ({ url, body }) => {
    expect(url).toBe('/many')
    batches.push(JSON.parse(body))
  })
  const endpoint = { port, path: '/one', authorization: 'Bearer k', batch }
  await drive({ endpoint, connections: 2, mailsPerRequest: 7, firstMail: 0, extent: { requests: 3 } })
  expect(batches.map(({ emails }) => emails.length)).toEqual([7, 7, 7])
  expect(new Set(batches.flatMap(({ emails }) => emails.map(({ subject }) => subject))).size).toBe(21)
})

test('refusals are counted and the first one is kept', async () => {
  const port = await serve({ status: 422, body: '{"error":"no"}' })
  const endpoint = { port, path: '/', authorization: 'Bearer k' }
  const result = await drive({ endpoint, connections: 1, mailsPerRequest: 1, firstMail: 0, extent: { requests: 2 } })
  expect(result.refused).toBe(2)
  expect(result.refusal).toContain('{"error":"no"}')
})

test('a server that closes connections fails the measurement', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.end()))
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Safe because a server listening on TCP has an address object, not a pipe's name.
  const { port } = server.address() as AddressInfo
  const endpoint = { port, path: '/', authorization: 'Bearer k' }
  const driven = drive({ endpoint, connections: 1, mailsPerRequest: 1, firstMail: 0, extent: { requests: 2 } })
  await expect(driven).rejects.toThrow('closed a kept-alive connection')
})
