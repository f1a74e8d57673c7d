import type { WireInput, WireOutput } from '@posthorn/contracts'
import { connect, type Connection, type Db } from '@posthorn/db'
import {
  createRelays,
  startDelivery,
  type DeliveryOptions,
  type DeliveryWorker,
  type RelayOptions,
} from '@posthorn/sending'
import { createProject, createRuntime, invoke, newId, systemActor, trustDomain, type Context } from '@posthorn/services'
import { testDatabase } from '@posthorn/testkit/database'
import { sql } from 'kysely'
import { expect, onTestFinished, vi } from 'vitest'

type Mail = WireInput<'emails', 'send'>
type Email = WireOutput<'emails', 'get'>

/** A database with the services over it: where mail is accepted as the API accepts it. */
export interface Office extends Connection {
  databaseUrl: string
  /** Whether mail goes to the built-in inbox. */
  captures: boolean
  project(): Promise<Project>
}

export interface Project {
  id: string
  ctx: Context
  /** Accepts one mail and answers with the id of its email. */
  send(mail?: Partial<Mail>): Promise<string>
  /** Accepts so many mails, to 0@example.com, 1@example.com and so on. */
  sendMany(count: number, mail?: Partial<WireInput<'emails', 'sendBatch'>['emails'][number]>): Promise<string[]>
  get(id: string): Promise<Email>
  attempts(id: string): Promise<WireOutput<'emails', 'attempts'>['data']>
}

const MAIL = { to: 'reader@example.com', from: 'sender@example.com', subject: 'Hello', text: 'Hello.' }
const DOMAINS = ['example.com', 'bücher.example']
const LARGEST_BATCH = 100

/** Registers what is to be done when a test is over; tests that run at the same time each have their own. */
export type OnFinished = (clean: () => Promise<void>) => void

/** Opens an office for one test, and closes it when the test is over. */
export async function openOffice(onFinished: OnFinished = onTestFinished, { captures = false } = {}): Promise<Office> {
  const database = await testDatabase()
  const connection = connect(database.connectionString)
  const { db } = connection
  const runtime = createRuntime({ db, secret: 'a master key for tests, long enough', captures })
  onFinished(async () => {
    await runtime.close()
    await connection.close()
    await database.drop()
  })
  return {
    ...connection,
    databaseUrl: database.connectionString,
    captures,
    async project() {
      const { project } = await createProject(runtime, 'Test')
      for (const domain of DOMAINS) await trustDomain(db, project.id, domain)
      const ctx = { db, runtime, actor: systemActor(project.id), requestId: newId() }
      return {
        id: project.id,
        ctx,
        async send(mail) {
          const { emails } = await invoke(ctx, ['emails', 'send'], { ...MAIL, ...mail })
          // Safe because a send that is not refused makes an email for each recipient.
          return emails[0]!.email
        },
        async sendMany(count, mail) {
          const ids: string[] = []
          while (ids.length < count) {
            const emails = Array.from({ length: Math.min(LARGEST_BATCH, count - ids.length) }, (_, index) => ({
              ...MAIL,
              to: `${ids.length + index}@example.com`,
              ...mail,
            }))
            const { results } = await invoke(ctx, ['emails', 'sendBatch'], { emails })
            ids.push(...results.flatMap((result) => (result.status === 'accepted' ? [result.email] : [])))
          }
          return ids
        },
        get: (id) => invoke(ctx, ['emails', 'get'], { id }),
        attempts: async (id) => (await invoke(ctx, ['emails', 'attempts'], { id })).data,
      }
    },
  }
}

export interface TestWorker extends DeliveryWorker {
  faults: unknown[]
}

interface WorkerOptions extends Partial<Omit<DeliveryOptions, 'relays' | 'listen'>> {
  urls: string[]
  relay?: RelayOptions
  onFinished?: OnFinished
}

/** A worker in this process, which is stopped when the test is over. */
export function startWorker({ db, openClient, captures }: Office, wanted: WorkerOptions): TestWorker {
  const { urls, relay, onFinished = onTestFinished, ...options } = wanted
  const faults: unknown[] = []
  const worker = startDelivery({
    db,
    relays: createRelays(urls, relay),
    captures,
    async listen() {
      const client = openClient()
      await client.connect()
      return client
    },
    onFault: (error) => void faults.push(error),
    ...options,
  })
  let stopped: Promise<void> | undefined
  const stop = (deadlineMs: number) => (stopped ??= worker.stop(deadlineMs))
  onFinished(() => stop(0))
  return { stop, faults }
}

/** Makes everything that waits due now, as if enough time had passed. What a worker has stays its own. */
export async function passTime(db: Db): Promise<void> {
  await sql`update outbox set due_at = now() - interval '1 second' where lease_token is null`.execute(db)
}

/** Ends every lease, as if its time had passed. */
export async function expireLeases(db: Db): Promise<void> {
  await sql`update outbox set due_at = now() - interval '1 second' where lease_token is not null`.execute(db)
}

/** Resolves when a dead process has left the database: its last statement may outlive it. */
export async function hasLeft(db: Db, applicationName: string): Promise<void> {
  await vi.waitFor(async () => {
    const { rows } = await sql`
      select pid from pg_stat_activity
      where application_name = ${applicationName} and datname = current_database()
    `.execute(db)
    expect(rows).toEqual([])
  }, 20_000)
}

/** Ends the connections to a database and lets nobody in, as when PostgreSQL is away. */
export async function shutOut({ databaseUrl }: Office): Promise<{ letIn: () => Promise<void> }> {
  const url = new URL(databaseUrl)
  const name = url.pathname.slice(1)
  url.pathname = 'postgres'
  const operator = connect(url.href, { poolSize: 1 })
  const allow = (allowed: boolean) =>
    sql.raw(`alter database ${name} allow_connections ${allowed}`).execute(operator.db)
  await allow(false)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`.execute(operator.db)
  return {
    async letIn() {
      await allow(true)
      await operator.close()
    },
  }
}

export const outboxRows = (db: Db) => db.selectFrom('outbox').selectAll().orderBy('due_at').execute()

/** How many emails of all projects stand where. */
export async function countOutcomes(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<{ outcome: string; count: number }>`
    select coalesce(outcome, 'waiting') as outcome, count(*)::int as count from emails group by 1
  `.execute(db)
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]))
}
