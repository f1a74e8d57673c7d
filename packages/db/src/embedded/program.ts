import { spawn, type SpawnOptions } from 'node:child_process'
import { parse } from 'node:path'

export interface User {
  name: string
  uid: number
  gid: number
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * What every program of ours is started with. PostgreSQL reads PGPORT, PGDATA and more from its environment,
 * so nothing is inherited; and another user may be unable to enter the current folder.
 */
export function spawnOptions(user: User | undefined): SpawnOptions {
  return {
    cwd: parse(process.cwd()).root,
    env: { LC_ALL: 'C', PATH: SYSTEM_PATH },
    windowsHide: true,
    ...(user && { uid: user.uid, gid: user.gid }),
  }
}

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program to its end. Rejects only when it cannot be started at all. */
export function run(command: string, args: string[], options: { user?: User; input?: string } = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...spawnOptions(options.user), stdio: 'pipe' })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => (output[name] += chunk))
    }
    // A program that ends before it has read its input is judged by its exit code.
    child.stdin?.on('error', () => {}).end(options.input ?? '')
    child.once('error', reject).once('close', (code) => resolve({ code, ...output }))
  })
}
