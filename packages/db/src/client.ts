import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { PostgresClient } from './postgres-client.ts'
import { watchForSilence } from './silence.ts'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>

export interface Connection {
  db: Db
  /**
   * A connection outside the pool, not connected yet, for what belongs to one connection, such as LISTEN. Where its
   * server is lost without a word it emits `error` and `end` within seconds.
   */
  openClient(): pg.Client
  close(): Promise<void>
}

export interface ConnectOptions {
  /** How many connections this process may hold. */
  poolSize?: number
  /**
   * A statement that runs longer is ended by the server. A server that stays silent for 5 s longer still is taken for
   * lost: the connection ends, and its statement fails with `ETIMEDOUT`. 0 waits for ever, as long migrations must.
   */
  statementTimeoutMs?: number
  /** Shown in pg_stat_activity. */
  applicationName?: string
  /** A connection that broke while it was idle. The pool replaces it by itself. Silent once the pool is being closed. */
  onIdleError?: (error: Error) => void
}

const CONNECT_MS = 5_000
/** Lets the server be first to end a statement, since it can say why and keep the connection. */
const GRACE_MS = 5_000
const HEARTBEAT_MS = 5_000

/** Opens a pool of connections. Nothing is connected before the first query. */
export function connect(connectionString: string, options: ConnectOptions = {}): Connection {
  const { poolSize = 10, statementTimeoutMs = 30_000, applicationName = 'posthorn' } = options
  const silence = watchForSilence()
  const common = {
    connectionString,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    // Left to the system it would be two hours until an idle connection is found dead.
    keepAliveInitialDelayMillis: 10_000,
  }
  const silenceMs = statementTimeoutMs + GRACE_MS
  const pool = new pg.Pool({
    ...common,
    Client: PostgresClient,
    max: poolSize,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    // The server cannot tell either that we are lost, and would keep our locks for hours.
    idle_in_transaction_session_timeout: statementTimeoutMs > 0 ? silenceMs : 0,
  })
  let closing = false
  pool.on('error', (error) => {
    // The pool counts as ended before its connections are, so a server that ends at once may still say goodbye.
    if (!closing) options.onIdleError?.(error)
  })
  pool.on('connect', (pooled) => {
    // Safe because the pool was told to make no others.
    const client = pooled as pg.PoolClient & PostgresClient
    // The pool listens only while a connection is idle. One that breaks between two statements of a transaction would
    // end the process; so it stays quiet, and the next statement fails.
    client.on('error', () => {})
    if (statementTimeoutMs === 0) return
    silence.watch(client, { silenceMs })
    client.once('end', () => silence.forget(client))
  })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    openClient() {
      const client = new PostgresClient(common)
      client.once('connect', () => silence.watch(client, { silenceMs: GRACE_MS, heartbeatMs: HEARTBEAT_MS }))
      client.once('end', () => silence.forget(client))
      return client
    },
    async close() {
      closing = true
      await db.destroy()
      silence.close()
    },
  }
}
