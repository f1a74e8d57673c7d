import { access, chmod, mkdir } from 'node:fs/promises'

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
