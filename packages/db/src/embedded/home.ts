import { randomBytes } from 'node:crypto'
import { chown, mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { EmbeddedPostgresError } from './error.ts'
import { exists, makeEnterable } from './files.ts'
import { run, type User } from './program.ts'
import { createState, readState, type State } from './state.ts'
import { chooseServerUser, isRoot } from './user.ts'

/** A data folder, and where its database is. */
export interface Home {
  dataDir: string
  clusterDir: string
  logFile: string
  /** Whom the server runs as; undefined means as ourselves. */
  user?: User
  state: State
  /** The database is older than the state, and so knows another password. */
  passwordIsLost: boolean
  notes: string[]
}

export async function openHome(options: { dataDir: string; systemDir: string }): Promise<Home> {
  const dataDir = await writableFolder(options.dataDir)
  const known = await readState(dataDir)
  const passwordIsLost = known === undefined && (await exists(join(clusterOf(dataDir, known), 'PG_VERSION')))
  const user = isRoot() ? await serverUser(dataDir, clusterOf(dataDir, known)) : undefined
  const notes =
    user === undefined ? [] : [`PostgreSQL runs as the user ${user.name}, because it refuses to run as root.`]
  const state =
    known ?? (await createState(dataDir, await newState({ dataDir, user, systemDir: options.systemDir, notes })))
  if (state.relocatedTo !== undefined) {
    notes.push(`The database is in ${state.relocatedTo}, because that user cannot reach ${dataDir}.`)
  }
  const clusterDir = clusterOf(dataDir, state)
  if (known?.relocatedTo !== undefined) await requireDatabase(dataDir, known.relocatedTo)
  if (user !== undefined) await requireAccess(clusterDir, user)
  return {
    dataDir,
    clusterDir,
    logFile: join(dataDir, 'postgres.log'),
    user,
    state,
    passwordIsLost,
    notes,
  }
}

export function clusterOf(dataDir: string, state: State | undefined): string {
  return state?.relocatedTo ?? join(dataDir, 'postgres')
}

async function writableFolder(dataDir: string): Promise<string> {
  const path = resolve(dataDir)
  await mkdir(path, { recursive: true })
  await rm(await mkdtemp(join(path, '.write-')), { recursive: true })
  return realpath(path)
}

/** Whom the database belongs to, or else the data folder, or else whom root chooses. */
async function serverUser(dataDir: string, clusterDir: string): Promise<User> {
  const existing = await stat(clusterDir).catch(() => undefined)
  const { uid, gid } = existing ?? (await stat(dataDir))
  const { code, stdout } = await run('id', ['-un', String(uid)])
  // PostgreSQL makes a new database only for a user that the system knows by name.
  if (uid !== 0 && (code === 0 || existing !== undefined)) return { name: stdout.trim() || String(uid), uid, gid }
  const user = await chooseServerUser()
  // Somebody copied or restored it as root.
  if (existing !== undefined) await run('chown', ['-R', `${user.uid}:${user.gid}`, clusterDir])
  return user
}

async function newState(options: {
  dataDir: string
  user: User | undefined
  systemDir: string
  notes: string[]
}): Promise<State> {
  const { dataDir, user, systemDir, notes } = options
  const password = randomBytes(24).toString('base64url')
  if (user === undefined || (await exists(clusterOf(dataDir, undefined))) || (await canWriteIn(dataDir, user))) {
    return { password }
  }
  // Random, so that a data folder that was deleted does not come back with its old database.
  const prefix = `${basename(dirname(dataDir)) || 'root'}-`
  const relocatedTo = join(systemDir, `${prefix}${randomBytes(4).toString('hex')}`, 'postgres')
  const older = (await readdir(systemDir).catch(() => [])).filter((name) => name.startsWith(prefix))
  if (older.length > 0) notes.push(`Older databases, perhaps unused, are in ${systemDir}: ${older.join(', ')}.`)
  await makeRoom(dataDir, [systemDir, dirname(relocatedTo)])
  return { password, relocatedTo }
}

/** Asked of the system by doing it as that user, since modes alone do not tell. */
export async function canWriteIn(dataDir: string, user: User): Promise<boolean> {
  const probe = await mkdtemp(join(dataDir, 'postgres.probe-'))
  try {
    await chown(probe, user.uid, user.gid)
    const { code } = await run('/bin/sh', ['-c', 'test -w "$1" && test -x "$1"', 'sh', probe], { user })
    return code === 0
  } catch {
    return false
  } finally {
    await rm(probe, { recursive: true, force: true })
  }
}

async function makeRoom(dataDir: string, folders: string[]): Promise<void> {
  try {
    for (const folder of folders) await makeEnterable(folder)
  } catch (error) {
    throw new EmbeddedPostgresError(
      'POSTHORN_DATA_DIR',
      `PostgreSQL refuses to run as root, no other user can reach ${dataDir}, and ${folders.at(-1)} cannot be made instead: set POSTHORN_DATA_DIR to a folder that every user can enter.`,
      { cause: error },
    )
  }
}

async function requireDatabase(dataDir: string, relocatedTo: string): Promise<void> {
  if (await exists(dirname(relocatedTo))) return
  throw new EmbeddedPostgresError(
    'POSTHORN_DATA_DIR',
    `The database of the data folder ${dataDir} was kept in ${relocatedTo}, which is gone: put it back, or set POSTHORN_DATA_DIR to a new folder to begin with an empty one.`,
  )
}

async function requireAccess(clusterDir: string, user: User): Promise<void> {
  if (!(await exists(join(clusterDir, 'PG_VERSION')))) return
  const { code } = await run('/bin/sh', ['-c', 'test -r "$1"', 'sh', join(clusterDir, 'PG_VERSION')], { user })
  if (code === 0) return
  throw new EmbeddedPostgresError(
    'POSTHORN_DATA_DIR',
    `PostgreSQL refuses to run as root, and the user ${user.name} cannot reach its database in ${clusterDir}: let every user enter the folders above it, or set POSTHORN_DATA_DIR to another folder.`,
  )
}
