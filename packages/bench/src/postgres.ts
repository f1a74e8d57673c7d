import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries, reachableBinaries } from '@posthorn/db/embedded/binaries'
import { initialise } from '@posthorn/db/embedded/initialise'
import { findPostmaster } from '@posthorn/db/embedded/postmaster'
import { spawnServer, stopServer } from '@posthorn/db/embedded/server'
import { SETTINGS } from '@posthorn/db/embedded/settings'
import { chooseServerUser, isRoot } from '@posthorn/db/embedded/user'
import { freePort } from './ports.ts'

/** Posthorn's embedded settings for everybody, and what counts statements, which is switched on only to count. */
const settings = {
  ...SETTINGS,
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'none',
}
const startWithinMs = 20_000

export type Postgres = {
  url(database: string): string
  /** The root of its process tree; another one after a restart. */
  pid(): number
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The embedded PostgreSQL, with a superuser, in a folder of this run. */
export async function startPostgres(folder: string): Promise<Postgres> {
  const clusterDir = join(folder, 'postgres')
  const user = isRoot() ? await chooseServerUser() : undefined
  const found = await findBinaries()
  const { binaries } = await reachableBinaries(found, { user, systemDir: join(folder, 'system') })
  const cluster = { clusterDir, binDir: binaries.binDir, logFile: join(folder, 'postgres.log'), user }
  const port = await freePort()
  let pid = 0

  async function start() {
    const server = await spawnServer(cluster, port)
    pid = server.pid
    const until = performance.now() + startWithinMs
    while ((await findPostmaster(clusterDir))?.ready !== true) {
      if (server.lastWords !== undefined) throw new Error(`PostgreSQL did not start: ${server.lastWords}`)
      if (performance.now() > until) throw new Error(`PostgreSQL was not ready within ${startWithinMs / 1000} s`)
      await sleep(20)
    }
  }
  async function stop() {
    const exists = await access(clusterDir).then(
      () => true,
      () => false,
    )
    if (exists && (await findPostmaster(clusterDir)) !== undefined) await stopServer(cluster)
  }

  const statements = [`create role bench superuser login password 'bench'`]
  await initialise({ clusterDir, binaries, user, settings, statements })
  await start()
  return {
    url: (database) => `postgres://bench:bench@127.0.0.1:${port}/${database}`,
    pid: () => pid,
    stop,
    async restart() {
      await stop()
      await start()
    },
  }
}
