import { Socket } from 'node:net'
import pg from 'pg'
import { EmbeddedPostgresError } from './error.ts'

/** What it takes to log in as the product does. */
export interface Login {
  port: number
  password: string
}

export function connectionStringOf({ port, password }: Login): string {
  return `postgres://posthorn:${password}@127.0.0.1:${port}/posthorn`
}

/** One user of the server: as long as it lasts, nobody else's stop ends the server. */
export interface Membership {
  /** Fulfilled when the connection is gone, by whatever end. */
  gone: Promise<void>
  /** Gives it up, and says whether the server is now ours alone to stop. */
  leave: () => Promise<boolean>
}

const LOCK = [0x706f7374, 0x686f726e]

/**
 * Each user of the server holds a shared advisory lock; who gets the exclusive one is the last.
 * A killed process gives its lock up without having to say so.
 */
export async function enter({ port, password }: Login): Promise<Membership | undefined> {
  const socket = new Socket()
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'posthorn',
    password,
    database: 'postgres',
    application_name: 'posthorn membership',
    connectionTimeoutMillis: 5_000,
    stream: () => socket,
  })
  client.on('error', () => {})
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await client.connect()
  const { rows } = await client.query('select pg_try_advisory_lock_shared($1, $2) as entered', LOCK)
  if (rows[0].entered !== true) {
    await client.end()
    return undefined
  }
  // A process that forgets to stop can end nevertheless.
  socket.unref()
  return {
    gone,
    async leave() {
      socket.ref()
      await client.query('select pg_advisory_unlock_shared($1, $2)', LOCK)
      const last = await client.query('select pg_try_advisory_lock($1, $2) as alone', LOCK)
      // When alone, the connection stays open: it keeps others from entering a server that is about to end.
      if (last.rows[0].alone !== true) await client.end()
      return last.rows[0].alone === true
    },
  }
}

/** Whether a server that answered so, or not at all, may have us in a moment: it starts, stops or is slow. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || error.code?.startsWith('57P') === true
}

export function loginRefused(clusterDir: string, error: unknown): EmbeddedPostgresError {
  const reason = error instanceof Error ? error.message : String(error)
  const message = `The PostgreSQL that runs in ${clusterDir} refuses us (${reason}): stop it, or set POSTHORN_DATA_DIR to another folder.`
  return new EmbeddedPostgresError('POSTHORN_DATA_DIR', message, { cause: error })
}
