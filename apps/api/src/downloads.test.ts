import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { invoke, newId, systemActor } from '@posthorn/services'
import express from 'express'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { call } from '../test/call.ts'
import { newMember, setUp, type Browser } from '../test/people.ts'
import { startTestApi, type TestApi } from '../test/start-test-api.ts'
import { sendFile } from './rest-downloads.ts'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
  await setUp(api)
})

afterAll(() => api.stop())

interface Crowd {
  people: number
  bytesEach: number
}

async function projectOf({ people, bytesEach }: Crowd) {
  const { project } = await api.newProject()
  const { id, key } = await api.newKey(project.id)
  await sql`
    insert into contacts (project_id, id, email, data, subscribed)
    select ${project.id}, ('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, n || '@example.com',
      jsonb_build_object('text', repeat('x', ${bytesEach})), true
    from generate_series(1, ${people}::int) as n
  `.execute(api.db)
  return { projectId: project.id, keyId: id, key }
}

const few = () => projectOf({ people: 3, bytesEach: 10 })
/** More than the buffers of a connection take. */
const many = () => projectOf({ people: 60_000, bytesEach: 1000 })

const asKey = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } })
const file = '/v1/contacts/export?format=jsonl'

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(`${api.url}${path}`, init)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

describe('a file', () => {
  test('comes as one to save, and says what it is', async () => {
    const { key } = await few()
    const { status, headers, text } = await get('/v1/contacts/export', asKey(key))
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="contacts-\d{4}-\d\d-\d\d\.csv"$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(text.split('\r\n')).toHaveLength(5)
  })

  test('is refused in words where it cannot begin', async () => {
    const { key } = await few()
    const answers = await Promise.all([
      call(`GET ${api.url}/v1/contacts/export?format=xlsx`, { key }),
      call(`GET ${api.url}/v1/contacts/export?Subscribed=true`, { key }),
    ])
    for (const { status, body } of answers) expect([status, body.error.code]).toEqual([422, 'VALIDATION_ERROR'])
  })

  test('is announced without being made to who asks for its head', async () => {
    const { key } = await few()
    const { status, headers, text } = await get(file, { method: 'HEAD', ...asKey(key) })
    expect([status, headers.get('content-type'), text]).toEqual([200, 'application/jsonl; charset=utf-8', ''])
  })

  test('is not offered over tRPC', async () => {
    const { key } = await few()
    const { status, body } = await call(`GET ${api.url}/trpc/contacts.export?input={}`, { key })
    expect([status, body.error.data.apiCode]).toEqual([404, 'ROUTE_NOT_FOUND'])
  })
})

describe('somebody who is signed in', () => {
  const headersOf = ({ cookies }: Browser, site: string) => ({
    Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    'Sec-Fetch-Site': site,
  })

  test('saves a file of a project that is theirs, by a link on a page of ours alone', async () => {
    const { projectId } = await few()
    const other = await few()
    const { browser } = await newMember(api, { projectId, role: 'viewer' })
    const ask = (id: string, site: string) =>
      get(`${file}&projectId=${id}`, { headers: headersOf(browser, site) }).then(({ status, text }) => ({
        status,
        rows: text.split('\n').length - 1,
        code: status === 200 ? undefined : (JSON.parse(text) as { error: { code: string } }).error.code,
      }))
    expect(await ask(projectId, 'same-origin')).toEqual({ status: 200, rows: 3, code: undefined })
    expect(await ask(projectId, 'cross-site')).toMatchObject({ status: 401, code: 'MISSING_AUTH' })
    expect(await ask(projectId, 'same-site')).toMatchObject({ status: 401, code: 'MISSING_AUTH' })
    expect(await ask(other.projectId, 'same-origin')).toMatchObject({ status: 404, code: 'PROJECT_NOT_FOUND' })
    expect(await ask('', 'same-origin')).toMatchObject({ status: 404 })
  })

  test('calls nothing else over REST with a session', async () => {
    const { projectId } = await few()
    const { browser } = await newMember(api, { projectId, role: 'owner' })
    const headers = { ...headersOf(browser, 'same-origin'), 'X-Project-Id': projectId }
    expect((await get('/v1/contacts', { headers })).status).toBe(401)
  })
})

