import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { TEMPLATE } from './cluster.ts'

export interface TestDatabase {
  connectionString: string
  /** Ends the connections that are still open, too. */
  drop: () => Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Where the global setup tells the workers which cluster is theirs. */
export const TEST_POSTGRES = 'POSTHORN_TEST_POSTGRES'

/** A database of this test alone: a fresh clone of the migrated template. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env[TEST_POSTGRES]
  if (server === undefined)
    throw new Error('testDatabase() needs the PostgreSQL that the global setup of vitest starts')
  const name = `test_${randomBytes(8).toString('hex')}`
  await run(server, `create database ${name} template ${TEMPLATE} strategy file_copy`)
  const drop = () => dropDatabase(server, name)
  const url = new URL(server)
  url.pathname = name
  return { connectionString: url.href, drop, [Symbol.asyncDispose]: drop }
}

/** Autovacuum, which nobody but a superuser may end, can be at work in a database for a moment. */
async function dropDatabase(server: string, name: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run(server, `drop database if exists ${name} with (force)`)
    } catch (error) {
      const isPermission = error instanceof pg.DatabaseError && error.code === '42501'
      if (!isPermission || tries === 50) throw error
      await setTimeout(100)
    }
  }
}

async function run(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client(connectionString)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
