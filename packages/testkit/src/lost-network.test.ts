import { connect, type Connection, type ConnectOptions } from '@posthorn/db'
import { sql } from 'kysely'
import { describe, test, type TestContext } from 'vitest'
import { networkProxy, type NetworkProxy } from './network-proxy.ts'
import { testDatabase } from './database.ts'

interface Place {
  proxy: NetworkProxy
  /** Goes through the proxy. */
  through: Connection
  /** Goes past it. */
  direct: Connection
}

/** A database, and a network of the test's own on the way to it. */
async function open({ onTestFinished }: TestContext, options: ConnectOptions = {}): Promise<Place> {
  const database = await testDatabase()
  const proxy = await networkProxy(database.connectionString)
  const through = connect(proxy.url, { poolSize: 1, statementTimeoutMs: 50, ...options })
  const direct = connect(database.connectionString)
  onTestFinished(async () => {
    await Promise.all([through.close(), direct.close()])
    await proxy.close()
    await database.drop()
  })
  return { proxy, through, direct }
}

const one = sql<{ one: number }>`select 1 as one`
const lock = sql`select pg_advisory_xact_lock(1)`

// At the same time, since each of them waits for seconds; those that wait longest begin first.
describe.concurrent('a server that only takes its time', { timeout: 30_000 }, () => {
  const slow = sql`select pg_sleep(8)`

  test('is waited for as long as statements may run', async (context) => {
    const { through } = await open(context, { statementTimeoutMs: 10_000 })
    await slow.execute(through.db)
  })

  test('is waited for without end where they may run without end', async (context) => {
    const { through } = await open(context, { statementTimeoutMs: 0 })
    await slow.execute(through.db)
  })
})

describe.concurrent('a network that loses everything without a word', { timeout: 30_000 }, () => {
  test('is noticed by a client that only listens', async (context) => {
    const { proxy, through } = await open(context)
    const client = through.openClient()
    const failed = new Promise<Error>((resolve) => client.on('error', resolve))
    const ended = new Promise<void>((resolve) => client.once('end', resolve))
    await client.connect()
    await client.query('listen test_channel')
    proxy.forget()
    context.expect(await failed).toMatchObject({ code: 'ETIMEDOUT' })
    await ended
  })

  test('costs the statement that is under way, and a new connection takes the place of the old one', async (context) => {
    const { proxy, through } = await open(context)
    await one.execute(through.db)
    proxy.forget()
    const lost = one.execute(through.db)
    await context
      .expect(lost)
      .rejects.toMatchObject({ code: 'ETIMEDOUT', message: context.expect.stringContaining('silent for') })
    // With a pool of one it would wait for ever, if the old one were still in it.
    context.expect((await one.execute(through.db)).rows).toEqual([{ one: 1 }])
  })

  test('ends the idle connections too, once one has shown it', async (context) => {
    const broken: Error[] = []
    const { proxy, through } = await open(context, {
      poolSize: 3,
      statementTimeoutMs: 1000,
      onIdleError: (error) => broken.push(error),
    })
    const pause = sql`select pg_sleep(0.01)`
    await Promise.all([pause.execute(through.db), pause.execute(through.db), pause.execute(through.db)])
    proxy.forget()
    await context.expect(one.execute(through.db)).rejects.toThrow('silent for')
    context.expect(broken).toHaveLength(2)
    context.expect((await one.execute(through.db)).rows).toEqual([{ one: 1 }])
  })

  test('is no connection where it does so from the start', async (context) => {
    const { proxy, through } = await open(context)
    proxy.stall()
    await Promise.all([
      context.expect(one.execute(through.db)).rejects.toThrow(/connection timeout/),
      context.expect(through.openClient().connect()).rejects.toThrow(/timeout/),
    ])
    await proxy.restore()
    context.expect((await one.execute(through.db)).rows).toEqual([{ one: 1 }])
  })

  test('leaves no locks behind in the server', async (context) => {
    const { proxy, through, direct } = await open(context)
    const lost = through.db.transaction().execute(async (trx) => {
      await lock.execute(trx)
      proxy.forget()
      await one.execute(trx)
    })
    await context.expect(lost).rejects.toThrow(/silent for|queryable/)
    await lock.execute(direct.db)
  })
})
