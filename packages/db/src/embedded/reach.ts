import { setTimeout as sleep } from 'node:timers/promises'
import { enter, isPassing, loginRefused, type Membership } from './membership.ts'
import { findPostmaster } from './postmaster.ts'
import { freePort, spawnServer, startFailed, type Cluster, type Spawned } from './server.ts'

export interface Reached {
  member: Membership
  port: number
  started: boolean
}

export interface ReachOptions {
  cluster: Cluster
  password: string
  /** Preferred, or the only one when the port is fixed. */
  port?: number
  fixedPort?: boolean
  log: (line: string) => void
  /** Ends the wait, and lets the process end meanwhile. */
  signal?: AbortSignal
}

const POLL_MS = 25
const SLOW_AFTER_MS = 5_000
const START_LIMIT_MS = 300_000
const CONFLICT_PAUSE_MS = 250
const MAX_CONFLICTS = 20

/** Joins the server that runs, waits for the one that starts or stops, starts one where there is none. */
export async function reach(options: ReachOptions): Promise<Reached> {
  const { cluster, password, signal } = options
  const begun = Date.now()
  let spawned: Spawned | undefined
  let conflicts = 0
  let saidSlow = false
  for (;;) {
    signal?.throwIfAborted()
    const server = await findPostmaster(cluster.clusterDir)
    if (server?.ready === true) {
      const member = await tryEnter(cluster, { port: server.port, password })
      if (member !== undefined) {
        return { member, port: server.port, started: server.pid === spawned?.pid }
      }
    } else if (server === undefined && (spawned === undefined || spawned.lastWords !== undefined)) {
      if (spawned?.lastWords !== undefined) {
        if (!isConflict(spawned.lastWords) || (conflicts += 1) > MAX_CONFLICTS) throw startFailed(spawned.lastWords)
        await sleep(CONFLICT_PAUSE_MS, undefined, { ref: signal === undefined })
      }
      spawned = await spawnServer(cluster, await choosePort(options))
    }
    const waitedMs = Date.now() - begun
    if (waitedMs > START_LIMIT_MS) throw startFailed(`not ready after ${START_LIMIT_MS / 1000} s`)
    if (waitedMs > SLOW_AFTER_MS && !saidSlow) {
      saidSlow = true
      options.log('Waiting for PostgreSQL, which may be recovering from a crash.')
    }
    await sleep(POLL_MS, undefined, { ref: signal === undefined })
  }
}

async function tryEnter(cluster: Cluster, login: { port: number; password: string }): Promise<Membership | undefined> {
  try {
    return await enter(login)
  } catch (error) {
    if (isPassing(error)) return undefined
    throw loginRefused(cluster.clusterDir, error)
  }
}

async function choosePort({ port, fixedPort }: ReachOptions): Promise<number> {
  return fixedPort === true && port !== undefined ? port : freePort(port)
}

/** Somebody else was faster, took the port, or is not quite gone: worth another try. */
function isConflict(lastWords: string): boolean {
  return /lock file|shared memory|in use|TCP\/IP sockets/.test(lastWords)
}
