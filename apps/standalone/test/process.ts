import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { COMPILE_CACHE } from '@posthorn/testkit/compile-cache'

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')

/** A standalone in a process of its own, as `pnpm start` runs it. */
export interface StandaloneProcess {
  child: ChildProcess
  /** Everything it has printed so far. */
  output(): string
  /** Resolves with what it greeted with, or rejects with what it printed before it ended. */
  greeted: Promise<Greeted>
  /** Resolves with its exit code, or the signal's name. */
  exited: Promise<number | string>
}

export interface Greeted {
  url: string
  secretKey: string
  publicKey: string
  curl: string
}

export interface RunOptions {
  dataDir: string
  env?: Record<string, string>
  uid?: number
  args?: string[]
  /** The one command of a shell that starts it; left out, its main file. */
  command?: string
}

export function runStandalone({ dataDir, env = {}, uid, args: given = [], command }: RunOptions): StandaloneProcess {
  // With a shell in between, a signal would end the shell alone.
  const [program, args] =
    command === undefined ? [process.execPath, [MAIN, ...given]] : ['sh', ['-c', `exec env ${command}`]]
  const child = spawn(program, args, {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      PORT: '0',
      INBOX_SMTP_PORT: '0',
      LOG_LEVEL: 'warn',
      POSTHORN_DATA_DIR: dataDir,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
  let printed = ''
  const { promise: greeted, resolve, reject } = Promise.withResolvers<Greeted>()
  // Most tests of a failing start never look at it.
  greeted.catch(() => {})
  const read = (chunk: Buffer) => {
    printed += chunk.toString()
    if (printed.includes('Stop with Ctrl-C.')) resolve(parseGreeting(printed))
  }
  child.stdout.on('data', read)
  child.stderr.on('data', read)
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  void exited.then(() => reject(new Error(`It ended before it greeted:\n${printed}`)))
  return { child, output: () => printed, greeted, exited }
}

function parseGreeting(text: string): Greeted {
  const find = (pattern: RegExp) => pattern.exec(text)?.[1] ?? ''
  return {
    url: find(/runs at (\S+)/),
    secretKey: find(/(sk_ph_\w+)/),
    publicKey: find(/(pk_ph_\w+)/),
    curl: find(/^ {2}(curl .*\/v1\/send.*)$/m),
  }
}

/** One call with the secret key; rejects unless the answer is a success. */
export async function call<Answer>({ url, secretKey }: Greeted, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Answer // Safe because each caller names what it reads, and fails where it is not there.
}
