import pg from 'pg'
import { startPostgres } from './postgres.ts'

export type Cluster = {
  version: string
  url(database: string): string
  pid(): number
  query<Row extends pg.QueryResultRow>(text: string, database?: string): Promise<Row[]>
  createDatabase(name: string, template?: string): Promise<void>
  dropDatabase(name: string): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A real PostgreSQL on disk, with fsync, for one run. */
export async function startCluster(folder: string): Promise<Cluster> {
  const postgres = await startPostgres(folder)

  async function query<Row extends pg.QueryResultRow>(text: string, database = 'postgres'): Promise<Row[]> {
    const client = new pg.Client({ connectionString: postgres.url(database) })
    await client.connect()
    try {
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end()
    }
  }

  async function prepare() {
    await query('create extension if not exists pg_stat_statements')
    const [server] = await query<{ version: string; fsync: string; synchronous_commit: string }>(
      `select current_setting('server_version') as version, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as synchronous_commit`,
    )
    if (server?.fsync !== 'on' || server.synchronous_commit !== 'on') {
      throw new Error('The bench is only honest on a cluster that has fsync and synchronous_commit on')
    }
    return server.version
  }

  const version = await prepare().catch(async (error: unknown) => {
    await postgres.stop()
    throw error
  })
  return {
    ...postgres,
    version,
    query,
    async createDatabase(name, template = 'template1') {
      await query(`create database "${name}" template "${template}"`)
    },
    async dropDatabase(name) {
      await query(`drop database if exists "${name}" with (force)`)
    },
  }
}
