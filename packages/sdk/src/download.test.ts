import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { refusal, startScripted, type Scripted } from '../test/scripted-server.ts'
import { Posthorn, PosthornConnectionError, PosthornError, PosthornTimeoutError } from './index.ts'

const apiKey = 'sk_ph_test'

async function start(...script: Scripted[]) {
  const server = await startScripted(...script)
  return { server, posthorn: new Posthorn({ apiKey, baseUrl: server.baseUrl, maxRetries: 1 }) }
}

/** A server that writes the answer as the test goes along. */
async function startWriting(write: (res: ServerResponse) => unknown, timeoutMs = 5_000) {
  const server = createServer((_, res) => void write(res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo // Safe because it listens on TCP.
  return new Posthorn({ apiKey, baseUrl: `http://127.0.0.1:${port}`, timeoutMs, maxRetries: 0 })
}

const read = async (rows: AsyncIterable<unknown>) => {
  const all: unknown[] = []
  for await (const row of rows) all.push(row)
  return all
}

test('a file is asked for when it is read, as rows whatever format was asked for, and each time anew', async () => {
  const { server, posthorn } = await start({ raw: '{"id":"1"}\n{"id":"2"}\n' })
  const file = posthorn.contacts.export({ format: 'csv', subscribed: true })
  expect(server.seen).toEqual([])
  expect(await read(file)).toEqual([{ id: '1' }, { id: '2' }])
  expect(await read(file)).toHaveLength(2)
  expect(server.seen.map(({ url }) => url)).toEqual(
    Array.from({ length: 2 }, () => '/v1/contacts/export?format=jsonl&subscribed=true'),
  )
})

test('its bytes come as they are, in the format that was asked for', async () => {
  const { server, posthorn } = await start({ raw: 'id,email\r\n1,ada@example.com\r\n' })
  const bytes = (await read(posthorn.contacts.export({ format: 'csv' }).bytes())) as Uint8Array[]
  expect(Buffer.concat(bytes).toString()).toBe('id,email\r\n1,ada@example.com\r\n')
  expect(server.seen[0]?.url).toBe('/v1/contacts/export?format=csv')
})

test('rows are whole however they were cut on the way, also through a letter', async () => {
  const posthorn = await startWriting(async (res) => {
    const line = Buffer.from('{"name":"Zoë 🦊"}\n')
    for (const byte of line) {
      res.write(Buffer.of(byte))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    res.end()
  })
  expect(await read(posthorn.events.export())).toEqual([{ name: 'Zoë 🦊' }])
})

test('a refusal has its words, and a file that breaks off is no whole one', async () => {
  const { posthorn } = await start(refusal(403, 'INSUFFICIENT_SCOPE'))
  await expect(read(posthorn.emails.export())).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE', status: 403 })
  await expect(read(posthorn.emails.export())).rejects.toBeInstanceOf(PosthornError)
  const broken = await startWriting((res) => {
    res.write('{"id":"1"}\n', () => res.destroy())
  })
  await expect(read(broken.emails.export())).rejects.toBeInstanceOf(PosthornConnectionError)
})

test('what may be tried again is, before the first byte', async () => {
  const again = { ...refusal(503, 'SERVICE_UNAVAILABLE'), headers: { 'retry-after': '0' } }
  const { server, posthorn } = await start(again, { raw: '{"id":"1"}\n' })
  expect(await read(posthorn.emails.export())).toEqual([{ id: '1' }])
  expect(server.seen).toHaveLength(2)
})

test('the time-out counts for each piece, and not for the whole', async () => {
  const slow = await startWriting(async (res) => {
    for (let row = 0; row < 6; row += 1) {
      res.write(`{"row":${row}}\n`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    res.end()
  }, 400)
  expect(await read(slow.emails.export())).toHaveLength(6)
  const stuck = await startWriting((res) => res.write('{"row":0}\n'), 200)
  await expect(read(stuck.emails.export())).rejects.toBeInstanceOf(PosthornTimeoutError)
})

test('leaving the walk early hangs up, and a signal ends it with its reason', async () => {
  const closed = Promise.withResolvers<void>()
  const endless = await startWriting((res) => {
    res.on('close', () => closed.resolve())
    res.write('{"row":0}\n{"row":1}\n')
  })
  for await (const row of endless.emails.export()) if (row !== undefined) break
  await closed.promise
  const stop = new AbortController()
  const walk = read(endless.emails.export({}, { signal: stop.signal }))
  setTimeout(() => stop.abort(new Error('enough')), 100)
  await expect(walk).rejects.toThrow('enough')
})
