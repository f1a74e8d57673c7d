import type { Cluster } from './cluster.ts'

export type Spent = { statements: number; walBytes: number }

export type Accounting = {
  start(): Promise<void>
  /** What the database's clients have asked for since `start`, and the WAL that came of it. */
  stop(): Promise<Spent>
}

/** Counts in the server, so that no client can be forgotten; off while anything is timed. */
export function createAccounting(cluster: Cluster, database: string): Accounting {
  let before = '0/0'

  async function position(): Promise<string> {
    const [row] = await cluster.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn')
    if (row === undefined) throw new Error('PostgreSQL did not say its WAL position')
    return row.lsn
  }
  async function track(level: 'top' | 'none') {
    await cluster.query(`alter system set pg_stat_statements.track = '${level}'`)
    await cluster.query('select pg_reload_conf()')
  }

  return {
    async start() {
      await track('top')
      await cluster.query('select pg_stat_statements_reset()')
      before = await position()
    },
    async stop() {
      const after = await position()
      const [row] = await cluster.query<{ statements: string; wal: string }>(
        `select coalesce(sum(calls), 0)::text as statements,
                pg_wal_lsn_diff('${after}', '${before}')::text as wal
         from pg_stat_statements s join pg_database d on d.oid = s.dbid
         where d.datname = '${database}' and s.toplevel
           -- A foreign key's check, which no client asked for.
           and s.query not like 'SELECT 1 FROM ONLY %'`,
      )
      await track('none')
      return { statements: Number(row?.statements), walBytes: Number(row?.wal) }
    },
  }
}
