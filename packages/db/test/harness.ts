import { execFile, spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest'
import { EmbeddedPostgresError } from '../src/embedded/error.ts'
import { findPostmaster } from '../src/embedded/postmaster.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../src/embedded/start.ts'

const execute = promisify(execFile)

/** What the tests of the embedded PostgreSQL share: folders, processes, and that nothing is left of either. */
export interface Harness {
  base: string
  systemDir: string
  newDataDir: (parent?: string) => string
  /** A copy of a data folder that a first start has filled, for tests that a first start says nothing more to. */
  usedDataDir: () => Promise<string>
  start: (dataDir: string) => Promise<EmbeddedPostgres>
  spawnStarter: (dataDir: string, uid?: number) => ChildProcessByStdio<Writable, Readable, null>
  startProcess: (dataDir: string, uid?: number) => Promise<Starter>
}

export interface Starter {
  child: ChildProcess
  answer: { connectionString: string; started: boolean; error?: { setting: string; message: string } }
}

export function useHarness(): Harness {
  let made = 0
  let original: Promise<string> | undefined
  const harness: Harness = {
    base: '',
    systemDir: '',
    newDataDir(parent = harness.base) {
      const dataDir = join(parent, `data ${(made += 1)}`)
      onTestFinished(() => endServer(join(dataDir, 'postgres')))
      return dataDir
    },
    async usedDataDir() {
      original ??= fillDataDir(harness)
      const dataDir = harness.newDataDir()
      // Node would give the copies to the user of this process.
      await execute('cp', ['-a', await original, dataDir])
      return dataDir
    },
    async start(dataDir) {
      const server = await startEmbeddedPostgres({ dataDir, systemDir: harness.systemDir })
      onTestFinished(() => server.stop())
      return server
    },
    spawnStarter(dataDir, uid) {
      const args = [
        join(import.meta.dirname, 'starter.ts'),
        JSON.stringify({ dataDir, systemDir: harness.systemDir, uid }),
      ]
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
      onTestFinished(() => void child.kill('SIGKILL'))
      return child
    },
    async startProcess(dataDir, uid) {
      const child = harness.spawnStarter(dataDir, uid)
      const [line] = await once(createInterface(child.stdout), 'line')
      return { child, answer: JSON.parse(line) }
    },
  }
  beforeAll(async () => {
    harness.base = await mkdtemp(join(tmpdir(), 'posthorn mit Ümläuten '))
    harness.systemDir = join(harness.base, 'system')
    await chmod(harness.base, 0o755)
  })
  afterAll(() => rm(harness.base, { recursive: true, force: true }))
  return harness
}

async function fillDataDir({ base, systemDir }: Harness): Promise<string> {
  const { stop, dataDir } = await startEmbeddedPostgres({ dataDir: join(base, 'original'), systemDir })
  await stop()
  return dataDir
}

async function endServer(clusterDir: string): Promise<void> {
  const server = await findPostmaster(clusterDir)
  if (server !== undefined) process.kill(server.pid, 'SIGQUIT')
  await vi.waitFor(async () => expect(await findPostmaster(clusterDir)).toBeUndefined(), 10_000)
}

/** Kills the whole process group, as a terminal does with its signals. */
export async function killGroup(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  await exited
}

export async function endStarter(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.stdin?.end()
  await exited
}

export async function query(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connectionString)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

export async function refusal(promise: Promise<unknown>): Promise<EmbeddedPostgresError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof EmbeddedPostgresError) return error
  throw new Error('It was not refused.', { cause: error })
}
