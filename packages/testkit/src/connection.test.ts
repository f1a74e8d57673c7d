import { once } from 'node:events'
import net, { createServer, type AddressInfo } from 'node:net'
import { connect, type Connection, type ConnectOptions } from '@posthorn/db'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { testDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
})

afterAll(() => database.drop())

function open(options: ConnectOptions = {}): Connection {
  const connection = connect(database.connectionString, options)
  onTestFinished(() => connection.close())
  return connection
}

const backends = ({ db }: Connection, name: string) =>
  sql<{ pid: number }>`select pid from pg_stat_activity where application_name = ${name} order by pid`
    .execute(db)
    .then(({ rows }) => rows.map(({ pid }) => pid))

const preparedIn = async ({ db }: Connection) =>
  (await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db)).rows.map(
    ({ statement }) => statement,
  )

test('nothing is connected before the first query', async () => {
  const watcher = open()
  const lazy = open({ applicationName: 'lazy' })
  expect(await backends(watcher, 'lazy')).toEqual([])
  await sql`select 1`.execute(lazy.db)
  expect(await backends(watcher, 'lazy')).toHaveLength(1)
})

test('a pool holds no more connections than it may', async () => {
  const watcher = open()
  const small = open({ applicationName: 'small', poolSize: 2 })
  const slow = Promise.all(Array.from({ length: 6 }, () => sql`select pg_sleep(0.05)`.execute(small.db)))
  await vi.waitUntil(async () => (await backends(watcher, 'small')).length === 2)
  await slow
  expect(await backends(watcher, 'small')).toHaveLength(2)
})

test('a statement with parameters is prepared once for a connection, whatever the values', async () => {
  const one = open({ poolSize: 1 })
  for (const value of [1, 2, 3]) {
    expect((await sql`select ${value}::int as asked`.execute(one.db)).rows).toEqual([{ asked: value }])
  }
  const statements = await preparedIn(one)
  expect(statements.filter((text) => text.includes('as asked'))).toEqual(['select $1::int as asked'])
})

test('connections of different pools name the same statement alike, and different ones differently', async () => {
  const [one, other] = [open({ poolSize: 1 }), open({ poolSize: 1 })]
  await sql`select ${1}::int as first`.execute(one.db)
  await sql`select ${2}::int as second`.execute(other.db)
  expect((await sql`select ${3}::int as first`.execute(other.db)).rows).toEqual([{ first: 3 }])
  expect((await sql`select ${4}::int as second`.execute(one.db)).rows).toEqual([{ second: 4 }])
})

test('generated statements without end do not fill the memory of the server', async () => {
  const one = open({ poolSize: 1 })
  for (let index = 0; index < 600; index += 1) {
    const { rows } = await sql`select ${index}::int as ${sql.id(`column_${index}`)}`.execute(one.db)
    expect(rows).toEqual([{ [`column_${index}`]: index }])
  }
  expect((await preparedIn(one)).length).toBeLessThanOrEqual(500)
  const long = await sql`select ${1}::int as long, ${sql.lit('x'.repeat(10_000))} as text`.execute(one.db)
  expect(long.rows).toHaveLength(1)
  expect((await preparedIn(one)).some((text) => text.length > 8_000)).toBe(false)
})

test('a statement that runs too long is ended by the server, and the connection goes on', async () => {
  const one = open({ poolSize: 1, statementTimeoutMs: 50 })
  await expect(sql`select pg_sleep(10)`.execute(one.db)).rejects.toMatchObject({ code: '57014' })
  expect((await sql`select 1 as one`.execute(one.db)).rows).toEqual([{ one: 1 }])
})

test('a connection that breaks while it is idle is reported and replaced', async () => {
  const broken: Error[] = []
  const one = open({ poolSize: 1, applicationName: 'idle', onIdleError: (error) => broken.push(error) })
  await sql`select 1`.execute(one.db)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'idle'`.execute(open().db)
  await vi.waitUntil(() => broken.length > 0)
  expect(broken).toMatchObject([{ code: '57P01' }])
  expect((await sql`select 1 as one`.execute(one.db)).rows).toEqual([{ one: 1 }])
})

test('one that breaks in the middle of a transaction fails that transaction, and nothing more', async () => {
  const one = open({ poolSize: 1, applicationName: 'busy' })
  const killer = open()
  const failing = one.db.transaction().execute(async (trx) => {
    await sql`select 1`.execute(trx)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'busy'`.execute(killer.db)
    await vi.waitUntil(async () => (await backends(killer, 'busy')).length === 0)
    await sql`select 2`.execute(trx)
  })
  await expect(failing).rejects.toThrow(/terminat|closed|queryable/i)
  expect((await sql`select 1 as one`.execute(one.db)).rows).toEqual([{ one: 1 }])
})

test('a client of its own is outside of the pool', async () => {
  const one = open({ poolSize: 1, applicationName: 'alone' })
  const client = one.openClient()
  await client.connect()
  const heard = new Promise((resolve) => client.on('notification', resolve))
  await client.query('listen test_channel')
  await sql`select pg_notify('test_channel', 'hello')`.execute(one.db)
  expect(await heard).toMatchObject({ channel: 'test_channel', payload: 'hello' })
  expect(await backends(one, 'alone')).toHaveLength(2)
  await client.end()
})

test('dates and bytes come back as what they are', async () => {
  const { db } = open()
  const moment = new Date('2026-01-31T09:30:00.123Z')
  const { rows } = await sql`select ${moment}::timestamptz as at, ${Buffer.from([0, 255])}::bytea as bytes`.execute(db)
  expect(rows).toEqual([{ at: moment, bytes: Buffer.from([0, 255]) }])
})

/** The database, by way of somebody who answers the end of a connection as a server does that is ending itself. */
async function endingServer(): Promise<{ url: string; left: Promise<void> }> {
  const url = new URL(database.connectionString)
  const target = { host: url.hostname, port: Number(url.port) }
  const words = Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0')
  const goodbye = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), words])
  goodbye.writeUInt32BE(words.length + 4, 1)
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  const server = createServer((client) => {
    const upstream = net.connect(target)
    upstream.on('error', () => {}).on('data', (bytes) => client.write(bytes))
    client.on('error', () => {}).on('close', () => leave(void upstream.destroy()))
    client.on('data', (bytes) =>
      bytes.toString('latin1', 0, 1) === 'X' ? client.write(goodbye) : upstream.write(bytes),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port) // Safe because it listens on TCP.
  return { url: url.href, left }
}

test('what the server says while the pool is being closed is no news', async () => {
  const errors: Error[] = []
  const { url, left } = await endingServer()
  const { db, close } = connect(url, { poolSize: 1, onIdleError: (error) => void errors.push(error) })
  await sql`select 1`.execute(db)
  await close()
  await left
  expect(errors).toEqual([])
})
