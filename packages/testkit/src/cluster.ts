import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBinaries, reachableBinaries } from '@posthorn/db/embedded/binaries'
import { canWriteIn } from '@posthorn/db/embedded/home'
import { initialise } from '@posthorn/db/embedded/initialise'
import { keepServer } from '@posthorn/db/embedded/keep'
import { findPostmaster, isRunning } from '@posthorn/db/embedded/postmaster'
import { spawnOptions, type User } from '@posthorn/db/embedded/program'
import { chooseServerUser, isRoot } from '@posthorn/db/embedded/user'
import { migrateToLatest } from '@posthorn/db/migrate'
import pg from 'pg'

export const TEMPLATE = 'posthorn_template'

export interface TestCluster {
  /** As the product's own role, which may create databases here, but is no superuser. */
  connectionString: string
  /** As the superuser. */
  adminConnectionString: string
  stop: () => Promise<void>
}

/** Data that nobody needs after the run: nothing waits for a disk. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
  shared_buffers: '128MB',
  checkpoint_timeout: '1h',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  // The posix kind leaves its segments behind when the run is killed.
  dynamic_shared_memory_type: 'mmap',
  io_method: 'sync',
  jit: 'off',
  max_logical_replication_workers: '0',
  timezone: 'UTC',
  log_checkpoints: 'off',
}

/** One PostgreSQL for a whole run of tests, with a migrated template to clone databases from. */
export async function startTestCluster(): Promise<TestCluster> {
  const user = isRoot() ? await chooseServerUser() : undefined
  const folder = await makeFolder(user)
  const release = removeWhenWeDie(folder)
  try {
    const { binaries } = await reachableBinaries(await findBinaries(), { user, systemDir: folder })
    const clusterDir = join(folder, 'postgres')
    const password = randomBytes(12).toString('hex')
    const statements = [
      `alter role postgres password '${password}'`,
      `create role posthorn login createdb password '${password}'`,
      `create database ${TEMPLATE} owner posthorn`,
    ]
    await initialise({ clusterDir, binaries, user, settings: SETTINGS, statements, unsafe: true })
    const cluster = { clusterDir, binDir: binaries.binDir, logFile: join(folder, 'postgres.log'), user }
    const { port, stop } = await keepServer({ cluster, password, log: () => {} })
    const url = (role: string, database: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${database}`
    await migrateToLatest(url('posthorn', TEMPLATE))
    await sealTemplate(url('postgres', 'postgres'))
    return {
      connectionString: url('posthorn', 'postgres'),
      adminConnectionString: url('postgres', 'postgres'),
      async stop() {
        await stop()
        await rm(folder, { recursive: true, force: true })
        release()
      },
    }
  } catch (error) {
    await removeCluster(folder)
    release()
    throw error
  }
}

/** Nobody can connect to it any more, which would keep it from being cloned, and all of it is in its files. */
async function sealTemplate(adminConnectionString: string): Promise<void> {
  const client = new pg.Client(adminConnectionString)
  await client.connect()
  try {
    await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`)
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

const FOLDER = /^posthorn-test-(\d+)-/
const ROOM_BYTES = 1024 ** 3

/** In memory where there is room, which makes cloning several times faster and keeps it so. */
async function makeFolder(user: User | undefined): Promise<string> {
  for (const base of ['/dev/shm', tmpdir(), '/tmp', '/var/tmp']) {
    const room = await statfs(base).catch(() => undefined)
    if (room === undefined || room.bavail * room.bsize < ROOM_BYTES) continue
    await sweep(base)
    const folder = await mkdtemp(join(base, `posthorn-test-${process.pid}-`)).catch(() => undefined)
    if (folder === undefined) continue
    await chmod(folder, 0o755)
    if (user === undefined || (await canWriteIn(folder, user))) return folder
    await rm(folder, { recursive: true })
  }
  throw new Error('No folder has 1 GB of room for the PostgreSQL of the tests.')
}

const CLEAN_UP = `
  cat
  kill -QUIT "$(head -n 1 "$1/postgres/postmaster.pid")"
  for i in 1 2 3 4 5 6 7 8 9 10; do test -e "$1/postgres/postmaster.pid" && sleep 0.2; done
  rm -rf "$1"`

/** A shell that waits for the end of its input, which comes with the end of this process, by whatever signal. */
function removeWhenWeDie(folder: string): () => void {
  if (process.platform === 'win32') return () => {}
  const options = {
    ...spawnOptions(undefined),
    detached: true,
    stdio: ['pipe' as const, 'ignore' as const, 'ignore' as const],
  }
  const shell = spawn('/bin/sh', ['-c', CLEAN_UP, 'sh', folder], options)
  shell.unref()
  if (shell.stdin instanceof Socket) shell.stdin.unref()
  return () => void shell.kill()
}

/** Ends and removes what older runs have left where that did not help, as after a reset of the machine. */
async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const runner = FOLDER.exec(name)?.[1]
    if (runner === undefined || isRunning(Number(runner))) continue
    // Another user's leftovers are theirs to remove.
    await removeCluster(join(base, name)).catch(() => {})
  }
}

async function removeCluster(folder: string): Promise<void> {
  const clusterDir = join(folder, 'postgres')
  const server = await findPostmaster(clusterDir)
  if (server !== undefined) process.kill(server.pid, 'SIGQUIT')
  for (let tries = 0; tries < 200 && (await findPostmaster(clusterDir)) !== undefined; tries += 1) await sleep(25)
  await rm(folder, { recursive: true, force: true })
}
