import { resolve } from 'node:path'
import { findBinaries, reachableBinaries, type Binaries } from './binaries.ts'
import { EmbeddedPostgresError, isRefusedByFolder, unwritable } from './error.ts'
import { openHome, type Home } from './home.ts'
import { initialise, readMajor, singleUser } from './initialise.ts'
import { keepServer } from './keep.ts'
import { connectionStringOf } from './membership.ts'
import { findPostmaster, removeStalePidFile } from './postmaster.ts'
import { SETTINGS } from './settings.ts'
import { writeState } from './state.ts'

export interface EmbeddedPostgres {
  connectionString: string
  /** False when it was running already and was only joined. */
  started: boolean
  dataDir: string
  /** Where the database itself is. */
  clusterDir: string
  binDir: string
  /** Sentences that an operator should read, such as where data went. */
  notes: string[]
  /** Gives the server up. It ends when no other process uses it, whoever started it. */
  stop: () => Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** POSTHORN_DATA_DIR, absolute or relative. */
  dataDir: string
  log?: (line: string) => void
  /** Where root puts what the server's user cannot reach elsewhere. */
  systemDir?: string
}

/** Joins the data folder's PostgreSQL or starts it, and keeps it running until `stop`. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await start(options)
  } catch (error) {
    throw isRefusedByFolder(error) ? unwritable(resolve(options.dataDir), error) : error
  }
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { systemDir = '/var/lib/posthorn', log = () => {} } = options
  const home = await openHome({ dataDir: options.dataDir, systemDir })
  const { dataDir, clusterDir, logFile, user, state, notes } = home
  const found = await findBinaries()
  const { binaries, copied } = await reachableBinaries(found, { user, systemDir })
  if (copied) notes.push(`Its programs run from ${binaries.root}, because that user cannot reach ${found.root}.`)
  await prepare(home, binaries)

  const cluster = { clusterDir, binDir: binaries.binDir, logFile, user }
  const { port, started, stop } = await keepServer({ cluster, password: state.password, port: state.port, log })
  if (started && port !== state.port) await writeState(dataDir, { ...state, port })
  if (!started) notes.push('PostgreSQL was running already and was joined.')
  const connectionString = connectionStringOf({ port, password: state.password })
  return { connectionString, started, dataDir, clusterDir, binDir: binaries.binDir, notes, stop }
}

async function prepare(home: Home, binaries: Binaries): Promise<void> {
  const { dataDir, clusterDir, user, state, passwordIsLost } = home
  const major = await readMajor(clusterDir)
  // A password of ours is URL-safe base64, so it needs no quoting.
  const password = `password '${state.password}'`
  if (major === undefined) {
    const statements = [`create role posthorn login ${password}`, 'create database posthorn owner posthorn']
    return initialise({ clusterDir, binaries, user, settings: SETTINGS, statements })
  }
  if (major !== binaries.major) {
    throw new EmbeddedPostgresError(
      'POSTHORN_DATA_DIR',
      `The data folder ${dataDir} holds a database of PostgreSQL ${major}, and this is PostgreSQL ${binaries.major}: set POSTHORN_DATA_DIR to a new folder and restore a dump of the old one there, or set DATABASE_URL to a PostgreSQL ${major} that serves it.`,
    )
  }
  if (!passwordIsLost) return
  if ((await findPostmaster(clusterDir)) !== undefined) {
    throw new EmbeddedPostgresError(
      'POSTHORN_DATA_DIR',
      `A PostgreSQL runs in ${clusterDir}, but the file with its password is gone: stop it, or set POSTHORN_DATA_DIR to another folder.`,
    )
  }
  await removeStalePidFile(clusterDir)
  await singleUser(clusterDir, { binaries, user }, [`alter role posthorn ${password}`])
}
