import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import type { Tables } from './tables.ts'

export type Db = Kysely<Tables>
export type Trx = Transaction<Tables>

export interface Connection {
  db: Db
  /** A connection outside the pool, not connected yet, for what belongs to one connection, such as LISTEN. */
  openClient(): pg.Client
  close(): Promise<void>
}

export interface ConnectOptions {
  /** How many connections this process may hold. */
  poolSize?: number
  /** A statement that runs longer is ended by the server. */
  statementTimeoutMs?: number
  /** Shown in pg_stat_activity. */
  applicationName?: string
  /** A connection that broke while it was idle. The pool replaces it by itself. */
  onIdleError?: (error: Error) => void
}

/** Opens a pool of connections. Nothing is connected before the first query. */
export function connect(connectionString: string, options: ConnectOptions = {}): Connection {
  const pool = new pg.Pool({
    connectionString,
    Client: PreparingClient,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    application_name: options.applicationName ?? 'posthorn',
  })
  pool.on('error', options.onIdleError ?? (() => {}))
  // The pool listens only while a connection is idle. One that breaks between two statements of a transaction would
  // end the process; so it stays quiet, and the next statement fails.
  pool.on('connect', (client) => void client.on('error', () => {}))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const openClient = () =>
    new pg.Client({ connectionString, keepAlive: true, application_name: options.applicationName ?? 'posthorn' })
  return { db, openClient, close: () => db.destroy() }
}

const LONGEST_NAMED = 8_000
const MOST_NAMED = 500
const names = new Map<string, string>()

/** Texts beyond the bound stay unnamed, so that generated SQL cannot fill the server's memory with plans. */
function statementName(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= MOST_NAMED || text.length > LONGEST_NAMED) return undefined
  const name = `posthorn_${names.size}`
  names.set(text, name)
  return name
}

/** Names each parametrised statement, so that a connection parses and plans it once and not per call. */
class PreparingClient extends pg.Client {
  // Safe because the signature is that of the overridden method, which has too many overloads to repeat.
  override query = ((...args: unknown[]) => {
    const [text, values, ...rest] = args
    const name = typeof text === 'string' && Array.isArray(values) ? statementName(text) : undefined
    const send = super.query.bind(this) as (...args: unknown[]) => unknown
    return name === undefined ? send(...args) : send({ name, text, values }, ...rest)
  }) as pg.Client['query']
}