describe('a client that takes its time', () => {
  test('has no row read ahead for it, but for what the buffers hold', async () => {
    const { projectId, key } = await many()
    const response = await fetch(`${api.url}${file}`, asKey(key))
    const reader = response.body!.getReader()
    const first = await reader.read()
    // The buffers fill up meanwhile.
    await setTimeout(500)
    // Those that come last, of which nothing can have been read yet.
    await sql`delete from contacts where project_id = ${projectId} and id < '018f0000-0000-7000-8000-000000004e20'`.execute(
      api.db,
    )
    let text = Buffer.from(first.value ?? []).toString()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      text += Buffer.from(value).toString()
    }
    expect(text.split('\n').length - 1).toBe(60_000 - 0x4e20 + 1)
  })

  test('learns that it has not all when its key is revoked meanwhile', async () => {
    const { projectId, keyId, key } = await many()
    const response = await fetch(`${api.url}${file}`, asKey(key))
    const reader = response.body!.getReader()
    await reader.read()
    const operator = { db: api.db, runtime: api.runtime, actor: systemActor(projectId), requestId: newId() }
    await invoke(operator, ['keys', 'revoke'], { id: keyId })
    const rest = async () => {
      while (!(await reader.read()).done);
    }
    await expect(rest()).rejects.toThrow('terminated')
    await expect.poll(() => api.lines.filter((line) => line.includes(keyId)).join()).toContain('INVALID_API_KEY')
  })
})

describe('between a file and its client', () => {
  const PIECE = 'x'.repeat(256 * 1024)

  /** Serves a file of such pieces, and tells how many were asked for and whether anybody still reads. */
  async function serveFile({ failsAt = Infinity, idleMs = 60_000 } = {}) {
    const seen = { pieces: 0, ended: false }
    async function* pieces() {
      try {
        for (;;) {
          seen.pieces += 1
          if (seen.pieces === failsAt) throw new Error('the disk is on fire')
          yield PIECE
        }
      } finally {
        seen.ended = true
      }
    }
    const app = express()
    app.get('/', async (req, res) => {
      const download = { filename: 'x.csv', type: 'text/csv', pieces: pieces() }
      try {
        await sendFile(download, { req, res }, { next: (work) => work, idleMs, renew: async () => {} })
      } catch {
        if (res.headersSent) res.destroy()
        else res.status(500).end('in words')
      }
    })
    const server = createServer(app).listen(0, '127.0.0.1')
    onTestFinished(() => server.close().closeAllConnections())
    await new Promise((resolve) => server.once('listening', resolve))
    return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
  }

  test('reading ends when the client hangs up', async () => {
    const { seen, url } = await serveFile()
    const gone = new AbortController()
    const response = await fetch(url, { signal: gone.signal })
    await response.body!.getReader().read()
    gone.abort()
    await expect.poll(() => seen.ended).toBe(true)
  })

  test('a client that takes nothing for too long is given up, and one that is slow is not', async () => {
    const { seen, url } = await serveFile({ idleMs: 800 })
    const response = await fetch(url)
    const reader = response.body!.getReader()
    for (let round = 0; round < 12; round += 1) {
      // More than the system holds back before it says that there is room again.
      for (let bytes = 0; bytes < 8 * PIECE.length;) bytes += (await reader.read()).value?.length ?? Infinity
      await setTimeout(100)
    }
    expect(seen.ended).toBe(false)
    await expect.poll(() => seen.ended, { timeout: 5_000 }).toBe(true)
    // Far fewer than would fit into memory: what nobody takes is not made.
    expect(seen.pieces).toBeLessThan(300)
  })

  test('what fails at once is refused in words, and later no client takes it for whole', async () => {
    const atOnce = await fetch((await serveFile({ failsAt: 1 })).url)
    expect([atOnce.status, await atOnce.text()]).toEqual([500, 'in words'])
    const later = await fetch((await serveFile({ failsAt: 3 })).url)
    expect(later.status).toBe(200)
    await expect(later.text()).rejects.toThrow('terminated')
  })
})
