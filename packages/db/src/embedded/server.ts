import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { giveToOwner } from '../private-file.ts'
import { codeOf, EmbeddedPostgresError } from './error.ts'
import { findPostmaster, removeStalePidFile } from './postmaster.ts'
import { run, spawnOptions, type User } from './program.ts'

export interface Cluster {
  clusterDir: string
  binDir: string
  logFile: string
  user?: User
}

export interface Spawned {
  pid: number
  /** Set once the process has ended: what it said last. */
  lastWords?: string
}

const LOG_LIMIT_BYTES = 1_000_000

/** Starts the server and returns at once; whether it comes up shows in its postmaster.pid. */
export async function spawnServer(cluster: Cluster, port: number): Promise<Spawned> {
  const { clusterDir, binDir, logFile, user } = cluster
  await removeStalePidFile(clusterDir)
  await rotateLog(logFile)
  const log = await open(logFile, 'a', 0o600)
  await giveToOwner(logFile)
  try {
    const { size } = await log.stat()
    const args = ['-D', clusterDir, '-p', String(port), '--listen_addresses=127.0.0.1', '--unix_socket_directories=']
    // Detached, so that a terminal's Ctrl-C does not reach it before we have drained; a file instead of a pipe,
    // so that it can outlive us.
    const options = { ...spawnOptions(user), detached: true, stdio: ['ignore' as const, log.fd, log.fd] }
    const child = spawn(join(binDir, 'postgres'), args, options)
    await once(child, 'spawn')
    child.unref()
    const spawned: Spawned = { pid: child.pid ?? 0 }
    child.once('exit', () => {
      lastLogLine(logFile, size).then(
        (line) => (spawned.lastWords = line),
        () => (spawned.lastWords = `see ${logFile}`),
      )
    })
    return spawned
  } catch (error) {
    throw startFailed(codeOf(error) ?? String(error), { cause: error })
  } finally {
    await log.close()
  }
}

export function startFailed(reason: string, options?: ErrorOptions): EmbeddedPostgresError {
  const message = `The embedded PostgreSQL did not start (${reason}): set DATABASE_URL to use another server, or POSTHORN_DATA_DIR to begin in another folder.`
  return new EmbeddedPostgresError('DATABASE_URL', message, options)
}

async function lastLogLine(logFile: string, from: number): Promise<string> {
  const lines = (await readFile(logFile))
    .subarray(from)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
  const line = lines.findLast((text) => /\b(FATAL|PANIC):/.test(text)) ?? lines.findLast((text) => text !== '')
  return line ?? `nothing in ${logFile}`
}

async function rotateLog(logFile: string): Promise<void> {
  const size = await stat(logFile).then(
    (stats) => stats.size,
    () => 0,
  )
  if (size > LOG_LIMIT_BYTES) await rename(logFile, `${logFile}.old`)
}

/** Rolls back what runs, and falls back to a shutdown that the next start recovers from. */
export async function stopServer(cluster: Pick<Cluster, 'clusterDir' | 'binDir' | 'user'>): Promise<void> {
  const { clusterDir, binDir, user } = cluster
  const stop = (mode: string, seconds: number) =>
    run(join(binDir, 'pg_ctl'), ['stop', '-D', clusterDir, '-m', mode, '-w', '-t', String(seconds)], { user })
  if ((await stop('fast', 20)).code === 0) return
  const { code, stderr } = await stop('immediate', 10)
  if (code === 0 || (await findPostmaster(clusterDir)) === undefined) return
  throw new Error(`The embedded PostgreSQL did not stop: ${stderr.trim()}`)
}

/** The preferred port where it is free, or else any. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer().listen(preferred, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (preferred === 0) throw error
    return freePort()
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
