import { run, type User } from './program.ts'

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whom root lends the server to, since PostgreSQL refuses to run as root. */
export async function chooseServerUser(): Promise<User> {
  const found = (await findUser('postgres')) ?? (await findUser('posthorn'))
  if (found !== undefined) return found
  await createUser('posthorn')
  const user = (await findUser('posthorn')) ?? (await findUser('nobody'))
  if (user === undefined) throw new Error('this system has no user other than root')
  return user
}

/** Looked up by the system's own tool, which also knows users of a directory service. */
export async function findUser(name: string): Promise<User | undefined> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, name])))
  if (uid?.code !== 0 || gid?.code !== 0) return undefined
  // macOS prints 4294967294 for the -2 of nobody; a system call takes either, Node only the signed one.
  return { name, uid: Number(uid.stdout) | 0, gid: Number(gid.stdout) | 0 }
}

const CREATE_USER: [command: string, ...args: string[]][] = [
  ['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/false'],
  ['adduser', '-S', '-D', '-H', '-h', '/nonexistent', '-s', '/bin/false'],
]

/** May fail, for instance on a read-only system; the caller looks whether the user exists now. */
async function createUser(name: string): Promise<void> {
  for (const [command, ...args] of CREATE_USER) {
    const finished = await run(command, [...args, name]).catch(() => undefined)
    if (finished?.code === 0) return
  }
}
