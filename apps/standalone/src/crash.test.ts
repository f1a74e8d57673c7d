import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import type { Connection } from '@posthorn/db'
import { listProjects, trustDomain } from '@posthorn/services'
import { misbehavingSmtpServer } from '@posthorn/testkit'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { call, type Greeted } from '../test/process.ts'
import { makeFolder, openDatabase, postmasterOf, start } from '../test/start.ts'

/** One for all tests, of which each goes on with what the one before has left. */
let dataDir: string

beforeAll(async () => {
  dataDir = await makeFolder()
})

afterAll(() => rm(dataDir, { recursive: true, force: true }))

const MAIL = { to: 'ada@example.com', subject: 'Hello', body: '<p>It works.</p>' }

interface Receipt {
  emails: [{ email: string }]
}

const accept = async (greeted: Greeted) => (await call<Receipt>(greeted, '/v1/send', MAIL)).emails[0].email

/** Which of these mails are not both marked as sent and in the inbox. */
async function missing({ db }: Connection, accepted: readonly string[]): Promise<string[]> {
  const [sent, kept] = await Promise.all([
    db.selectFrom('emails').select('id').where('outcome', '=', 'sent').execute(),
    db.selectFrom('inbox_messages').select('email_id').execute(),
  ])
  const [marked, arrived] = [new Set(sent.map(({ id }) => id)), new Set(kept.map(({ email_id }) => email_id))]
  return accepted.filter((id) => !marked.has(id) || !arrived.has(id))
}

/** Ends every lease, as if its time had passed: a minute, which nobody wants to wait for. */
const expireLeases = ({ db }: Connection) =>
  db.updateTable('outbox').set({ due_at: new Date() }).where('lease_token', 'is not', null).execute()

/** Makes what waits for another try due, as if enough time had passed. */
const passTime = ({ db }: Connection) =>
  db
    .updateTable('outbox')
    .set({ due_at: new Date() })
    .where('lease_token', 'is', null)
    .where('due_at', '>', new Date())
    .execute()

/** The tokens of what waits: null where no worker has it. */
const waiting = async ({ db }: Connection) =>
  (await db.selectFrom('outbox').select('lease_token').execute()).map(({ lease_token }) => lease_token)

test(
  'kill -9 leaves a data folder that starts again, and every accepted mail arrives',
  { timeout: 60_000 },
  async () => {
    const first = start({ dataDir })
    const greeted = await first.greeted
    const accepted = await Promise.all(Array.from({ length: 60 }, () => accept(greeted)))
    first.child.kill('SIGKILL')
    await first.exited

    // PostgreSQL outlives the one that started it, until the next one has taken over.
    await using connections = new AsyncDisposableStack()
    const database = await openDatabase(dataDir)
    connections.defer(() => database.close())
    await expireLeases(database)
    const second = start({ dataDir })
    await second.greeted
    await vi.waitFor(async () => expect(await missing(database, accepted)).toEqual([]), 30_000)
  },
)

test(
  'kill -9 of PostgreSQL under load costs no accepted mail and needs no restart: 503 until it is back',
  { timeout: 120_000 },
  async () => {
    const standalone = start({ dataDir, env: { LOG_LEVEL: 'silent' } })
    const greeted = await standalone.greeted
    const accepted: string[] = []
    const refused: string[] = []
    let isOver = false
    const clients = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        await accept(greeted).then(
          (id) => accepted.push(id),
          (error: unknown) => refused.push(error instanceof Error ? error.message : String(error)),
        )
      }
    })
    const acceptedMore = async (count: number) => {
      const before = accepted.length
      await vi.waitUntil(() => accepted.length >= before + count, 30_000)
    }

    await acceptedMore(100)
    const { pid } = await postmasterOf(dataDir)
    process.kill(pid, 'SIGKILL')
    await vi.waitUntil(() => refused.length > 0, 30_000)
    await acceptedMore(100)
    isOver = true
    await Promise.all(clients)
    expect(refused.filter((answer) => !/^503 .*SERVICE_UNAVAILABLE/s.test(answer))).toEqual([])
    expect((await postmasterOf(dataDir)).pid).not.toBe(pid)

    const database = await openDatabase(dataDir)
    onTestFinished(() => database.close())
    const until = (condition: (tokens: (string | null)[]) => boolean) =>
      vi.waitUntil(
        async () => {
          await passTime(database)
          return condition(await waiting(database))
        },
        { timeout: 40_000, interval: 200 },
      )
    await until((tokens) => !tokens.includes(null))
    // A claim whose answer was lost with PostgreSQL is nobody's until its lease ends.
    await expireLeases(database)
    await until((tokens) => tokens.length === 0)
    expect(await missing(database, accepted)).toEqual([])
    expect(standalone.child.exitCode).toBeNull()
  },
)

test(
  'a stop while a client and a relay both stall ends in order, before the process would be cut short',
  {
    timeout: 60_000,
  },
  async () => {
    const relay = await misbehavingSmtpServer({ final: 'stall' })
    onTestFinished(relay.close)
    const standalone = start({ dataDir, env: { SMTP_URL: relay.url } })
    const greeted = await standalone.greeted
    const database = await openDatabase(dataDir)
    const [project] = await listProjects(database.db)
    await trustDomain(database.db, project?.id ?? '', 'example.com')
    await database.close()
    await accept(greeted)
    await vi.waitUntil(() => relay.messages.length > 0, 10_000)

    const { hostname, port } = new URL(greeted.url)
    const client = connectTcp(Number(port), hostname).on('error', () => {})
    onTestFinished(() => void client.destroy())
    client.write(
      `POST /v1/send HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${greeted.secretKey}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n',
    )
    const [answer] = (await once(client, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 100 /)
    client.write('{')

    standalone.child.kill('SIGTERM')
    // 1 would be the hard limit, which leaves PostgreSQL running.
    expect(await standalone.exited).toBe(0)
    await expect(postmasterOf(dataDir)).rejects.toThrow('No PostgreSQL runs')
  },
)
