import { chown, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { codeOf, EmbeddedPostgresError } from './error.ts'
import { exists } from './files.ts'
import { isRunning } from './postmaster.ts'
import { run, type User } from './program.ts'

export interface NewCluster {
  clusterDir: string
  binaries: Binaries
  user?: User
  settings: Record<string, string>
  /** Run by the superuser `postgres`, one statement each. */
  statements: string[]
  /** For a cluster that need not outlive a crash of the machine. */
  unsafe?: boolean
}

/**
 * Creates the cluster under another name and renames it when it is whole, so that a kill at any moment
 * leaves either all of it or nothing, and of two creators one wins.
 */
export async function initialise(cluster: NewCluster): Promise<void> {
  const { clusterDir, user } = cluster
  const parent = dirname(clusterDir)
  await sweepDrafts(parent)
  const draft = await mkdtemp(join(parent, `postgres.draft-${process.pid}-`))
  try {
    if (user !== undefined) await chown(draft, user.uid, user.gid)
    await initdb(draft, cluster)
    await singleUser(draft, cluster, cluster.statements)
    await rename(draft, clusterDir)
    await syncFolder(parent)
  } catch (error) {
    if (!(await exists(join(clusterDir, 'PG_VERSION')))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

// Only password log-ins over TCP: there is no socket in the file system, and the superuser has no password.
const HOST_BASED_AUTHENTICATION = 'host all all 127.0.0.1/32 scram-sha-256\n'

async function initdb(dir: string, { binaries, user, settings, unsafe }: NewCluster): Promise<void> {
  const args = ['--no-instructions', `--pgdata=${dir}`, '--username=postgres', '--auth=reject', '--encoding=UTF8']
  // The same order and the same lower case on every system, whatever locales it has.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8')
  if (unsafe === true) args.push('--no-sync', '--no-data-checksums')
  args.push(...Object.entries(settings).map(([name, value]) => `--set=${name}=${value}`))
  const { code, stderr } = await runBinary(binaries, 'initdb', { args, user })
  if (code !== 0) throw failed('create its database', stderr)
  const hba = join(dir, 'pg_hba.conf')
  await writeFile(hba, HOST_BASED_AUTHENTICATION, { mode: 0o600 })
  if (user !== undefined) await chown(hba, user.uid, user.gid)
}

/** Runs statements as the superuser without a server; the cluster must not be running. */
export async function singleUser(
  dir: string,
  { binaries, user, unsafe }: Pick<NewCluster, 'binaries' | 'user' | 'unsafe'>,
  statements: string[],
): Promise<void> {
  const args = ['--single', '-D', dir, '-c', 'log_min_error_statement=panic', '-c', 'log_checkpoints=off']
  if (unsafe === true) args.push('-F')
  const input = statements.map((statement) => `${statement}\n`).join('')
  const { code, stderr } = await runBinary(binaries, 'postgres', { args: [...args, 'postgres'], user, input })
  // The exit code does not tell of a refused statement.
  if (code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(stderr)) throw failed('prepare its database', stderr)
}

async function runBinary(
  { binDir }: Binaries,
  name: string,
  { args, ...options }: { args: string[]; user?: User; input?: string },
) {
  return run(join(binDir, name), args, options).catch((error: unknown) => {
    const message = `The embedded PostgreSQL does not run on this system (${codeOf(error) ?? String(error)} for ${binDir}): set DATABASE_URL to a PostgreSQL 18 server of your own.`
    throw new EmbeddedPostgresError('DATABASE_URL', message, { cause: error })
  })
}

function failed(what: string, output: string): EmbeddedPostgresError {
  const lines = output.split('\n').map((line) => line.trim())
  const line = lines.findLast((text) => /\b(error|fatal|panic):/i.test(text)) ?? lines.findLast((text) => text !== '')
  const message = `The embedded PostgreSQL could not ${what} (${line ?? 'it said nothing'}): set DATABASE_URL to use another server.`
  return new EmbeddedPostgresError('DATABASE_URL', message)
}

/** Drafts of creators that were killed. */
async function sweepDrafts(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const creator = /^postgres\.draft-(\d+)-/.exec(name)?.[1]
    if (creator !== undefined && !isRunning(Number(creator))) {
      // A creator's initdb may still be writing: then the next start removes it.
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: 5 }).catch(() => {})
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder.
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync()
  await folder?.close()
}

/** The PostgreSQL that wrote the cluster; undefined when there is none yet. */
export async function readMajor(clusterDir: string): Promise<number | undefined> {
  const text = await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch((error) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : Number.parseInt(text, 10)
}
