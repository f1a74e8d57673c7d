import { access, chmod, chown, mkdir, stat } from 'node:fs/promises'
import { isRoot } from './user.ts'

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** A folder of root's that others can enter, whatever the umask says. */
export async function makeEnterable(path: string): Promise<void> {
  const created = await mkdir(path, { recursive: true })
  if (created !== undefined) await chmod(path, 0o755)
}

/** A start as root in another user's data folder must not lock that user out of it. */
export async function giveToOwner(file: string, dataDir: string): Promise<void> {
  if (!isRoot()) return
  const { uid, gid } = await stat(dataDir)
  await chown(file, uid, gid)
}
