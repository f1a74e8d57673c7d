import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Connection } from '@posthorn/db'
import { connectionStringOf } from '@posthorn/db/embedded/membership'
import { findPostmaster, type Postmaster } from '@posthorn/db/embedded/postmaster'
import { readState } from '@posthorn/db/embedded/state'
import { onTestFinished } from 'vitest'
import { runStandalone, type RunOptions, type StandaloneProcess } from './process.ts'

/** A folder that the user of PostgreSQL can enter. */
export async function makeFolder(name = 'posthorn start '): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name))
  await chmod(folder, 0o755)
  return folder
}

/** A folder that is gone with the test. */
export async function emptyFolder(name?: string): Promise<string> {
  const folder = await makeFolder(name)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A standalone that is stopped at the latest with the test. */
export function start(options: RunOptions): StandaloneProcess {
  const standalone = runStandalone(options)
  onTestFinished(async () => {
    standalone.child.kill('SIGTERM')
    await standalone.exited
  })
  return standalone
}

/** The PostgreSQL that a standalone has started in its data folder. */
export async function postmasterOf(dataDir: string): Promise<Postmaster> {
  const postmaster = await findPostmaster(join(dataDir, 'postgres'))
  if (postmaster === undefined) throw new Error(`No PostgreSQL runs in ${dataDir}.`)
  return postmaster
}

/** A look behind the scenes. */
export async function openDatabase(dataDir: string): Promise<Connection> {
  const [{ port }, state] = await Promise.all([postmasterOf(dataDir), readState(dataDir)])
  return connect(connectionStringOf({ port, password: state?.password ?? '' }), { poolSize: 2 })
}
